// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <trit_bytes, rows = 20, dot_rows = 4, dot_columns = 4>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 4, tokens = 1, columns = 4, row_tile = 16, token_tile = 6, load_columns = 16>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  bitnet.weight @w : !bitnet.ternary<16x16> from ["w"] {lut.layout = #lut.layout<offset = 576, stride = 128, packing = <trit_bytes, rows = 20, dot_rows = 4, dot_columns = 4>>}

  // CHECK: %[[PACKED:.*]] = memref.view %{{.*}} to memref<1x64xi8>
  // The byte times 1, 3, 9, 27, 81 and 243, as signed bytes.
  // CHECK: scf.forall
  // CHECK: %[[SUMS:.*]]:6 = scf.for
  // CHECK: %[[BYTES:.*]] = vector.load %[[PACKED]][%{{.*}}] : memref<1x64xi8>, vector<16xi8>
  // CHECK: %[[THREE:.*]] = arith.constant dense<3> : vector<16xi8>
  // CHECK: %[[TIMES_3:.*]] = arith.muli %[[BYTES]], %[[THREE]]
  // CHECK: arith.constant dense<-13> : vector<16xi8>
  // CHECK: lut.dot %{{.*}}, %[[BYTES]], %[[X:.*]] of signed codes : vector<4xi32>, vector<16xi8>, vector<4xi8>
  // CHECK: lut.dot %{{.*}}, %[[TIMES_3]], %[[X]] of signed codes
  // A row's sum is (3 q(0) - q(1)) / 256.
  // CHECK: %[[TRIPLE:.*]] = arith.muli %[[SUMS]]#0, %{{.*}} : vector<4xi32>
  // CHECK: %[[SCALED:.*]] = arith.subi %[[TRIPLE]], %[[SUMS]]#1
  // CHECK: %[[EIGHT:.*]] = arith.constant dense<8> : vector<4xi32>
  // CHECK: %[[EXACT:.*]] = arith.shrsi %[[SCALED]], %[[EIGHT]]
  // CHECK: arith.sitofp %[[EXACT]] : vector<4xi32> to vector<4xf32>
  func.func @f(%ids: tensor<1xi32>, %places: tensor<1x2xi32>, %first: index) -> tensor<1x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<1xi32>, tensor<9x16xf32> -> tensor<1x16xf32>
    %q, %s = bitnet.quantize %x : tensor<1x16xf32> -> tensor<1x16xi8>, tensor<1xf32>
    %w = bitnet.parameter @w : !bitnet.ternary<16x16>
    %y = lut.matmul %q, %s, %w packed <trit_bytes, rows = 20, dot_rows = 4, dot_columns = 4> by <sum_bits = 32, rows = 4, tokens = 1, columns = 4, row_tile = 16, token_tile = 6, load_columns = 16> : tensor<1x16xi8>, tensor<1xf32>, !bitnet.ternary<16x16> -> tensor<1x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<1x16xf32>, tensor<9x16xf32> -> tensor<1x9xf32>
    return %logits : tensor<1x9xf32>
  }
}
