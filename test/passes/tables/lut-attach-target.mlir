// RUN: %tritc-opt %s --lut-attach-target=target=portable | FileCheck %s --check-prefix=PORTABLE
// RUN: %tritc-opt %s --lut-attach-target=target=x86_avx2 | FileCheck %s --check-prefix=AVX2

// PORTABLE: module @gets_the_numbers_of_the_target attributes {lut.target = #lut.target<packing = <codes, rows = 1>,
// AVX2: module @gets_the_numbers_of_the_target attributes {lut.target = #lut.target<packing = <signed_nibble, rows = {{[0-9]+}}>,
module @gets_the_numbers_of_the_target {}
