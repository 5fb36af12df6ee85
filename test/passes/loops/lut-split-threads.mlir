// RUN: %tritc-opt %s --lut-split-threads | FileCheck %s

// CHECK: func private @tritc_barrier(!llvm.ptr)

// CHECK-LABEL: func @each_thread_gets_a_consecutive_share
// CHECK-SAME: %[[N:.*]]: index, %[[A:.*]]: memref<8xf32>, %[[X:.*]]: f32, %[[THREAD:.*]]: index, %[[THREADS:.*]]: index, %[[BARRIER:.*]]: !llvm.ptr
func.func @each_thread_gets_a_consecutive_share(%n: index, %a: memref<8xf32>, %x: f32) {
  // CHECK: %[[BEFORE:.*]] = arith.muli %[[N]], %[[THREAD]]
  // CHECK: %[[LOWER:.*]] = arith.divui %[[BEFORE]], %[[THREADS]]
  // CHECK: %[[NEXT:.*]] = arith.addi %[[THREAD]], %{{.*}}
  // CHECK: %[[THROUGH:.*]] = arith.muli %[[N]], %[[NEXT]]
  // CHECK: %[[UPPER:.*]] = arith.divui %[[THROUGH]], %[[THREADS]]
  // CHECK: scf.for %[[I:.*]] = %[[LOWER]] to %[[UPPER]]
  // CHECK-NEXT: memref.store %[[X]], %[[A]][%[[I]]]
  // CHECK: call @tritc_barrier(%[[BARRIER]])
  scf.forall (%i) in (%n) {
    memref.store %x, %a[%i] : memref<8xf32>
  }
  return
}

// CHECK-LABEL: func @loops_share_stack_buffers_of_one_type
func.func @loops_share_stack_buffers_of_one_type(%n: index, %x: f32) {
  // CHECK-COUNT-2: memref.alloca() : memref<8xf32>
  // CHECK-NOT: memref.alloca
  // CHECK: scf.for
  // CHECK: memref.store %{{.*}}, %[[A:.*]][
  // CHECK: memref.store %{{.*}}, %[[B:.*]][
  // CHECK: scf.for
  // CHECK: memref.store %{{.*}}, %[[A]][
  scf.forall (%i) in (%n) {
    %a = memref.alloca() : memref<8xf32>
    %b = memref.alloca() : memref<8xf32>
    memref.store %x, %a[%i] : memref<8xf32>
    memref.store %x, %b[%i] : memref<8xf32>
  }
  scf.forall (%i) in (%n) {
    %c = memref.alloca() : memref<8xf32>
    memref.store %x, %c[%i] : memref<8xf32>
  }
  return
}

// CHECK-LABEL: func @stack_buffers_move_to_the_entry
func.func @stack_buffers_move_to_the_entry(%n: index, %x: f32) {
  // CHECK-NEXT: %[[B:.*]] = memref.alloca() : memref<8xf32>
  // CHECK: scf.for
  // CHECK: memref.store %{{.*}}, %[[B]]
  scf.forall (%i) in (%n) {
    %b = memref.alloca() : memref<8xf32>
    memref.store %x, %b[%i] : memref<8xf32>
  }
  return
}
