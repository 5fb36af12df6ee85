// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops --split-input-file --verify-diagnostics

// expected-error @+1 {{expected the attributes lut.target and lut.image_bytes}}
module @rejects_a_module_without_target {}

// -----

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  // expected-error @+1 {{expected (ids tensor, places tensor, index) -> logits tensor}}
  func.func @rejects_another_signature(%first: index) {
    return
  }
}

// -----

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  // expected-error @+1 {{expected the attribute bitnet.kv_cache}}
  func.func @rejects_a_missing_cache(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %logits = bitnet.head %x, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}

// -----

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  func.func @rejects_other_results(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x16xf32> attributes {bitnet.kv_cache = tensor<1x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    // expected-error @+1 {{expected the result of bitnet.head or bitnet.unit, or of bitnet.rms_norm}}
    return %x : tensor<?x16xf32>
  }
}

// -----

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  func.func @rejects_an_unknown_operation(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<1x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    // expected-error @+1 {{has no lowering to loops}}
    %y = arith.mulf %x, %x : tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
