// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops --split-input-file --verify-diagnostics

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  func.func @rejects_another_number_of_layers(%ids: tensor<?xi32>, %places: tensor<?x5xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<3x1x2x200x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %layer = arith.constant 1 : index
    // expected-error @+1 {{expected a number for each of 3 layers, found 2}}
    %window = bitnet.by_layer %layer of [24, 200] : index
    %y = bitnet.attention %x, %x, %x at %places layer %layer window %window heads 1 over 1 : tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x5xi32> -> tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}

// -----

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  func.func @rejects_a_window_of_nothing(%ids: tensor<?xi32>, %places: tensor<?x5xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<3x1x2x200x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %layer = arith.constant 1 : index
    %window = bitnet.by_layer %layer of [24, 0, 24] : index
    // expected-error @+1 {{expected windows of at least 1 token, found 0}}
    %y = bitnet.attention %x, %x, %x at %places layer %layer window %window heads 1 over 1 : tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x5xi32> -> tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}

// -----

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  func.func @rejects_an_unknown_window(%ids: tensor<?xi32>, %places: tensor<?x5xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<3x1x2x200x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %layer = arith.constant 1 : index
    // expected-error @+1 {{expected a window of bitnet.by_layer or a constant}}
    %y = bitnet.attention %x, %x, %x at %places layer %layer window %first heads 1 over 1 : tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x5xi32> -> tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}

// -----

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  bitnet.weight @ropes : tensor<200x2x8xf32> x 2 init [#bitnet.rope_table<theta = 1.0e6>, #bitnet.rope_table<theta = 1.0e4>] {lut.layout = #lut.layout<offset = 640, stride = 12800>}
  func.func @rejects_a_third_of_two_tables(%ids: tensor<?xi32>, %places: tensor<?x5xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<3x1x2x200x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %layer = arith.constant 1 : index
    %kind = bitnet.by_layer %layer of [0, 1, 2] : index
    // expected-error @+1 {{expected one of 2 parameters, found number 2}}
    %table = bitnet.parameter @ropes[%kind] : tensor<200x2x8xf32>
    %y = bitnet.rope %x, %table at %places : tensor<?x16xf32>, tensor<200x2x8xf32>, tensor<?x5xi32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
