// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 8192 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 512>} {
  bitnet.weight @table : !bitnet.blocked<9x512xi6> from ["t"] {lut.layout = #lut.layout<offset = 0, stride = 4480>}

  func.func @f(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    // A row is one of the two of its tile.
    // CHECK: memref.view {{.*}} to memref<5x896xi8>
    // CHECK: %[[ID:.*]] = arith.index_cast
    // CHECK: %[[TILE:.*]] = arith.divui %[[ID]]
    // CHECK: arith.remui %[[ID]]
    // CHECK: scf.for
    // CHECK-COUNT-3: vector.load %{{.*}}[%[[TILE]], %{{.*}}] : {{.*}}, vector<64xi8>
    // Step, scales, and the powers of two of the fields.
    // CHECK: arith.extf {{.*}} : vector<1xf16> to vector<1xf32>
    // CHECK: vector.load {{.*}}, vector<16xi8>
    // CHECK: dense<[1.000000e+00, 1.562500e-02, 2.44140625E-4, 3.81469727E-6, 5.96046448E-8,
    // CHECK: dense<-3.200000e+01>
    // CHECK: vector.extract %{{.*}}[0]
    // CHECK: %[[MASK:.*]] = arith.constant dense<63> : vector<16xi32>
    // CHECK: arith.andi %{{.*}}, %[[MASK]]
    // CHECK: arith.sitofp
    // CHECK: arith.mulf {{.*}} fastmath<contract>
    // CHECK: arith.addf {{.*}} fastmath<contract>
    %rows = bitnet.parameter @table : !bitnet.blocked<9x512xi6>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, !bitnet.blocked<9x512xi6> -> tensor<?x512xf32>
    // CHECK: scf.forall (%[[TILE:.*]]) in (5)
    // Factors of all blocks and rows of a tile, before its tokens.
    // CHECK-COUNT-2: memref.alloca() {alignment = 64 : i64} : memref<2x2x16xf32>
    // CHECK-COUNT-4: vector.store
    // CHECK: %[[FIRST:.*]] = arith.minui %arg7, %arg6
    // CHECK: scf.for %[[T:.*]] = %[[FIRST]] to %arg6
    // CHECK: scf.for {{.*}} iter_args
    // A block is 6 lines and a half.
    // CHECK-COUNT-7: memref.prefetch %{{.*}}[%[[TILE]],
    // CHECK-COUNT-32: math.fma
    // The last row first: rows beyond the vocabulary are overwritten.
    // CHECK-NOT: math.fma
    // CHECK: arith.constant 1 : index
    // CHECK-COUNT-2: memref.store
    %logits = bitnet.head %x, %rows from %first : tensor<?x512xf32>, !bitnet.blocked<9x512xi6> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
