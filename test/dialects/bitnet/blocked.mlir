// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK: func private @blocked_c1_takes_a_single_row(!bitnet.blocked<1x256xi6>)
func.func private @blocked_c1_takes_a_single_row(!bitnet.blocked<1x256xi6>)

// CHECK: func private @blocked_c2_takes_eight_bits(!bitnet.blocked<9x256xi8>)
func.func private @blocked_c2_takes_eight_bits(!bitnet.blocked<9x256xi8>)

// CHECK: func private @blocked_c3_takes_blocks_of_64(!bitnet.blocked<9x64xi8>)
func.func private @blocked_c3_takes_blocks_of_64(!bitnet.blocked<9x64xi8>)
