// RUN: %tritc-opt %s --lut-lower-to-loops | FileCheck %s

#target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>
!rows = memref<?x20xf32, strided<[?, 1], offset: ?>>
!places = memref<?x3xi32, strided<[?, 1], offset: ?>>

module attributes {lut.target = #target} {
  // CHECK-LABEL: func @heads_are_rotated
  // CHECK-SAME: %[[TABLE:[^ ]*]]: memref<16x2x5xf32>
  func.func @heads_are_rotated(%x: !rows, %table: memref<16x2x5xf32>, %places: !places) -> !rows {
    // CHECK: scf.forall
    // CHECK: scf.for
    // CHECK: vector.maskedload %[[TABLE]]
    %r = bitnet.rope %x, %table at %places : !rows, memref<16x2x5xf32>, !places
    return %r : !rows
  }
}
