// RUN: %tritc-opt %s --lut-lower-to-loops | FileCheck %s

#target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>
!rows = memref<?x20xf32, strided<[?, 1], offset: ?>>

module attributes {lut.target = #target} {
  // CHECK-LABEL: func @rows_are_divided_by_their_length
  func.func @rows_are_divided_by_their_length(%x: !rows, %first: index) -> !rows {
    // CHECK: scf.forall
    // CHECK: arith.maxui
    // CHECK: math.sqrt
    // CHECK: arith.divf
    %r = bitnet.unit %x from %first : !rows
    return %r : !rows
  }
}
