// RUN: %tritc-opt %s --tritc-phase-model --tritc-phase-tables=target=x86_avxvnni --tritc-phase-loops --tritc-phase-machine=target=x86_avxvnni \
// RUN:   | mlir-translate --allow-unregistered-dialect --mlir-to-llvmir \
// RUN:   | llc -O2 -mcpu=x86-64 -mattr=+ssse3,+sse4.1,+avx,+f16c,+fma,+avx2,+avxvnni -o %t
// RUN: FileCheck %s < %t
// RUN: FileCheck %s --check-prefix=WIDE < %t

// CHECK-LABEL: decode:
// CHECK: vpshufb
// CHECK-LABEL: prefill:
// CHECK: vpdpbusd %ymm

// What these processors lack.
// WIDE-NOT: zmm
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
