// RUN: %tritc-opt %s --tritc-phase-model --tritc-phase-tables=target=aarch64_dotprod --tritc-phase-loops --tritc-phase-machine=target=aarch64_dotprod \
// RUN:   | mlir-translate --allow-unregistered-dialect --mlir-to-llvmir \
// RUN:   | llc -O2 -mtriple=aarch64-unknown-linux-gnu -mcpu=generic -mattr=+neon,+dotprod -o %t
// RUN: FileCheck %s --check-prefix=CHECK < %t

// Codes stay where they are: no shift between the load and the product.
// CHECK-LABEL: decode:
// CHECK-NOT: ushr v{{[0-9]+}}.16b
// CHECK: and v{{[0-9]+}}.16b
// CHECK-NOT: ushr v{{[0-9]+}}.16b
// CHECK: sdot v{{[0-9]+}}.4s, v{{[0-9]+}}.16b, v{{[0-9]+}}.4b[3]
// CHECK-LABEL: prefill:
module attributes {lut.target = #lut.target<kernels = [<packing = <dot_codes, rows = 64, dot_rows = 4, dot_columns = 4>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 4, tokens = 1, columns = 4, row_tile = 16, token_tile = 6, load_columns = 16>, prefill_tokens = 96, prefetch_bytes = 1024>} {
  bitnet.weight @rows : tensor<9x96xf32> from ["rows"]
  bitnet.weight @w : !bitnet.ternary<96x96> from ["w"]
  func.func @forward(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<1x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x96xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x96xf32> -> tensor<?x96xf32>
    %w = bitnet.parameter @w : !bitnet.ternary<96x96>
    %y = bitnet.linear %x, %w : tensor<?x96xf32>, !bitnet.ternary<96x96> -> tensor<?x96xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x96xf32>, tensor<9x96xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
