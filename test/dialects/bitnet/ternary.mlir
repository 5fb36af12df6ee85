// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK: func private @ternary_c1_takes_a_single_weight(!bitnet.ternary<1x1>)
func.func private @ternary_c1_takes_a_single_weight(!bitnet.ternary<1x1>)
