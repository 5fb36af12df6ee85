// RUN: %tritc-opt %s --tritc-phase-model --tritc-phase-tables=target=x86_amx --tritc-phase-loops --tritc-phase-machine=target=x86_amx \
// RUN:   | mlir-translate --allow-unregistered-dialect --mlir-to-llvmir | opt -O2 \
// RUN:   | llc -O2 -mcpu=x86-64 -mattr=+ssse3,+sse4.1,+avx,+f16c,+fma,+avx2,+avx512f,+avx512bw,+avx512dq,+avx512vl,+avx512vbmi2,+avx512vnni,+amx-tile,+amx-int8 -o %t
// RUN: FileCheck %s --check-prefix=DECODE < %t
// RUN: FileCheck %s --check-prefix=PREFILL < %t
// RUN: FileCheck %s --check-prefix=SCALAR < %t

// One token is multiplied by vectors.
// DECODE-LABEL: decode:
// DECODE-NOT: tile
// DECODE: vpdpbusd %zmm
// DECODE: retq

// Tiles are configured behind the last call before they are used.
// PREFILL-LABEL: prefill:
// PREFILL: callq tritc_barrier
// PREFILL: ldtilecfg
// PREFILL: vpcmp{{.*}}ub {{.*}}, %k
// PREFILL-COUNT-4: tileloadd

// The inner loop: four loads, four products, nothing stored, nothing moved.
// PREFILL: [[LOOP:.LBB[0-9_]+]]:
// PREFILL-NOT: tilestored
// PREFILL: tileloadd {{.*}}, %tmm4
// PREFILL-NOT: tilestored
// PREFILL: tileloadd {{.*}}, %tmm5
// PREFILL-NOT: tilestored
// PREFILL: tileloadd {{.*}}, %tmm6
// PREFILL-NOT: tilestored
// PREFILL: tileloadd {{.*}}, %tmm7
// PREFILL-NEXT: tdpbsud %tmm6, %tmm4, %tmm0
// PREFILL-NEXT: tdpbsud %tmm7, %tmm4, %tmm1
// PREFILL-NEXT: tdpbsud %tmm6, %tmm5, %tmm2
// PREFILL-NEXT: tdpbsud %tmm7, %tmm5, %tmm3
// PREFILL-NOT: tile
// PREFILL-NOT: (%rsp)
// PREFILL: jb [[LOOP]]
// PREFILL-COUNT-4: tilestored
// PREFILL: tilerelease

// No lookup or byte sum element by element, nowhere.
// SCALAR-NOT: vpextr{{[bw]}}
// SCALAR-NOT: vpinsr{{[bw]}}
bitnet.weight @rows : tensor<9x2560xf32> from ["rows"]
bitnet.weight @w : !bitnet.ternary<2560x2560> from ["w"]
func.func @forward(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<1x1x2x4x16xf16>} {
  %rows = bitnet.parameter @rows : tensor<9x2560xf32>
  %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x2560xf32> -> tensor<?x2560xf32>
  %w = bitnet.parameter @w : !bitnet.ternary<2560x2560>
  %y = bitnet.linear %x, %w : tensor<?x2560xf32>, !bitnet.ternary<2560x2560> -> tensor<?x2560xf32>
  %logits = bitnet.head %y, %rows from %first : tensor<?x2560xf32>, tensor<9x2560xf32> -> tensor<?x9xf32>
  return %logits : tensor<?x9xf32>
}
