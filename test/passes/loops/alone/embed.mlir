// RUN: %tritc-opt %s --lut-lower-to-loops | FileCheck %s

#target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>
!rows = memref<?x20xf32, strided<[?, 1], offset: ?>>

module attributes {lut.target = #target} {
  // CHECK-LABEL: func @ids_choose_rows
  // CHECK-SAME: %[[IDS:[^ ]*]]: memref<?xi32>, %[[TABLE:[^ ]*]]: memref<9x20xbf16>
  func.func @ids_choose_rows(%ids: memref<?xi32>, %table: memref<9x20xbf16>) -> !rows {
    // CHECK: scf.forall (%[[T:.*]]) in
    // CHECK: memref.load %[[IDS]][%[[T]]]
    // CHECK: vector.load %[[TABLE]]
    %r = bitnet.embed %ids, %table : memref<?xi32>, memref<9x20xbf16> -> !rows
    return %r : !rows
  }
}
