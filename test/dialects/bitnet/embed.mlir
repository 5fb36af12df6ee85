// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @widens_bf16
// CHECK-SAME: %[[IDS:.*]]: tensor<?xi32>, %[[TABLE:.*]]: tensor<9x24xbf16>
func.func @widens_bf16(%ids: tensor<?xi32>, %table: tensor<9x24xbf16>) -> tensor<?x24xf32> {
  // CHECK: bitnet.embed %[[IDS]], %[[TABLE]] : tensor<?xi32>, tensor<9x24xbf16> -> tensor<?x24xf32>
  %x = bitnet.embed %ids, %table : tensor<?xi32>, tensor<9x24xbf16> -> tensor<?x24xf32>
  return %x : tensor<?x24xf32>
}

// CHECK-LABEL: func @scales_rows
func.func @scales_rows(%ids: tensor<?xi32>, %table: tensor<9x24xbf16>) -> tensor<?x24xf32> {
  // CHECK: bitnet.embed %{{.*}}, %{{.*}} scaled by 4.500000e+00 : tensor<?xi32>
  %x = bitnet.embed %ids, %table scaled by 4.5 : tensor<?xi32>, tensor<9x24xbf16> -> tensor<?x24xf32>
  return %x : tensor<?x24xf32>
}

// CHECK-LABEL: func @takes_blocks
func.func @takes_blocks(%ids: tensor<?xi32>, %table: !bitnet.blocked<9x64xi8>) -> tensor<?x64xf32> {
  // CHECK: bitnet.embed %{{.*}}, %{{.*}} : tensor<?xi32>, !bitnet.blocked<9x64xi8> -> tensor<?x64xf32>
  %x = bitnet.embed %ids, %table : tensor<?xi32>, !bitnet.blocked<9x64xi8> -> tensor<?x64xf32>
  return %x : tensor<?x64xf32>
}
