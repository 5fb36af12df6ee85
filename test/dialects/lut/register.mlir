// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @multiplies_sixteen_tokens_by_sixteen_rows
// CHECK-SAME: %[[X:.*]]: memref<32x192xi8>, %[[CODES:.*]]: memref<96x64xi8>, %[[SUMS:.*]]: memref<?x16xi32>, %[[I:.*]]: index
func.func @multiplies_sixteen_tokens_by_sixteen_rows(%x: memref<32x192xi8>, %codes: memref<96x64xi8>, %sums: memref<?x16xi32>, %i: index) {
  // CHECK: %[[A:.*]] = lut.load_register %[[X]][%[[I]], %[[I]]] : memref<32x192xi8>, !lut.register<16x64xi8>
  %a = lut.load_register %x[%i, %i] : memref<32x192xi8>, !lut.register<16x64xi8>
  %b = lut.load_register %codes[%i, %i] : memref<96x64xi8>, !lut.register<16x64xi8>
  %c = lut.load_register %sums[%i, %i] : memref<?x16xi32>, !lut.register<16x16xi32>
  // CHECK: %[[R:.*]] = lut.dot_registers %{{.*}}, %{{.*}}, %[[A]] : !lut.register<16x16xi32>, !lut.register<16x64xi8>, !lut.register<16x64xi8>
  %r = lut.dot_registers %c, %b, %a : !lut.register<16x16xi32>, !lut.register<16x64xi8>, !lut.register<16x64xi8>
  // CHECK: lut.store_register %[[R]], %[[SUMS]][%[[I]], %[[I]]] : !lut.register<16x16xi32>, memref<?x16xi32>
  lut.store_register %r, %sums[%i, %i] : !lut.register<16x16xi32>, memref<?x16xi32>
  return
}
