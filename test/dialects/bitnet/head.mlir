// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK-LABEL: func @starts_at_the_first_wanted_row
// CHECK-SAME: %[[X:.*]]: tensor<?x24xf32>, %[[TABLE:.*]]: tensor<9x24xf16>, %[[FIRST:.*]]: index
func.func @starts_at_the_first_wanted_row(%x: tensor<?x24xf32>, %table: tensor<9x24xf16>, %first: index) -> tensor<?x9xf32> {
  // CHECK: bitnet.head %[[X]], %[[TABLE]] from %[[FIRST]] : tensor<?x24xf32>, tensor<9x24xf16> -> tensor<?x9xf32>
  %y = bitnet.head %x, %table from %first : tensor<?x24xf32>, tensor<9x24xf16> -> tensor<?x9xf32>
  return %y : tensor<?x9xf32>
}

// CHECK-LABEL: func @takes_rounded_rows
func.func @takes_rounded_rows(%x: tensor<?x24xf32>, %table: !bitnet.scaled<9x24xi8>, %first: index) -> tensor<?x9xf32> {
  // CHECK: bitnet.head {{.*}} : tensor<?x24xf32>, !bitnet.scaled<9x24xi8> -> tensor<?x9xf32>
  %y = bitnet.head %x, %table from %first : tensor<?x24xf32>, !bitnet.scaled<9x24xi8> -> tensor<?x9xf32>
  return %y : tensor<?x9xf32>
}

// CHECK-LABEL: func @takes_blocks
func.func @takes_blocks(%x: tensor<?x256xf32>, %table: !bitnet.blocked<9x256xi6>, %first: index) -> tensor<?x9xf32> {
  // CHECK: bitnet.head {{.*}} : tensor<?x256xf32>, !bitnet.blocked<9x256xi6> -> tensor<?x9xf32>
  %y = bitnet.head %x, %table from %first : tensor<?x256xf32>, !bitnet.blocked<9x256xi6> -> tensor<?x9xf32>
  return %y : tensor<?x9xf32>
}
