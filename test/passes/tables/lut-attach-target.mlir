// RUN: %tritc-opt %s --lut-attach-target=target=portable | FileCheck %s --check-prefix=PORTABLE
// RUN: %tritc-opt %s --lut-attach-target=target=x86_avx2 | FileCheck %s --check-prefix=AVX2
// RUN: %tritc-opt %s --lut-attach-target=target=aarch64_dotprod | FileCheck %s --check-prefix=DOTPROD

// PORTABLE: module @gets_the_numbers_of_the_target attributes {lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = {{[0-9]+}}>], machine =
// AVX2: module @gets_the_numbers_of_the_target attributes {lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = {{[0-9]+}}>, cycles = {{[0-9]+}}>
// DOTPROD: module @gets_the_numbers_of_the_target attributes {lut.target = #lut.target<kernels = [
// DOTPROD-SAME: <packing = <trit_bytes, rows = {{[0-9]+}}, dot_rows = 4, dot_columns = 4>, cycles = {{[0-9]+}}>,
// DOTPROD-SAME: <packing = <dot_codes, rows = {{[0-9]+}}, dot_rows = 4, dot_columns = 4>, cycles = {{[0-9]+}}>]
// DOTPROD-SAME: dot = <sum_bits = 32, rows = 4, tokens = 1, columns = 4,
module @gets_the_numbers_of_the_target {}
