// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50, sign = complement>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  bitnet.weight @w : !bitnet.ternary<16x16> from ["w"] {lut.layout = #lut.layout<offset = 576, stride = 384, packing = <signed_nibble, rows = 64>>}

  // CHECK: %[[TABLES:.*]] = memref.alloc() : memref<1x288xi8>
  // Rounded down, not to the nearest: s = 27 h + l + 14.
  // CHECK: arith.constant dense<1214> : vector<16xi32>
  // CHECK: arith.constant dense<607> : vector<16xi32>
  // CHECK: arith.constant dense<27> : vector<16xi32>
  // CHECK: arith.constant dense<14> : vector<16xi32>
  // CHECK: vector.store %{{.*}}, %[[TABLES]]
  // The 14 of all eight groups is added once.
  // CHECK: scf.forall (%{{.*}}) in (1)
  // CHECK: arith.constant dense<112> : vector<16xi32>
  // CHECK: lut.lookup %{{.*}}[%{{.*}}] signed %{{.*}} {complement}
  func.func @f(%ids: tensor<1xi32>, %places: tensor<1x2xi32>, %first: index) -> tensor<1x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<1xi32>, tensor<9x16xf32> -> tensor<1x16xf32>
    %q, %s = bitnet.quantize %x : tensor<1x16xf32> -> tensor<1x16xi8>, tensor<1xf32>
    %t = lut.table %q for <signed_nibble, rows = 64> {complement} : tensor<1x16xi8> -> tensor<1x256xi8>
    %w = bitnet.parameter @w : !bitnet.ternary<16x16>
    %y = lut.matvec %t, %s, %w packed <signed_nibble, rows = 64> {complement} : tensor<1x256xi8>, tensor<1xf32>, !bitnet.ternary<16x16> -> tensor<1x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<1x16xf32>, tensor<9x16xf32> -> tensor<1x9xf32>
    return %logits : tensor<1x9xf32>
  }
}
