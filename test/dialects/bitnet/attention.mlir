// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @shares_keys_between_two_heads
// CHECK-SAME: %[[Q:.*]]: tensor<?x32xf32>, %[[K:.*]]: tensor<?x16xf32>, %[[V:.*]]: tensor<?x16xf32>, %[[PLACES:.*]]: tensor<?x5xi32>, %[[LAYER:.*]]: index
func.func @shares_keys_between_two_heads(%q: tensor<?x32xf32>, %k: tensor<?x16xf32>, %v: tensor<?x16xf32>, %places: tensor<?x5xi32>, %layer: index) -> tensor<?x32xf32> {
  // CHECK: bitnet.attention %[[Q]], %[[K]], %[[V]] at %[[PLACES]] layer %[[LAYER]] heads 4 over 2 :
  // CHECK-SAME: tensor<?x32xf32>, tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x5xi32> -> tensor<?x32xf32>
  %y = bitnet.attention %q, %k, %v at %places layer %layer heads 4 over 2 : tensor<?x32xf32>, tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x5xi32> -> tensor<?x32xf32>
  return %y : tensor<?x32xf32>
}

// CHECK-LABEL: func @scales_scores_as_told
func.func @scales_scores_as_told(%q: tensor<?x32xf32>, %k: tensor<?x16xf32>, %places: tensor<?x5xi32>, %layer: index) -> tensor<?x32xf32> {
  // CHECK: heads 4 over 2 scaled by 6.250000e-02 :
  %y = bitnet.attention %q, %k, %k at %places layer %layer heads 4 over 2 scaled by 0.0625 : tensor<?x32xf32>, tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x5xi32> -> tensor<?x32xf32>
  return %y : tensor<?x32xf32>
}

// CHECK-LABEL: func @sees_a_window
// CHECK-SAME: %[[PLACES:[^ ]*]]: tensor<?x5xi32>, %[[LAYER:[^ ]*]]: index, %[[WINDOW:[^ ]*]]: index)
func.func @sees_a_window(%q: tensor<?x32xf32>, %k: tensor<?x16xf32>, %places: tensor<?x5xi32>, %layer: index, %window: index) -> tensor<?x32xf32> {
  // CHECK: at %[[PLACES]] layer %[[LAYER]] window %[[WINDOW]] heads 4 over 2 :
  %y = bitnet.attention %q, %k, %k at %places layer %layer window %window heads 4 over 2 : tensor<?x32xf32>, tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x5xi32> -> tensor<?x32xf32>
  return %y : tensor<?x32xf32>
}
