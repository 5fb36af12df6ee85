// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4 of small codes>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  bitnet.weight @w : !bitnet.ternary<16x16> from ["w"] {lut.layout = #lut.layout<offset = 576, stride = 320, packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>>}

  // CHECK: %[[SUM:.*]] = vector.reduction <add>
  // The fourth code stands too high: it is made unsigned and moved down by two.
  // CHECK: %[[SUMS:.*]]:4 = scf.for
  // CHECK: %[[BYTES:.*]] = vector.load %{{.*}} : memref<1x256xi8>, vector<64xi8>
  // CHECK: %[[BIASED:.*]] = arith.xori %[[BYTES]]
  // CHECK: %[[WORDS:.*]] = vector.bitcast %[[BIASED]] : vector<64xi8> to vector<32xi16>
  // CHECK: %[[MOVED:.*]] = arith.shrui %[[WORDS]]
  // CHECK: vector.bitcast %[[MOVED]] : vector<32xi16> to vector<64xi8>
  // CHECK: %[[MASK:.*]] = arith.constant dense<48> : vector<64xi8>
  // CHECK: %[[LAST:.*]] = arith.andi %{{.*}}, %[[MASK]]
  // CHECK-NOT: of signed codes
  // CHECK: lut.dot %{{.*}}, %[[LAST]], %{{.*}} : vector<16xi32>, vector<64xi8>, vector<4xi8>
  // Its sum stands alone.
  // CHECK: arith.shrsi %[[SUMS]]#3
  func.func @f(%ids: tensor<1xi32>, %places: tensor<1x2xi32>, %first: index) -> tensor<1x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<1xi32>, tensor<9x16xf32> -> tensor<1x16xf32>
    %q, %s = bitnet.quantize %x : tensor<1x16xf32> -> tensor<1x16xi8>, tensor<1xf32>
    %w = bitnet.parameter @w : !bitnet.ternary<16x16>
    %y = lut.matmul %q, %s, %w packed <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4> by <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4 of small codes> : tensor<1x16xi8>, tensor<1xf32>, !bitnet.ternary<16x16> -> tensor<1x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<1x16xf32>, tensor<9x16xf32> -> tensor<1x9xf32>
    return %logits : tensor<1x9xf32>
  }
}
