// RUN: %tritc-opt %s --canonicalize --lut-fuse-row-loops --canonicalize --lut-split-threads | FileCheck %s

// One thread alone runs a loop of one iteration, whatever is simplified
// before.
// CHECK-LABEL: func @one_token
// CHECK-SAME: %[[THREAD:[^ ]*]]: index, %[[THREADS:[^ ]*]]: index, %[[BARRIER:[^ ]*]]: !llvm.ptr)
// CHECK: %[[LOWER:.*]] = arith.divui %{{.*}}, %[[THREADS]]
// CHECK: scf.for %{{.*}} = %[[LOWER]] to
// CHECK: memref.store
// CHECK: call @tritc_barrier(%[[BARRIER]])
func.func @one_token(%rows: memref<1xf32>, %x: f32) {
  scf.forall (%t) in (1) {
    memref.store %x, %rows[%t] : memref<1xf32>
  } {mapping = [#lut.share<rows>]}
  return
}

// Without a mapping, upstream inlines it.
// CHECK-LABEL: func @unshared
// CHECK-NOT: scf.for
// CHECK-NOT: tritc_barrier
func.func @unshared(%rows: memref<1xf32>, %x: f32) {
  scf.forall (%t) in (1) {
    memref.store %x, %rows[%t] : memref<1xf32>
  }
  return
}
