// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK: func private @scaled_c1_takes_a_single_weight(!bitnet.scaled<1x1xi8>)
func.func private @scaled_c1_takes_a_single_weight(!bitnet.scaled<1x1xi8>)

// CHECK: func private @scaled_c2_takes_six_bits(!bitnet.scaled<9x24xi6>)
func.func private @scaled_c2_takes_six_bits(!bitnet.scaled<9x24xi6>)

// CHECK: func private @scaled_c3_takes_most_columns(!bitnet.scaled<9x133144xi8>)
func.func private @scaled_c3_takes_most_columns(!bitnet.scaled<9x133144xi8>)
