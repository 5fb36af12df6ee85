// RUN: %tritc-opt %s --lut-attach-target=target=x86_avx2 | FileCheck %s

// CHECK: lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = 50>],
module @keeps_numbers_of_its_own attributes {lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 1, load_columns = 2>, prefill_tokens = 16, prefetch_bytes = 0>} {}
