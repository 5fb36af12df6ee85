// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @multiplies_sixteen_tokens_by_sixteen_rows
// CHECK-SAME: %[[X:.*]]: memref<32x192xi8>, %[[CODES:.*]]: memref<96x64xi8>, %[[SUMS:.*]]: memref<?x16xi32>, %[[I:.*]]: index
func.func @multiplies_sixteen_tokens_by_sixteen_rows(%x: memref<32x192xi8>, %codes: memref<96x64xi8>, %sums: memref<?x16xi32>, %i: index) {
  // CHECK: %[[A:.*]] = lut.load_block %[[X]][%[[I]], %[[I]]] : memref<32x192xi8>, !lut.block<16x64xi8>
  %a = lut.load_block %x[%i, %i] : memref<32x192xi8>, !lut.block<16x64xi8>
  %b = lut.load_block %codes[%i, %i] : memref<96x64xi8>, !lut.block<16x64xi8>
  %c = lut.load_block %sums[%i, %i] : memref<?x16xi32>, !lut.block<16x16xi32>
  // CHECK: %[[R:.*]] = lut.dot_blocks %{{.*}}, %{{.*}}, %[[A]] : !lut.block<16x16xi32>, !lut.block<16x64xi8>, !lut.block<16x64xi8>
  %r = lut.dot_blocks %c, %b, %a : !lut.block<16x16xi32>, !lut.block<16x64xi8>, !lut.block<16x64xi8>
  // CHECK: lut.store_block %[[R]], %[[SUMS]][%[[I]], %[[I]]] : !lut.block<16x16xi32>, memref<?x16xi32>
  lut.store_block %r, %sums[%i, %i] : !lut.block<16x16xi32>, memref<?x16xi32>
  return
}
