// RUN: %tritc-opt %s --lut-place-buffers | FileCheck %s

// CHECK-LABEL: func @what_outlives_an_iteration_lives_through_the_loop
func.func @what_outlives_an_iteration_lives_through_the_loop(%x: f32, %n: index) {
  // CHECK: memref.view %{{.*}}[%c0][] : {{.*}} to memref<16xf32>
  // CHECK: memref.view %{{.*}}[%c64][] : {{.*}} to memref<16xf32>
  %carried = memref.alloc() : memref<16xf32>
  %local = memref.alloc() : memref<16xf32>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  memref.store %x, %carried[%c0] : memref<16xf32>
  scf.for %i = %c0 to %n step %c1 {
    %y = memref.load %carried[%c0] : memref<16xf32>
    memref.store %y, %local[%c0] : memref<16xf32>
  }
  return
}

// CHECK-LABEL: func @what_lives_within_an_iteration_shares
func.func @what_lives_within_an_iteration_shares(%x: f32, %n: index) {
  // CHECK: memref.view %{{.*}}[%c0][] : {{.*}} to memref<16xf32>
  // CHECK: memref.view %{{.*}}[%c0{{.*}}][] : {{.*}} to memref<16xf32>
  %a = memref.alloc() : memref<16xf32>
  %b = memref.alloc() : memref<16xf32>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    memref.store %x, %a[%c0] : memref<16xf32>
    %y = memref.load %a[%c0] : memref<16xf32>
    memref.store %y, %b[%c0] : memref<16xf32>
  }
  return
}

// CHECK-LABEL: func @a_parallel_loop_is_one_step
func.func @a_parallel_loop_is_one_step(%x: f32, %n: index) {
  // CHECK: memref.view %{{.*}}[%c0][] : {{.*}} to memref<16xf32>
  // CHECK: memref.view %{{.*}}[%c64][] : {{.*}} to memref<16xf32>
  %a = memref.alloc() : memref<16xf32>
  %b = memref.alloc() : memref<16xf32>
  scf.forall (%i) in (%n) {
    memref.store %x, %a[%i] : memref<16xf32>
    memref.store %x, %b[%i] : memref<16xf32>
  }
  return
}
