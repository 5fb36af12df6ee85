// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @mark_c2_reads_nothing_unless_it_says_so
func.func @mark_c2_reads_nothing_unless_it_says_so() {
  // CHECK: lut.mark "rope"
  lut.mark "rope"
  // CHECK: lut.mark "head" reads 64
  lut.mark "head" reads 64
  return
}
