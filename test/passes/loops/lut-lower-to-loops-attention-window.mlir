// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}

  // CHECK-LABEL: func @prompt_begins_at_the_block_of_the_window
  // CHECK: %[[NUMBER:.*]] = memref.load %{{.*}} : memref<3xi64>
  // CHECK: %[[WINDOW:.*]] = arith.index_cast %[[NUMBER]]
  // CHECK: scf.forall
  // CHECK: lut.mark "windowed_attention"
  // CHECK: {mapping = [#lut.share<rows>]}
  // CHECK: scf.forall
  // The first key that a token sees; its block is the first.
  // CHECK: %[[POSITION:.*]] = arith.index_cast
  // CHECK: %[[END:.*]] = arith.addi %[[POSITION]]
  // CHECK: %[[LAST:.*]] = arith.divui
  // CHECK: %[[BEFORE:.*]] = arith.subi %[[END]], %[[WINDOW]]
  // CHECK: %[[FIRST:.*]] = arith.maxsi %[[BEFORE]]
  // CHECK: %[[BLOCK:.*]] = arith.divui %[[FIRST]]
  // CHECK: scf.for %[[NUMBER:.*]] = %[[BLOCK]] to %[[LAST]] step
  // Within a block, keys before the first are left out; their vector is filled
  // up with scores of nothing.
  // CHECK: %[[AT:.*]] = arith.muli %[[NUMBER]]
  // CHECK: %[[BEYOND:.*]] = arith.subi %[[FIRST]], %[[AT]]
  // CHECK: %[[KEY:.*]] = arith.maxsi %[[BEYOND]]
  // CHECK: scf.for %{{.*}} = %[[KEY]] to %{{.*}} step
  // CHECK: %[[VECTORS:.*]] = arith.divui %[[KEY]]
  // CHECK: %[[DOWN:.*]] = arith.muli %[[VECTORS]]
  // CHECK: scf.for %{{.*}} = %[[DOWN]] to %[[KEY]] step
  // CHECK: memref.store
  func.func @prompt_begins_at_the_block_of_the_window(%ids: tensor<?xi32>, %places: tensor<?x5xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<3x1x2x200x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %layer = arith.constant 1 : index
    %window = bitnet.by_layer %layer of [24, 200, 24] : index
    %y = bitnet.attention %x, %x, %x at %places layer %layer window %window heads 1 over 1 : tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x5xi32> -> tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }

  // CHECK-LABEL: func @one_token_takes_the_blocks_of_the_window
  // CHECK: {mapping = [#lut.share<rows>]}
  // CHECK: %[[UP:.*]] = arith.addi %{{.*}}, %c63
  // CHECK: %[[LAST:.*]] = arith.divui %[[UP]]
  // CHECK: %[[FIRST:.*]] = arith.maxsi
  // CHECK: %[[BLOCK:.*]] = arith.divui %[[FIRST]]
  // CHECK: %[[BLOCKS:.*]] = arith.subi %[[LAST]], %[[BLOCK]]
  // CHECK: scf.forall (%{{.*}}) in (%[[BLOCKS]])
  // CHECK: %[[REST:.*]] = arith.remui
  // CHECK: arith.addi %[[REST]], %[[BLOCK]]
  // Combined from the first of them on.
  // CHECK: scf.forall (%{{.*}}) in (1)
  // CHECK: scf.for %{{.*}} = %[[BLOCK]] to %[[LAST]] step
  func.func @one_token_takes_the_blocks_of_the_window(%ids: tensor<1xi32>, %places: tensor<1x5xi32>, %first: index) -> tensor<1x9xf32> attributes {bitnet.kv_cache = tensor<3x1x2x200x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<1xi32>, tensor<9x16xf32> -> tensor<1x16xf32>
    %layer = arith.constant 1 : index
    %window = bitnet.by_layer %layer of [24, 200, 24] : index
    %y = bitnet.attention %x, %x, %x at %places layer %layer window %window heads 1 over 1 : tensor<1x16xf32>, tensor<1x16xf32>, tensor<1x16xf32>, tensor<1x5xi32> -> tensor<1x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<1x16xf32>, tensor<9x16xf32> -> tensor<1x9xf32>
    return %logits : tensor<1x9xf32>
  }
}
