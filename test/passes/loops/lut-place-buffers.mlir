// RUN: %tritc-opt %s --lut-place-buffers | FileCheck %s

// CHECK: module attributes {lut.scratch_bytes = 256 : i64}
// CHECK-LABEL: func @bytes_are_shared_when_uses_do_not_overlap
// CHECK-SAME: %{{.*}}: f32, %[[SCRATCH:.*]]: memref<256xi8>
func.func @bytes_are_shared_when_uses_do_not_overlap(%x: f32) {
  // CHECK: memref.view %[[SCRATCH]][%c0][] : memref<256xi8> to memref<32xf32>
  // CHECK: memref.view %[[SCRATCH]][%c128][] : memref<256xi8> to memref<32xf32>
  // CHECK: memref.view %[[SCRATCH]][%c0{{.*}}][] : memref<256xi8> to memref<32xf32>
  // CHECK-NOT: memref.alloc
  %a = memref.alloc() : memref<32xf32>
  %b = memref.alloc() : memref<32xf32>
  %c = memref.alloc() : memref<32xf32>
  %c0 = arith.constant 0 : index
  memref.store %x, %a[%c0] : memref<32xf32>
  memref.store %x, %b[%c0] : memref<32xf32>
  %y = memref.load %a[%c0] : memref<32xf32>
  memref.store %x, %c[%c0] : memref<32xf32>
  %z = memref.load %b[%c0] : memref<32xf32>
  return
}

// CHECK-LABEL: func @buffers_start_on_cache_lines
func.func @buffers_start_on_cache_lines(%x: i8) {
  // CHECK: memref.view %{{.*}}[%c0][] : {{.*}} to memref<3xi8>
  // CHECK: memref.view %{{.*}}[%c64][] : {{.*}} to memref<3xi8>
  %a = memref.alloc() : memref<3xi8>
  %b = memref.alloc() : memref<3xi8>
  %c0 = arith.constant 0 : index
  memref.store %x, %a[%c0] : memref<3xi8>
  memref.store %x, %b[%c0] : memref<3xi8>
  memref.store %x, %a[%c0] : memref<3xi8>
  return
}
