// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4 of unsigned codes>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  bitnet.weight @w : !bitnet.ternary<16x16> from ["w"] {lut.layout = #lut.layout<offset = 576, stride = 320, packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>>}

  // CHECK: %[[PACKED:.*]] = memref.view %{{.*}} to memref<1x256xi8>
  // CHECK: %[[SUM:.*]] = vector.reduction <add>
  // Codes where they stand are unsigned anyway; the signed byte plus 128 is.
  // CHECK: %[[SUMS:.*]]:4 = scf.for
  // CHECK: %[[BYTES:.*]] = vector.load %[[PACKED]][%{{.*}}] : memref<1x256xi8>, vector<64xi8>
  // CHECK: %[[BIAS:.*]] = arith.constant dense<-128> : vector<64xi8>
  // CHECK: %[[BIASED:.*]] = arith.xori %[[BYTES]], %[[BIAS]]
  // CHECK: lut.dot %{{.*}}, %[[BIASED]], %{{.*}} of unsigned codes : vector<16xi32>, vector<64xi8>, vector<4xi8>
  // 128 is two of the last weight: twice the sum of the activations too much.
  // CHECK: %[[START:.*]] = vector.broadcast %[[SUM]] : i32 to vector<16xi32>
  // CHECK: %[[SIX:.*]] = arith.constant dense<6> : vector<16xi32>
  // CHECK: %[[LAST:.*]] = arith.shrsi %{{.*}}, %[[SIX]]
  // CHECK: %[[ONCE:.*]] = arith.addi %[[LAST]], %[[START]]
  // CHECK: arith.addi %[[ONCE]], %[[START]]
  func.func @f(%ids: tensor<1xi32>, %places: tensor<1x2xi32>, %first: index) -> tensor<1x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<1xi32>, tensor<9x16xf32> -> tensor<1x16xf32>
    %q, %s = bitnet.quantize %x : tensor<1x16xf32> -> tensor<1x16xi8>, tensor<1xf32>
    %w = bitnet.parameter @w : !bitnet.ternary<16x16>
    %y = lut.matmul %q, %s, %w packed <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4> by <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4 of unsigned codes> : tensor<1x16xi8>, tensor<1xf32>, !bitnet.ternary<16x16> -> tensor<1x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<1x16xf32>, tensor<9x16xf32> -> tensor<1x9xf32>
    return %logits : tensor<1x9xf32>
  }
}
