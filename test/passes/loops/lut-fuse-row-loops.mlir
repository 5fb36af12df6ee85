// RUN: %tritc-opt %s --lut-fuse-row-loops | FileCheck %s

// CHECK-LABEL: func @neighbours_become_one
// CHECK-SAME: %[[N:.*]]: index, %[[A:.*]]: memref<8xf32>
func.func @neighbours_become_one(%n: index, %a: memref<8xf32>) {
  // CHECK: %[[TWO:.*]] = arith.constant 2.0
  // CHECK: scf.forall (%[[T:.*]]) in (%[[N]]) {
  // CHECK-NEXT: memref.load %[[A]][%[[T]]]
  // CHECK-NEXT: memref.store %[[TWO]], %[[A]][%[[T]]]
  // CHECK-NEXT: } {mapping = [#lut.share<rows>]}
  // CHECK-NEXT: return
  scf.forall (%t) in (%n) {
    %x = memref.load %a[%t] : memref<8xf32>
  } {mapping = [#lut.share<rows>]}
  %two = arith.constant 2.0 : f32
  scf.forall (%u) in (%n) {
    memref.store %two, %a[%u] : memref<8xf32>
  } {mapping = [#lut.share<rows>]}
  return
}

// CHECK-LABEL: func @a_chain_becomes_one
func.func @a_chain_becomes_one(%n: index, %a: memref<8xf32>, %x: f32) {
  // CHECK-COUNT-1: scf.forall
  // CHECK-COUNT-3: memref.store
  // CHECK-NOT: scf.forall
  // CHECK: return
  scf.forall (%t) in (%n) {
    memref.store %x, %a[%t] : memref<8xf32>
  } {mapping = [#lut.share<rows>]}
  scf.forall (%t) in (%n) {
    memref.store %x, %a[%t] : memref<8xf32>
  } {mapping = [#lut.share<rows>]}
  scf.forall (%t) in (%n) {
    memref.store %x, %a[%t] : memref<8xf32>
  } {mapping = [#lut.share<rows>]}
  return
}
