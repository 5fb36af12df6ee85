// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  bitnet.weight @w : !bitnet.ternary<16x16> from ["w"] {lut.layout = #lut.layout<offset = 576, stride = 320, packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>>}

  // CHECK: %[[PACKED:.*]] = memref.view %{{.*}} to memref<1x256xi8>
  // A token's activations are summed once: codes are weights plus one.
  // CHECK: vector.reduction <add>
  // CHECK: memref.store %{{.*}} : memref<8xi32>
  // The packed bytes are what dot products take: no table, no copy.
  // CHECK: scf.forall
  // CHECK-NOT: lut.lookup
  // CHECK-NOT: memref.alloca
  // CHECK: vector.load %[[PACKED]][%{{.*}}] : memref<1x256xi8>, vector<64xi8>
  // CHECK: lut.dot {{.*}} : vector<16xi32>, vector<64xi8>, vector<4xi8>
  // CHECK: arith.sitofp %{{.*}} : vector<16xi32> to vector<16xf32>
  func.func @f(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %q, %s = bitnet.quantize %x : tensor<?x16xf32> -> tensor<?x16xi8>, tensor<?xf32>
    %w = bitnet.parameter @w : !bitnet.ternary<16x16>
    %y = lut.matmul %q, %s, %w packed <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4> by <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4> : tensor<?x16xi8>, tensor<?xf32>, !bitnet.ternary<16x16> -> tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
