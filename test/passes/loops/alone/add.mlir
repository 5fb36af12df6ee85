// RUN: %tritc-opt %s --lut-lower-to-loops | FileCheck %s

#target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>
!rows = memref<?x20xf32, strided<[?, 1], offset: ?>>

module attributes {lut.target = #target} {
  // CHECK-LABEL: func @sums_go_where_into_says
  // CHECK-SAME: %[[X:[^ ]*]]: memref<?x20xf32, {{[^>]*}}>>, %[[Y:[^ ]*]]: memref<?x20xf32
  func.func @sums_go_where_into_says(%x: !rows, %y: !rows) {
    // CHECK: %[[TOKENS:.*]] = memref.dim %[[X]]
    // CHECK: scf.forall (%[[T:.*]]) in (%[[TOKENS]])
    // CHECK: %[[A:.*]] = vector.load %[[X]][%[[T]], %[[AT:.*]]]
    // CHECK: %[[B:.*]] = vector.load %[[Y]][%[[T]], %[[AT]]]
    // CHECK: %[[SUM:.*]] = arith.addf %[[A]], %[[B]] : vector<16xf32>
    // CHECK: vector.store %[[SUM]], %[[Y]][%[[T]], %[[AT]]]
    // CHECK: vector.maskedstore
    // CHECK: lut.mark "add"
    // CHECK: {mapping = [#lut.share<rows>]}
    %z = bitnet.add %x, %y into %y : !rows, !rows
    return
  }
}
