// RUN: %tritc-opt %s --lut-lower-to-loops | FileCheck %s

#target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>
!rows = memref<?x20xf32, strided<[?, 1], offset: ?>>
!bytes = memref<?x20xi8, strided<[?, 1], offset: ?>>
!steps = memref<?xf32, strided<[1], offset: ?>>

module attributes {lut.target = #target} {
  // CHECK-LABEL: func @rows_become_bytes_and_a_step
  func.func @rows_become_bytes_and_a_step(%x: !rows) -> (!bytes, !steps) {
    // CHECK-DAG: %[[STEPS:.*]] = memref.alloc() : memref<8xf32>
    // CHECK-DAG: %[[BYTES:.*]] = memref.alloc() : memref<8x48xi8>
    // CHECK: scf.forall (%[[T:.*]]) in
    // CHECK: vector.store %{{.*}}, %[[BYTES]][%[[T]],
    // CHECK: memref.store %{{.*}}, %[[STEPS]][%[[T]]]
    %q, %s = bitnet.quantize %x : !rows -> !bytes, !steps
    return %q, %s : !bytes, !steps
  }
}
