// RUN: %tritc-opt %s --lut-lower-to-loops | FileCheck %s

#target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>
!rows = memref<?x20xf32, strided<[?, 1], offset: ?>>

module attributes {lut.target = #target} {
  // CHECK-LABEL: func @rows_are_divided_by_their_size
  func.func @rows_are_divided_by_their_size(%x: !rows, %w: memref<20xf32>) -> !rows {
    // CHECK: scf.forall
    // CHECK: math.fma
    // CHECK: math.sqrt
    %r = bitnet.rms_norm %x, %w epsilon 1.0e-5 : !rows, memref<20xf32>
    return %r : !rows
  }
}
