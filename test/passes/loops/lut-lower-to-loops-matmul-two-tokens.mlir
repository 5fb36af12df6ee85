// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 2, tokens = 2, columns = 8, row_tile = 8, token_tile = 4, load_columns = 16>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  bitnet.weight @w : !bitnet.ternary<16x16> from ["w"] {lut.layout = #lut.layout<offset = 576, stride = 384, packing = <signed_nibble, rows = 64>>}

  // CHECK: func @f({{.*}} %{{.*}}: memref<8x9xf32>, %{{[^ ]*}}: memref<3x8x1xf32>, %[[COUNT:[^ ]*]]: index, %{{.*}}: index)
  // CHECK: %[[CODES:.*]] = memref.alloca() {{.*}} : memref<30x512xi8>
  // Eight columns of a row stand side by side.
  // CHECK: vector.interleave {{.*}} : vector<32xi16> -> vector<64xi16>
  // CHECK: vector.interleave {{.*}} : vector<32xi32> -> vector<64xi32>
  // CHECK: vector.store %{{.*}}, %[[CODES]]
  // Two tokens of eight columns are multiplied by two rows.
  // CHECK: %[[X0:.*]] = vector.extract_strided_slice {{.*}} to vector<8xi8>
  // CHECK: %[[X1:.*]] = vector.extract_strided_slice {{.*}} to vector<8xi8>
  // CHECK: %[[X:.*]] = vector.shuffle %[[X0]], %[[X1]]
  // CHECK: lut.dot %{{.*}}, %{{.*}}, %[[X]] {tokens = 2 : i64} : vector<4xi32>, vector<16xi8>, vector<16xi8>
  // A last token is multiplied by itself twice, its sums stored once.
  // CHECK: scf.for %[[T:[^ ]*]] = %{{[^ ]*}} to %[[COUNT]] step
  // CHECK: %[[LAST:.*]] = vector.load %{{.*}}[%[[T]], %{{.*}}] : memref<8x48xi8>, vector<16xi8>
  // CHECK: %[[LOW0:.*]] = vector.extract_strided_slice %[[LAST]]
  // CHECK: %[[LOW1:.*]] = vector.extract_strided_slice %[[LAST]]
  // CHECK: vector.shuffle %[[LOW0]], %[[LOW1]]
  func.func @f(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %q, %s = bitnet.quantize %x : tensor<?x16xf32> -> tensor<?x16xi8>, tensor<?xf32>
    %w = bitnet.parameter @w : !bitnet.ternary<16x16>
    %y = lut.matmul %q, %s, %w packed <signed_nibble, rows = 64> by <sum_bits = 32, rows = 2, tokens = 2, columns = 8, row_tile = 8, token_tile = 4, load_columns = 16> : tensor<?x16xi8>, tensor<?xf32>, !bitnet.ternary<16x16> -> tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
