// RUN: %tritc-opt %s --lut-lower-primitives=target=x86_amx --split-input-file | FileCheck %s

// CHECK-LABEL: func @blocks_are_tiles
// CHECK-SAME: %[[X:.*]]: memref<32x192xi8>, %[[CODES:.*]]: memref<96x64xi8>, %[[SUMS:.*]]: memref<64x16xi32>, %[[I:.*]]: index
func.func @blocks_are_tiles(%x: memref<32x192xi8>, %codes: memref<96x64xi8>, %sums: memref<64x16xi32>, %i: index, %n: index) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  // CHECK: llvm.call_intrinsic "llvm.x86.tileloadd64.internal"(%c16{{.*}}, %c64{{.*}}, %{{.*}}, %c64{{.*}}) : (i16, i16, !llvm.ptr, i64) -> !llvm.x86_amx
  %before = lut.load_register %sums[%i, %zero] : memref<64x16xi32>, !lut.register<16x16xi32>
  // CHECK: scf.for {{.*}} iter_args(%[[ACC:.*]] = %{{.*}}) -> (!llvm.x86_amx)
  %after = scf.for %k = %zero to %n step %one iter_args(%s = %before) -> (!lut.register<16x16xi32>) {
    // The stride between tokens is that of the activations.
    // CHECK: %[[A:.*]] = llvm.call_intrinsic "llvm.x86.tileloadd64.internal"(%c16{{.*}}, %c64{{.*}}, %{{.*}}, %c192{{.*}})
    %a = lut.load_register %x[%i, %k] : memref<32x192xi8>, !lut.register<16x64xi8>
    // CHECK: %[[B:.*]] = llvm.call_intrinsic "llvm.x86.tileloadd64.internal"
    %b = lut.load_register %codes[%i, %zero] : memref<96x64xi8>, !lut.register<16x64xi8>
    // Signed activations come first, unsigned codes second.
    // CHECK: llvm.call_intrinsic "llvm.x86.tdpbsud.internal"(%{{.*}}, %{{.*}}, %{{.*}}, %[[ACC]], %[[A]], %[[B]])
    %r = lut.dot_registers %s, %b, %a : !lut.register<16x16xi32>, !lut.register<16x64xi8>, !lut.register<16x64xi8>
    scf.yield %r : !lut.register<16x16xi32>
  }
  // CHECK: llvm.call_intrinsic "llvm.x86.tilestored64.internal"
  lut.store_register %after, %sums[%i, %zero] : !lut.register<16x16xi32>, memref<64x16xi32>
  return
}

// -----

// CHECK-LABEL: func @blocks_of_other_sizes_are_vectors
func.func @blocks_of_other_sizes_are_vectors(%x: memref<32x192xi8>, %y: memref<32x192xi8>, %i: index) {
  // CHECK-NOT: x86_amx
  // CHECK: vector.store
  %a = lut.load_register %x[%i, %i] : memref<32x192xi8>, !lut.register<8x64xi8>
  lut.store_register %a, %y[%i, %i] : !lut.register<8x64xi8>, memref<32x192xi8>
  return
}

// -----

// CHECK-LABEL: func @lookups_of_32_words_are_permutations
// CHECK-SAME: %[[TABLE:.*]]: vector<32xi16>, %[[AT:.*]]: vector<32xi16>
func.func @lookups_of_32_words_are_permutations(%table: vector<32xi16>, %at: vector<32xi16>) -> vector<32xi16> {
  // CHECK-NEXT: llvm.call_intrinsic "llvm.x86.avx512.permvar.hi.512"(%[[TABLE]], %[[AT]])
  %r = lut.lookup %table[%at] : vector<32xi16>, vector<32xi16> -> vector<32xi16>
  return %r : vector<32xi16>
}
