// RUN: %tritc-opt %s --lut-lower-to-loops | FileCheck %s

#target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>

module attributes {lut.target = #target} {
  // CHECK: memref.global "private" constant @by_layer : memref<2xi64> = dense<[3, 4]>
  // CHECK-LABEL: func @a_number_is_loaded
  func.func @a_number_is_loaded(%layer: index) -> index {
    // CHECK: %[[LIST:.*]] = memref.get_global @by_layer
    // CHECK: memref.load %[[LIST]][%{{.*}}]
    %n = bitnet.by_layer %layer of [3, 4] : index
    return %n : index
  }
}
