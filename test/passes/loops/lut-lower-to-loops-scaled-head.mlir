// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 512>} {
  bitnet.weight @table : tensor<9x24xbf16> from ["t"] {lut.layout = #lut.layout<offset = 0, stride = 448>}
  bitnet.weight @head : !bitnet.scaled<9x24xi8> from ["t"] {lut.layout = #lut.layout<offset = 448, stride = 960>}

  func.func @f(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @table : tensor<9x24xbf16>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x24xbf16> -> tensor<?x24xf32>
    // CHECK: %[[TILES:.*]] = memref.view {{.*}} to memref<3x320xi8>
    %head = bitnet.parameter @head : !bitnet.scaled<9x24xi8>
    // Activations of 16 bits, as many as 24 columns leave room for.
    // CHECK: arith.constant 3.276700e+04 : f32
    // CHECK: arith.trunci %{{.*}} : vector<16xi32> to vector<16xi16>
    // CHECK: scf.forall (%[[TILE:.*]]) in (3)
    // CHECK: %[[FIRST:.*]] = arith.minui %arg7, %arg6
    // CHECK: scf.for %[[T:.*]] = %[[FIRST]] to %arg6
    // CHECK: scf.for {{.*}} iter_args
    // The processor follows one stream by itself.
    // CHECK-NOT: memref.prefetch
    // CHECK: vector.load %[[TILES]][%[[TILE]],
    // Sums of four rows, each by the even and the odd products.
    // CHECK-COUNT-8: arith.muli %{{.*}} : vector<32xi32>
    // The last row first: rows beyond the vocabulary are overwritten.
    // CHECK: vector.extract %{{.*}}[3] : f32 from vector<4xf32>
    // CHECK: vector.extract %{{.*}}[0] : f32 from vector<4xf32>
    %logits = bitnet.head %x, %head from %first : tensor<?x24xf32>, !bitnet.scaled<9x24xi8> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
