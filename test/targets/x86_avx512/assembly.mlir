// RUN: %tritc-opt %s --tritc-phase-model --tritc-phase-tables=target=x86_avx512 --tritc-phase-loops --tritc-phase-machine=target=x86_avx512 \
// RUN:   | mlir-translate --allow-unregistered-dialect --mlir-to-llvmir \
// RUN:   | llc -O2 -mcpu=x86-64 -mattr=+ssse3,+sse4.1,+avx,+f16c,+fma,+avx2,+avx512f,+avx512bw,+avx512dq,+avx512vl,+avx512vbmi2,+avx512vnni -o %t
// RUN: FileCheck %s --check-prefix=DECODE < %t
// RUN: FileCheck %s --check-prefix=PREFILL < %t
// RUN: FileCheck %s --check-prefix=SCALAR < %t

// Bits of the last group are gathered by funnel shifts.
// DECODE-LABEL: decode:
// DECODE: prefetcht1
// DECODE: vpermw %zmm
// DECODE: vpshldw $1, %zmm
// PREFILL-LABEL: prefill:
// PREFILL: vpermw %zmm
// PREFILL: vpbroadcastd {{[-0-9]*}}(%r{{.*}}), %zmm
// PREFILL: vpdpbusd %zmm

// No lookup or byte sum element by element, nowhere.
// SCALAR-NOT: vpextr
// SCALAR-NOT: vpinsr
module attributes {lut.target = #lut.target<kernels = [<packing = <index_words, rows = 128>, cycles = 20>], machine = <cores = 2, mhz = 3700, bandwidth = 45000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4 of unsigned codes>, prefill_tokens = 96, prefetch_bytes = 16384>} {
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
