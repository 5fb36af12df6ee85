// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 64>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}

  // CHECK-LABEL: func @one_token_splits_into_blocks_of_keys
  // CHECK-SAME: %[[CACHE:[^ ]*]]: memref<4x2x1x2x64x16xf16>, %{{[^ ]*}}: memref<1xi32>, %[[PLACES:[^ ]*]]: memref<1x5xi32>
  // Up to four blocks of 64 keys, each with its sum of values.
  // CHECK: %[[PARTS:.*]] = memref.alloc() : memref<1x4x16xf32>
  // CHECK: memref.load %[[PLACES]]
  // CHECK: %[[NUMBER:.*]] = memref.load %[[PLACES]]
  // CHECK: %[[BLOCK:.*]] = arith.index_cast %[[NUMBER]]
  // CHECK: %[[KEY:.*]] = arith.remui
  // CHECK: vector.store %{{.*}}, %[[CACHE]][%[[BLOCK]], %{{.*}}, %{{.*}}, %{{.*}}, %[[KEY]], %{{.*}}]
  // CHECK: {mapping = [#lut.share<rows>]}
  // CHECK: %[[BLOCKS:.*]] = arith.divui
  // CHECK: scf.forall (%{{.*}}) in (%[[BLOCKS]])
  // CHECK: memref.prefetch %[[CACHE]]
  // CHECK: vector.store %{{.*}}, %[[PARTS]]
  // Blocks are combined in their order.
  // CHECK: scf.forall (%{{.*}}) in (1)
  // CHECK: scf.for %{{.*}} to %[[BLOCKS]] step %{{.*}} iter_args({{.*}}) -> (f32, f32)
  // CHECK: vector.load %[[PARTS]]
  // CHECK: arith.divf
  func.func @one_token_splits_into_blocks_of_keys(%ids: tensor<1xi32>, %places: tensor<1x5xi32>, %first: index) -> tensor<1x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x200x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<1xi32>, tensor<9x16xf32> -> tensor<1x16xf32>
    %layer = arith.constant 1 : index
    %y = bitnet.attention %x, %x, %x at %places layer %layer heads 1 over 1 : tensor<1x16xf32>, tensor<1x16xf32>, tensor<1x16xf32>, tensor<1x5xi32> -> tensor<1x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<1x16xf32>, tensor<9x16xf32> -> tensor<1x9xf32>
    return %logits : tensor<1x9xf32>
  }
}
