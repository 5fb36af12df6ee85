// RUN: %tritc-opt %s --lut-place-buffers | FileCheck %s

// CHECK-LABEL: func @a_use_through_a_view_is_a_use
func.func @a_use_through_a_view_is_a_use(%x: f32) -> f32 {
  // CHECK: memref.view %{{.*}}[%c0][] : {{.*}} to memref<32xf32>
  // CHECK: memref.view %{{.*}}[%c128][] : {{.*}} to memref<32xf32>
  %a = memref.alloc() : memref<32xf32>
  %b = memref.alloc() : memref<32xf32>
  %c0 = arith.constant 0 : index
  %view = memref.subview %a[0] [16] [1] : memref<32xf32> to memref<16xf32, strided<[1]>>
  memref.store %x, %a[%c0] : memref<32xf32>
  memref.store %x, %b[%c0] : memref<32xf32>
  %y = memref.load %view[%c0] : memref<16xf32, strided<[1]>>
  return %y : f32
}

// CHECK-LABEL: func @a_view_alone_is_no_use
func.func @a_view_alone_is_no_use(%x: f32) -> f32 {
  // CHECK: memref.view %{{.*}}[%c0][] : {{.*}} to memref<32xf32>
  // CHECK: memref.view %{{.*}}[%c0{{.*}}][] : {{.*}} to memref<32xf32>
  %a = memref.alloc() : memref<32xf32>
  %b = memref.alloc() : memref<32xf32>
  %c0 = arith.constant 0 : index
  %view = memref.subview %a[0] [16] [1] : memref<32xf32> to memref<16xf32, strided<[1]>>
  memref.store %x, %b[%c0] : memref<32xf32>
  %z = memref.load %b[%c0] : memref<32xf32>
  memref.store %x, %view[%c0] : memref<16xf32, strided<[1]>>
  %y = memref.load %view[%c0] : memref<16xf32, strided<[1]>>
  return %y : f32
}

// What a loop carries lives as long as the loop.
// CHECK-LABEL: func @a_carried_buffer_lives_through_the_loop
func.func @a_carried_buffer_lives_through_the_loop(%x: f32, %n: index) {
  // CHECK: memref.view %{{.*}}[%c0][] : {{.*}} to memref<32xf32>
  // CHECK: memref.view %{{.*}}[%c128][] : {{.*}} to memref<32xf32>
  %a = memref.alloc() : memref<32xf32>
  %b = memref.alloc() : memref<32xf32>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  memref.store %x, %a[%c0] : memref<32xf32>
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%carried = %a) -> (memref<32xf32>) {
    %y = memref.load %carried[%i] : memref<32xf32>
    memref.store %y, %b[%i] : memref<32xf32>
    scf.yield %carried : memref<32xf32>
  }
  return
}
