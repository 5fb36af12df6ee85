// RUN: %tritc-opt %s --lut-lower-to-loops --split-input-file --verify-diagnostics

module attributes {lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  func.func @rejects_tensors(%x: tensor<?x20xf32>) -> tensor<?x20xf32> {
    // expected-error @+1 {{failed to legalize operation 'bitnet.glu'}}
    %y = bitnet.glu <relu2> %x, %x : tensor<?x20xf32>
    return %y : tensor<?x20xf32>
  }
}

// -----

module attributes {lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  func.func @rejects_columns_that_are_apart(%x: memref<?x20xf32, strided<[40, 2]>>) {
    // expected-error @+1 {{failed to legalize operation 'bitnet.add'}}
    %y = bitnet.add %x, %x into %x : memref<?x20xf32, strided<[40, 2]>>, memref<?x20xf32, strided<[40, 2]>>
    return
  }
}

// -----

module attributes {lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  func.func @rejects_rows_of_any_width(%x: memref<?x?xf32>) {
    // expected-error @+1 {{expected rows of a known width}}
    %y = bitnet.add %x, %x into %x : memref<?x?xf32>, memref<?x?xf32>
    return
  }
}

// -----

// expected-error @+1 {{expected the attribute lut.target}}
module {
  func.func @rejects_a_module_without_a_target(%x: memref<?x20xf32>) {
    %y = bitnet.add %x, %x into %x : memref<?x20xf32>, memref<?x20xf32>
    return
  }
}

// -----

module attributes {lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  // expected-note @+1 {{declared here}}
  bitnet.weight @norm : tensor<20xf32> from ["norm"] {lut.layout = #lut.layout<offset = 64, stride = 128>}
  func.func @rejects_a_parameter_without_a_section() -> memref<20xf32> {
    // expected-error @+1 {{expected type 'tensor<20xf32>', found 'memref<20xf32>'}}
    %w = bitnet.parameter @norm : memref<20xf32>
    return %w : memref<20xf32>
  }
}

// -----

module attributes {lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @table : !bitnet.scaled<9x64xi8> from ["table"] {lut.layout = #lut.layout<offset = 64, stride = 1280>}
  func.func @rejects_a_table_without_a_section(%x: memref<?x64xf32>, %first: index) -> memref<?x9xf32> {
    // expected-error @+1 {{expected a section of weights}}
    %w = bitnet.parameter @table : !bitnet.scaled<9x64xi8>
    %y = bitnet.head %x, %w from %first : memref<?x64xf32>, !bitnet.scaled<9x64xi8> -> memref<?x9xf32>
    return %y : memref<?x9xf32>
  }
}

// -----

module attributes {lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  func.func @rejects_a_table_from_elsewhere(%x: memref<?x64xf32>, %w: !bitnet.scaled<9x64xi8>, %first: index) -> memref<?x9xf32> {
    // expected-error @+1 {{expected a parameter for its weight}}
    %y = bitnet.head %x, %w from %first : memref<?x64xf32>, !bitnet.scaled<9x64xi8> -> memref<?x9xf32>
    return %y : memref<?x9xf32>
  }
}

// -----

module attributes {lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  func.func @rejects_attention_without_a_cache(%x: memref<?x20xf32>, %places: memref<?x3xi32>, %i: index) -> memref<?x20xf32> {
    // expected-error @+1 {{expected a cache}}
    %y = bitnet.attention %x, %x, %x at %places layer %i heads 2 over 2 : memref<?x20xf32>, memref<?x20xf32>, memref<?x20xf32>, memref<?x3xi32> -> memref<?x20xf32>
    return %y : memref<?x20xf32>
  }
}

// -----

module attributes {lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  func.func @rejects_other_blocks_of_keys(%x: memref<?x20xf32>, %places: memref<?x3xi32>, %i: index, %cache: memref<2x1x2x2x32x10xf16>) -> memref<?x20xf32> {
    // expected-error @+1 {{expected a cache of pages of 64 keys as wide as 10, found 'memref<2x1x2x2x32x10xf16>'}}
    %y = bitnet.attention %x, %x, %x at %places layer %i in %cache heads 2 over 2 : memref<?x20xf32>, memref<?x20xf32>, memref<?x20xf32>, memref<?x3xi32>, memref<2x1x2x2x32x10xf16> -> memref<?x20xf32>
    return %y : memref<?x20xf32>
  }
}
