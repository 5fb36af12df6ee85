// RUN: %tritc-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: func @one_piece_is_the_input
// CHECK-SAME: %[[X:.*]]: tensor<?x48xf32>
func.func @one_piece_is_the_input(%x: tensor<?x48xf32>) -> tensor<?x48xf32> {
  // CHECK-NEXT: return %[[X]]
  %a = bitnet.split %x : tensor<?x48xf32> -> tensor<?x48xf32>
  return %a : tensor<?x48xf32>
}

// CHECK-LABEL: func @two_pieces_stay
func.func @two_pieces_stay(%x: tensor<?x48xf32>) -> tensor<?x16xf32> {
  // CHECK: bitnet.split
  %a, %b = bitnet.split %x : tensor<?x48xf32> -> tensor<?x16xf32>, tensor<?x32xf32>
  return %a : tensor<?x16xf32>
}
