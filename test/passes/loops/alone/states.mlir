// RUN: %tritc-opt %s --lut-lower-to-loops | FileCheck %s

#target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>
!rows = memref<?x20xf32, strided<[?, 1], offset: ?>>

module attributes {lut.target = #target} {
  // CHECK-LABEL: func @wanted_rows_are_copied
  // CHECK-SAME: %[[X:[^ ]*]]: memref<?x20xf32, {{[^>]*}}>>, %[[FIRST:[^ ]*]]: index, %[[OUT:[^ ]*]]: memref
  func.func @wanted_rows_are_copied(%x: !rows, %first: index, %out: !rows) {
    // CHECK: scf.forall (%[[T:.*]]) in
    // CHECK: %[[FROM:.*]] = arith.maxui %[[FIRST]], %[[T]]
    // CHECK: scf.for %[[ROW:.*]] = %[[FROM]] to
    // CHECK: vector.load %[[X]][%[[ROW]],
    // CHECK: vector.store %{{.*}}, %[[OUT]][%[[ROW]],
    %r = bitnet.states %x from %first into %out : !rows
    return
  }
}
