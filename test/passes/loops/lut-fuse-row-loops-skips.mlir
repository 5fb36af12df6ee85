// RUN: %tritc-opt %s --lut-fuse-row-loops | FileCheck %s

// CHECK-LABEL: func @skips_another_count
func.func @skips_another_count(%n: index, %m: index, %a: memref<8xf32>, %x: f32) {
  // CHECK-COUNT-2: scf.forall
  scf.forall (%t) in (%n) {
    memref.store %x, %a[%t] : memref<8xf32>
  } {mapping = [#lut.share<rows>]}
  scf.forall (%t) in (%m) {
    memref.store %x, %a[%t] : memref<8xf32>
  } {mapping = [#lut.share<rows>]}
  return
}

// CHECK-LABEL: func @skips_what_crosses_rows
func.func @skips_what_crosses_rows(%n: index, %a: memref<8xf32>, %x: f32) {
  // CHECK-COUNT-2: scf.forall
  scf.forall (%t) in (%n) {
    memref.store %x, %a[%t] : memref<8xf32>
  } {mapping = [#lut.share<rows>]}
  scf.forall (%t) in (%n) {
    memref.store %x, %a[%t] : memref<8xf32>
  }
  return
}

// CHECK-LABEL: func @skips_an_effect_in_between
func.func @skips_an_effect_in_between(%n: index, %a: memref<8xf32>, %x: f32) {
  // CHECK-COUNT-2: scf.forall
  scf.forall (%t) in (%n) {
    memref.store %x, %a[%t] : memref<8xf32>
  } {mapping = [#lut.share<rows>]}
  memref.store %x, %a[%n] : memref<8xf32>
  scf.forall (%t) in (%n) {
    memref.store %x, %a[%t] : memref<8xf32>
  } {mapping = [#lut.share<rows>]}
  return
}
