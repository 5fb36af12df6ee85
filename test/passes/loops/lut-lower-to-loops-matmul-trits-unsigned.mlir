// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <trit_bytes, rows = 20, dot_rows = 4, dot_columns = 4>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 4, tokens = 1, columns = 4, row_tile = 16, token_tile = 6, load_columns = 16 of unsigned codes>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  bitnet.weight @w : !bitnet.ternary<16x16> from ["w"] {lut.layout = #lut.layout<offset = 576, stride = 128, packing = <trit_bytes, rows = 20, dot_rows = 4, dot_columns = 4>>}

  // The byte plus 128, and that times 3, 9, 27, 81 and 243, modulo 256.
  // CHECK: scf.forall
  // CHECK: %[[SUMS:.*]]:6 = scf.for
  // CHECK: %[[BYTES:.*]] = vector.load %{{.*}} : memref<1x64xi8>, vector<16xi8>
  // CHECK: %[[BIASED:.*]] = arith.xori %[[BYTES]]
  // CHECK: %[[TIMES_3:.*]] = arith.muli %[[BIASED]]
  // CHECK: lut.dot %{{.*}}, %[[BIASED]], %[[X:.*]] of unsigned codes : vector<4xi32>, vector<16xi8>, vector<4xi8>
  // CHECK: lut.dot %{{.*}}, %[[TIMES_3]], %[[X]] of unsigned codes
  // A row's sum is (3 u(0) - u(1)) / 256, less the sum of the activations.
  // CHECK: %[[START:.*]] = vector.broadcast %{{.*}} : i32 to vector<4xi32>
  // CHECK: %[[EXACT:.*]] = arith.shrsi
  // CHECK: arith.addi %[[EXACT]], %[[START]]
  func.func @f(%ids: tensor<1xi32>, %places: tensor<1x2xi32>, %first: index) -> tensor<1x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<1xi32>, tensor<9x16xf32> -> tensor<1x16xf32>
    %q, %s = bitnet.quantize %x : tensor<1x16xf32> -> tensor<1x16xi8>, tensor<1xf32>
    %w = bitnet.parameter @w : !bitnet.ternary<16x16>
    %y = lut.matmul %q, %s, %w packed <trit_bytes, rows = 20, dot_rows = 4, dot_columns = 4> by <sum_bits = 32, rows = 4, tokens = 1, columns = 4, row_tile = 16, token_tile = 6, load_columns = 16 of unsigned codes> : tensor<1x16xi8>, tensor<1xf32>, !bitnet.ternary<16x16> -> tensor<1x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<1x16xf32>, tensor<9x16xf32> -> tensor<1x9xf32>
    return %logits : tensor<1x9xf32>
  }
}
