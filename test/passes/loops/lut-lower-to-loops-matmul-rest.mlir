// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

// Six tokens at a time; what is left by four, by two and one.
module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 112, token_tile = 4, load_columns = 4>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  bitnet.weight @w : !bitnet.ternary<16x16> from ["w"] {lut.layout = #lut.layout<offset = 576, stride = 320, packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>>}

  // CHECK: func @f({{.*}} %{{.*}}: memref<8x9xf32>, %{{[^ ]*}}: memref<3x8x1xf32>, %[[COUNT:[^ ]*]]: index, %{{.*}}: index)
  // CHECK: scf.forall
  // CHECK: arith.divui %[[COUNT]], %{{.*}} : index
  // CHECK: scf.for %{{.*}} = %{{.*}} to %[[AT6:[^ ]*]] step
  // CHECK: %[[REST4:.*]] = arith.subi %[[COUNT]], %[[AT6]] : index
  // CHECK: scf.for %{{.*}} = %[[AT6]] to %[[AT4:[^ ]*]] step
  // CHECK: %[[REST2:.*]] = arith.subi %[[COUNT]], %[[AT4]] : index
  // CHECK: scf.for %{{.*}} = %[[AT4]] to %[[AT2:[^ ]*]] step
  // CHECK: scf.for %{{.*}} = %[[AT2]] to %[[COUNT]] step
  func.func @f(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %q, %s = bitnet.quantize %x : tensor<?x16xf32> -> tensor<?x16xi8>, tensor<?xf32>
    %w = bitnet.parameter @w : !bitnet.ternary<16x16>
    %y = lut.matmul %q, %s, %w packed <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4> by <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 112, token_tile = 4, load_columns = 4> : tensor<?x16xi8>, tensor<?xf32>, !bitnet.ternary<16x16> -> tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
