// RUN: %tritc-opt %s --lut-lower-to-loops | FileCheck %s

#target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>
!rows = memref<?x20xf32, strided<[?, 1], offset: ?>>

module attributes {lut.target = #target} {
  // CHECK-LABEL: func @a_bias_is_read_once_per_token
  // CHECK-SAME: %[[BIAS:[^ ]*]]: memref<20xf32>)
  func.func @a_bias_is_read_once_per_token(%x: !rows, %bias: memref<20xf32>) -> !rows {
    // CHECK: %[[R:.*]] = memref.alloc() : memref<8x640xf32>
    // CHECK: scf.forall
    // CHECK: vector.load %[[BIAS]]
    // CHECK: vector.store %{{.*}}, %[[R]]
    // CHECK: memref.subview %[[R]][0, 0] [%{{.*}}, 20] [1, 1]
    %r = bitnet.bias %x, %bias : !rows, memref<20xf32>
    return %r : !rows
  }
}
