// RUN: %tritc-opt %s --tritc-phase-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 1, load_columns = 2>, prefill_tokens = 1, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}

  // One thread alone runs a loop of one iteration, and all wait for it.
  // CHECK-LABEL: func @decode
  // CHECK-SAME: %[[THREAD:[^ ]*]]: index, %[[THREADS:[^ ]*]]: index, %[[BARRIER:[^ ]*]]: !llvm.ptr)
  // CHECK: %[[LOWER:.*]] = arith.divui %[[THREAD]], %[[THREADS]]
  // CHECK: scf.for %{{.*}} = %[[LOWER]] to
  // CHECK: vector.store
  // CHECK: call @tritc_barrier(%[[BARRIER]])
  func.func @decode(%ids: tensor<1xi32>, %places: tensor<1x2xi32>, %first: index) -> tensor<1x9xf32> attributes {bitnet.kv_cache = tensor<1x1x2x4x8xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<1xi32>, tensor<9x16xf32> -> tensor<1x16xf32>
    %logits = bitnet.head %x, %rows from %first : tensor<1x16xf32>, tensor<9x16xf32> -> tensor<1x9xf32>
    return %logits : tensor<1x9xf32>
  }
}
