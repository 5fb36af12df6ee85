// RUN: %tritc-opt %s --lut-lower-to-loops | FileCheck %s

#target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>
!rows = memref<?x20xf32, strided<[?, 1], offset: ?>>

module attributes {lut.target = #target} {
  // CHECK-LABEL: func @nothing_is_traced_into_null
  // CHECK-SAME: %[[TRACE:[^ ]*]]: memref<3x8x20xf32>, %[[SLOT:[^ ]*]]: index
  func.func @nothing_is_traced_into_null(%x: !rows, %trace: memref<3x8x20xf32>, %slot: index) {
    // CHECK: %[[ADDRESS:.*]] = memref.extract_aligned_pointer_as_index %[[TRACE]]
    // CHECK: %[[WANTED:.*]] = arith.cmpi ne, %[[ADDRESS]]
    // CHECK: scf.if %[[WANTED]]
    // CHECK: vector.store %{{.*}}, %[[TRACE]][%[[SLOT]],
    bitnet.trace %x to %trace[%slot] : !rows, memref<3x8x20xf32>
    return
  }
}
