// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <index_words, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  bitnet.weight @w : !bitnet.ternary<16x16> from ["w"] {lut.layout = #lut.layout<offset = 576, stride = 704, packing = <index_words, rows = 64>>}

  // CHECK: %[[TABLES:.*]] = memref.alloc() : memref<1x1056xi8>
  // A table: the sums of all 27 patterns, then five zeros.
  // CHECK: arith.constant dense<[-1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0]> : vector<32xi16>
  // CHECK: %[[SUMS:.*]] = vector.bitcast %{{.*}} : vector<32xi16> to vector<64xi8>
  // CHECK: vector.store %[[SUMS]], %[[TABLES]]
  // CHECK: %[[PACKED:.*]] = memref.view %{{.*}} to memref<1x640xi8>
  // CHECK: scf.forall (%{{.*}}) in (1)
  // CHECK: %[[TABLE_BYTES:.*]] = vector.load %[[TABLES]]{{.*}} vector<64xi8>
  // CHECK: %[[TABLE:.*]] = vector.bitcast %[[TABLE_BYTES]] : vector<64xi8> to vector<32xi16>
  // CHECK: %[[WORD_BYTES:.*]] = vector.load %[[PACKED]]{{.*}} vector<64xi8>
  // CHECK: %[[WORD:.*]] = vector.bitcast %[[WORD_BYTES]] : vector<64xi8> to vector<32xi16>
  // CHECK: %[[AT:.*]] = arith.andi %[[WORD]]
  // Both vectors of rows look up in the table that was loaded once.
  // CHECK-COUNT-2: lut.lookup %[[TABLE]][%{{.*}}] : vector<32xi16>, vector<32xi16> -> vector<32xi16>
  // CHECK-NOT: lut.lookup %[[TABLE]]
  // CHECK: arith.extsi %{{.*}} : vector<16xi16> to vector<16xi32>
  func.func @f(%ids: tensor<1xi32>, %places: tensor<1x2xi32>, %first: index) -> tensor<1x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<1xi32>, tensor<9x16xf32> -> tensor<1x16xf32>
    %q, %s = bitnet.quantize %x : tensor<1x16xf32> -> tensor<1x16xi8>, tensor<1xf32>
    %t = lut.table %q for <index_words, rows = 64> : tensor<1x16xi8> -> tensor<1x1024xi8>
    %w = bitnet.parameter @w : !bitnet.ternary<16x16>
    %y = lut.matvec %t, %s, %w packed <index_words, rows = 64> : tensor<1x1024xi8>, tensor<1xf32>, !bitnet.ternary<16x16> -> tensor<1x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<1x16xf32>, tensor<9x16xf32> -> tensor<1x9xf32>
    return %logits : tensor<1x9xf32>
  }
}
