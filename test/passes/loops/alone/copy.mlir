// RUN: %tritc-opt %s --lut-lower-to-loops | FileCheck %s

#target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>
!rows = memref<?x20xf32, strided<[?, 1], offset: ?>>

module attributes {lut.target = #target} {
  // CHECK-LABEL: func @rows_are_copied_in_parallel
  func.func @rows_are_copied_in_parallel(%x: !rows, %y: !rows) {
    // CHECK: scf.forall
    // CHECK: vector.load
    // CHECK: vector.store
    // CHECK: {mapping = [#lut.share<rows>]}
    %r = bitnet.copy %x into %y : !rows, !rows
    return
  }
}
