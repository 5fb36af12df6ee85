// RUN: %tritc-opt %s --lut-split-threads | FileCheck %s

// CHECK: module attributes {lut.work_bytes = array<i64: 64, 0>, lut.work_names = ["head", "barrier"]}
// CHECK: llvm.mlir.global external @tritc_mark()

// CHECK-LABEL: func @work_ends_before_the_barrier
// CHECK-SAME: %[[THREAD:[a-z0-9]*]]: index, %{{[a-z0-9]*}}: index, %{{[a-z0-9]*}}: !llvm.ptr)
func.func @work_ends_before_the_barrier(%n: index, %a: memref<8xf32>, %x: f32) {
  // CHECK: scf.for
  // CHECK: %[[HOOK:.*]] = llvm.load
  // CHECK: %[[SET:.*]] = llvm.icmp "ne" %[[HOOK]]
  // CHECK: scf.if %[[SET]]
  // CHECK: %[[WHO:.*]] = arith.index_cast %[[THREAD]]
  // CHECK: llvm.call %[[HOOK]](%[[WHO]], %c0{{.*}}) : !llvm.ptr, (i64, i64) -> ()
  // CHECK: call @tritc_barrier
  // CHECK: llvm.call %{{.*}}(%{{.*}}, %c1{{.*}}) : !llvm.ptr, (i64, i64) -> ()
  scf.forall (%i) in (%n) {
    memref.store %x, %a[%i] : memref<8xf32>
  }
  lut.mark "head" reads 64
  return
}
