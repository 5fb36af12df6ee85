// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK: lut.target = #lut.target<packing = <codes, rows = 1>, prefill_tokens = 16, token_tile = 1, prefetch_bytes = 0>
module attributes {lut.target = #lut.target<packing = <codes, rows = 1>, prefill_tokens = 16, token_tile = 1, prefetch_bytes = 0>} {}
