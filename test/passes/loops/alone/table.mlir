// RUN: %tritc-opt %s --lut-lower-to-loops | FileCheck %s

#target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>
!bytes = memref<1x20xi8, strided<[?, 1], offset: ?>>
!tables = memref<1x256xi8, strided<[?, 1], offset: ?>>

module attributes {lut.target = #target} {
  // CHECK-LABEL: func @sums_of_three_are_tabulated
  func.func @sums_of_three_are_tabulated(%x: !bytes) -> !tables {
    // CHECK: scf.forall (%{{.*}}) in (1)
    // CHECK-COUNT-16: vector.store
    // CHECK: {mapping = [#lut.share<tiles>]}
    %t = lut.table %x for <signed_nibble, rows = 64> : !bytes -> !tables
    return %t : !tables
  }
}
