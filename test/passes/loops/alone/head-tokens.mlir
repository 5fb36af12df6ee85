// RUN: %tritc-opt %s --lut-lower-to-loops | FileCheck %s

#target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 8, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>
!rows = memref<?x20xf32, strided<[?, 1], offset: ?>>
!logits = memref<?x9xf32, strided<[?, 1], offset: ?>>

module attributes {lut.target = #target} {
  // Registers for the sums of two tokens with four rows: they share each load
  // of the table. A last one is alone.
  // CHECK-LABEL: func @two_tokens_share_what_is_loaded
  func.func @two_tokens_share_what_is_loaded(%x: !rows, %table: memref<9x20xf32>, %first: index, %logits: !logits) {
    // CHECK: %[[START:.*]] = arith.minui %arg2,
    // CHECK: %[[MIDDLE:.*]] = arith.addi %[[START]],
    // CHECK: scf.for %[[T:.*]] = %[[START]] to %[[MIDDLE]] step %c2
    // CHECK: scf.for
    // CHECK-COUNT-4: vector.load %arg1[
    // CHECK: vector.load %arg0[%[[T]],
    // CHECK-COUNT-4: math.fma
    // CHECK: vector.load %arg0[
    // CHECK-COUNT-4: math.fma
    // CHECK: scf.yield
    // CHECK-COUNT-8: memref.store
    // CHECK: scf.for %{{.*}} = %[[MIDDLE]] to
    // CHECK-COUNT-4: math.fma
    // CHECK: scf.yield
    %r = bitnet.head %x, %table from %first into %logits : !rows, memref<9x20xf32>, !logits -> !logits
    return
  }
}
