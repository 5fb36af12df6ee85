// RUN: %tritc-opt %s --tritc-phase-model --tritc-phase-tables=target=x86_avx512 --tritc-phase-loops --tritc-phase-machine=target=x86_avx512 \
// RUN:   | mlir-translate --allow-unregistered-dialect --mlir-to-llvmir \
// RUN:   | llc -O2 -mcpu=x86-64 -mattr=+ssse3,+sse4.1,+avx,+f16c,+fma,+avx2,+avx512f,+avx512bw,+avx512dq,+avx512vl,+avx512vbmi2,+avx512vnni -o %t
// RUN: FileCheck %s < %t

// No table, and nothing is unpacked.
// CHECK-LABEL: decode:
// CHECK-NOT: prefetch
// CHECK: vpbroadcastd {{[-0-9]*}}(%r{{.*}}), %zmm
// CHECK: vpdpbusd %zmm
// CHECK-LABEL: prefill:
// CHECK: vpdpbusd %zmm
// CHECK-NOT: vpextr
// CHECK-NOT: vpinsr
module attributes {lut.target = #lut.target<kernels = [<packing = <dot_codes, rows = 64, dot_rows = 16, dot_columns = 4>, cycles = 20>], machine = <cores = 2, mhz = 3700, bandwidth = 45000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4 of unsigned codes>, prefill_tokens = 96, prefetch_bytes = 16384>} {
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
