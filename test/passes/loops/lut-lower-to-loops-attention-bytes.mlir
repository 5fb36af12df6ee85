// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}

  // CHECK-LABEL: func @keys_and_values_are_bytes_with_a_step
  // CHECK-SAME: %[[CACHE:[^ ]*]]: memref<1x2x1x2x64x20xi8>
  // CHECK: arith.trunci %{{.*}} : vector<16xi32> to vector<16xi8>
  // CHECK: %[[STEP:.*]] = vector.bitcast %{{.*}} : vector<1xf32> to vector<4xi8>
  // CHECK: vector.store %[[STEP]], %[[CACHE]]
  // CHECK: {mapping = [#lut.share<rows>]}
  // A score is scaled by the key's step, a weight by the value's.
  // CHECK: arith.sitofp
  // CHECK: vector.bitcast %{{.*}} : vector<4xi8> to vector<1xf32>
  // CHECK: memref.store
  // CHECK: vector.bitcast %{{.*}} : vector<4xi8> to vector<1xf32>
  // CHECK: memref.store
  func.func @keys_and_values_are_bytes_with_a_step(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x20xi8>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %layer = arith.constant 1 : index
    %y = bitnet.attention %x, %x, %x at %places layer %layer heads 1 over 1 : tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x2xi32> -> tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
