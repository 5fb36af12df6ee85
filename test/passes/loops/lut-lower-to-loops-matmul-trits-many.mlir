// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <trit_bytes, rows = 20, dot_rows = 4, dot_columns = 4>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 4, tokens = 1, columns = 4, row_tile = 16, token_tile = 6, load_columns = 16 of unsigned codes>, prefill_tokens = 40, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  bitnet.weight @w : !bitnet.ternary<16x16> from ["w"] {lut.layout = #lut.layout<offset = 576, stride = 128, packing = <trit_bytes, rows = 20, dot_rows = 4, dot_columns = 4>>}

  // 32 tokens or more pay for unpacking a tile, 20 rows at once.
  // CHECK: scf.forall
  // CHECK: %[[ARE_MANY:.*]] = arith.cmpi uge, %arg6, %c32
  // CHECK: scf.if %[[ARE_MANY]] {
  // CHECK: %[[CODES:.*]] = memref.alloca() {{.*}} : memref<60x80xi8>
  // CHECK: %[[TILE_SUMS:.*]] = memref.alloca() {{.*}} : memref<40x20xi32>
  // No register is wider than what divides the tile.
  // CHECK: vector.store %{{.*}}, %[[TILE_SUMS]][%{{.*}}, %c16{{.*}}] : memref<40x20xi32>, vector<4xi32>
  // CHECK: arith.cmpi uge, %{{.*}} : vector<16xi8>
  // CHECK: vector.store %{{.*}}, %[[CODES]]
  // CHECK: %{{.*}}:20 = scf.for
  // CHECK-NOT: of unsigned codes
  // Sums of four registers, then that of the fifth.
  // CHECK: vector.store %{{.*}} : memref<40x20xi32>, vector<16xi32>
  // CHECK: vector.store %{{.*}} : memref<40x20xi32>, vector<4xi32>
  // Fewer multiply the bytes as they are.
  // CHECK: } else {
  // CHECK: lut.dot {{.*}} of unsigned codes
  func.func @f(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %q, %s = bitnet.quantize %x : tensor<?x16xf32> -> tensor<?x16xi8>, tensor<?xf32>
    %w = bitnet.parameter @w : !bitnet.ternary<16x16>
    %y = lut.matmul %q, %s, %w packed <trit_bytes, rows = 20, dot_rows = 4, dot_columns = 4> by <sum_bits = 32, rows = 4, tokens = 1, columns = 4, row_tile = 16, token_tile = 6, load_columns = 16 of unsigned codes> : tensor<?x16xi8>, tensor<?xf32>, !bitnet.ternary<16x16> -> tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
