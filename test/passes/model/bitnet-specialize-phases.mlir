// RUN: %tritc-opt %s --bitnet-specialize-phases | FileCheck %s

// CHECK-LABEL: func @decode
// CHECK-SAME: %[[IDS:.*]]: tensor<1xi32>, %[[TABLE:.*]]: tensor<9x24xf32>) -> tensor<1x24xf32>
// CHECK: bitnet.embed %[[IDS]], %[[TABLE]] : tensor<1xi32>, tensor<9x24xf32> -> tensor<1x24xf32>
// CHECK: scf.for {{.*}} -> (tensor<1x24xf32>)

// CHECK-LABEL: func @prefill
// CHECK-SAME: tensor<?xi32>, %{{.*}}: tensor<9x24xf32>) -> tensor<?x24xf32>
// CHECK: bitnet.embed {{.*}} -> tensor<?x24xf32>
// CHECK-NOT: @forward
func.func @forward(%ids: tensor<?xi32>, %table: tensor<9x24xf32>) -> tensor<?x24xf32> {
  %x = bitnet.embed %ids, %table : tensor<?xi32>, tensor<9x24xf32> -> tensor<?x24xf32>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %y = scf.for %i = %c0 to %c1 step %c1 iter_args(%a = %x) -> (tensor<?x24xf32>) {
    %b = arith.addf %a, %a : tensor<?x24xf32>
    scf.yield %b : tensor<?x24xf32>
  }
  return %y : tensor<?x24xf32>
}
