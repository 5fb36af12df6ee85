// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @keeps_the_prefetch_distance
// CHECK-SAME: %[[T:.*]]: tensor<1x256xi8>, %[[S:.*]]: tensor<1xf32>, %[[W:.*]]: !bitnet.ternary<48x24>
func.func @keeps_the_prefetch_distance(%t: tensor<1x256xi8>, %s: tensor<1xf32>, %w: !bitnet.ternary<48x24>) -> tensor<1x48xf32> {
  // CHECK: lut.matvec %[[T]], %[[S]], %[[W]] packed <signed_nibble, rows = 64> {prefetch_bytes = 4096 : i64} :
  // CHECK-SAME: tensor<1x256xi8>, tensor<1xf32>, !bitnet.ternary<48x24> -> tensor<1x48xf32>
  %y = lut.matvec %t, %s, %w packed <signed_nibble, rows = 64> {prefetch_bytes = 4096 : i64} : tensor<1x256xi8>, tensor<1xf32>, !bitnet.ternary<48x24> -> tensor<1x48xf32>
  return %y : tensor<1x48xf32>
}

// CHECK-LABEL: func @reads_index_words
// CHECK-SAME: %[[T:.*]]: tensor<1x1024xi8>, %[[S:.*]]: tensor<1xf32>, %[[W:.*]]: !bitnet.ternary<48x24>
func.func @reads_index_words(%t: tensor<1x1024xi8>, %s: tensor<1xf32>, %w: !bitnet.ternary<48x24>) -> tensor<1x48xf32> {
  // CHECK: lut.matvec %[[T]], %[[S]], %[[W]] packed <index_words, rows = 128> :
  // CHECK-SAME: tensor<1x1024xi8>, tensor<1xf32>, !bitnet.ternary<48x24> -> tensor<1x48xf32>
  %y = lut.matvec %t, %s, %w packed <index_words, rows = 128> : tensor<1x1024xi8>, tensor<1xf32>, !bitnet.ternary<48x24> -> tensor<1x48xf32>
  return %y : tensor<1x48xf32>
}
