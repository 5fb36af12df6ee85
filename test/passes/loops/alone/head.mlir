// RUN: %tritc-opt %s --lut-lower-to-loops | FileCheck %s

#target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>
!rows = memref<?x20xf32, strided<[?, 1], offset: ?>>
!logits = memref<?x9xf32, strided<[?, 1], offset: ?>>

module attributes {lut.target = #target} {
  // CHECK-LABEL: func @logits_go_where_into_says
  // CHECK-SAME: %[[FIRST:[^ ]*]]: index, %[[LOGITS:[^ ]*]]: memref<?x9xf32
  func.func @logits_go_where_into_says(%x: !rows, %table: memref<9x20xf32>, %first: index, %logits: !logits) {
    // CHECK: scf.forall (%{{.*}}) in (3)
    // What is wanted may lie behind the tokens of this pass.
    // CHECK: %[[START:.*]] = arith.minui %[[FIRST]],
    // CHECK: scf.for %[[T:.*]] = %[[START]] to
    // CHECK-COUNT-4: memref.store %{{.*}}, %[[LOGITS]][%[[T]],
    // CHECK: {mapping = [#lut.share<tiles>]}
    %r = bitnet.head %x, %table from %first into %logits : !rows, memref<9x20xf32>, !logits -> !logits
    return
  }
}
