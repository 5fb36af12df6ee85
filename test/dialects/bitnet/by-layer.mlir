// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @picks_a_window
// CHECK-SAME: %[[LAYER:.*]]: index
func.func @picks_a_window(%layer: index) -> index {
  // CHECK: bitnet.by_layer %[[LAYER]] of [512, 512, 4096] : index
  %window = bitnet.by_layer %layer of [512, 512, 4096] : index
  return %window : index
}
