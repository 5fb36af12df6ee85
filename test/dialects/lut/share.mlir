// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @loops_say_what_they_share_out
func.func @loops_say_what_they_share_out(%n: index) {
  // CHECK: } {mapping = [#lut.share<rows>]}
  scf.forall (%i) in (%n) {
  } {mapping = [#lut.share<rows>]}
  // CHECK: } {mapping = [#lut.share<tiles>]}
  scf.forall (%i) in (%n) {
  } {mapping = [#lut.share<tiles>]}
  // CHECK: } {mapping = [#lut.share<heads>]}
  scf.forall (%i) in (%n) {
  } {mapping = [#lut.share<heads>]}
  return
}
