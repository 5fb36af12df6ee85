// RUN: %tritc-opt %s --lut-lower-to-loops | FileCheck %s

#target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>

module attributes {lut.target = #target} {
  bitnet.weight @norm : tensor<20xf32> from ["norm"] {lut.layout = #lut.layout<offset = 64, stride = 128>}

  // CHECK-LABEL: func @a_tensor_is_a_view_of_the_section
  // CHECK-SAME: %[[SECTION:[^ ]*]]: memref<4096xi8>
  func.func @a_tensor_is_a_view_of_the_section(%section: memref<4096xi8>) -> memref<20xf32> {
    // CHECK: memref.view %[[SECTION]][%c64][] : memref<4096xi8> to memref<20xf32>
    %w = bitnet.parameter @norm in %section : memref<20xf32>, memref<4096xi8>
    return %w : memref<20xf32>
  }
}
