// RUN: %tritc-opt %s --lut-lower-primitives=target=aarch64_neon | FileCheck %s

// CHECK-LABEL: func @lookups_of_32_bytes_are_two_of_16
// CHECK-SAME: %[[TABLE:.*]]: vector<16xi8>, %[[AT:.*]]: vector<32xi8>, %[[SIGNS:.*]]: vector<32xi8>
func.func @lookups_of_32_bytes_are_two_of_16(%table: vector<16xi8>, %at: vector<32xi8>, %signs: vector<32xi8>) -> vector<32xi8> {
  // CHECK: %[[LOW_AT:.*]] = vector.shuffle %[[AT]], %[[AT]] [0, 1, {{.*}}, 15]
  // CHECK: %[[LOW_SIGNS:.*]] = vector.shuffle %[[SIGNS]], %[[SIGNS]] [0, 1, {{.*}}, 15]
  // CHECK: %[[LOOKED:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.tbl1.v16i8"(%[[TABLE]], %[[LOW_AT]])
  // CHECK: %[[MASK:.*]] = arith.shrsi %[[LOW_SIGNS]], %{{.*}}
  // CHECK: %[[FACTOR:.*]] = arith.ori %[[MASK]], %{{.*}}
  // CHECK: %[[LOW:.*]] = arith.muli %[[LOOKED]], %[[FACTOR]]
  // CHECK: %[[HIGH_AT:.*]] = vector.shuffle %[[AT]], %[[AT]] [16, 17, {{.*}}, 31]
  // CHECK: llvm.call_intrinsic "llvm.aarch64.neon.tbl1.v16i8"(%[[TABLE]], %[[HIGH_AT]])
  // CHECK: %[[HIGH:.*]] = arith.muli
  // CHECK: vector.shuffle %[[LOW]], %[[HIGH]]
  %r = lut.lookup %table[%at] signed %signs : vector<16xi8>, vector<32xi8>, vector<32xi8> -> vector<32xi8>
  return %r : vector<32xi8>
}

// CHECK-LABEL: func @dots_of_16_sums_are_long_products
// CHECK-SAME: %[[SUMS:.*]]: vector<16xi16>, %[[CODES:.*]]: vector<32xi8>, %[[X:.*]]: vector<2xi8>
func.func @dots_of_16_sums_are_long_products(%sums: vector<16xi16>, %codes: vector<32xi8>, %x: vector<2xi8>) -> vector<16xi16> {
  // CHECK: %[[LOW:.*]] = vector.shuffle %[[SUMS]], %[[SUMS]] [0, 1, 2, 3, 4, 5, 6, 7]
  // CHECK: %[[EVEN:.*]] = vector.shuffle %[[CODES]], %[[CODES]] [0, 2, {{.*}}, 30]
  // CHECK: %[[LOW_EVEN:.*]] = vector.shuffle %[[EVEN]], %[[EVEN]] [0, 1, 2, 3, 4, 5, 6, 7]
  // CHECK: %[[FIRST:.*]] = vector.extract %[[X]][0]
  // CHECK: %[[ALL_FIRST:.*]] = vector.broadcast %[[FIRST]] : i8 to vector<8xi8>
  // CHECK: %[[PRODUCT:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.smull.v8i16"(%[[LOW_EVEN]], %[[ALL_FIRST]])
  // CHECK: %[[NEXT:.*]] = arith.addi %[[LOW]], %[[PRODUCT]]
  // CHECK: %[[ODD:.*]] = vector.shuffle %[[CODES]], %[[CODES]] [1, 3, {{.*}}, 31]
  // CHECK: %[[LOW_ODD:.*]] = vector.shuffle %[[ODD]], %[[ODD]] [0, 1, 2, 3, 4, 5, 6, 7]
  // CHECK: %[[SECOND:.*]] = vector.extract %[[X]][1]
  // CHECK: %[[ALL_SECOND:.*]] = vector.broadcast %[[SECOND]] : i8 to vector<8xi8>
  // CHECK: %[[PRODUCT:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.smull.v8i16"(%[[LOW_ODD]], %[[ALL_SECOND]])
  // CHECK: arith.addi %[[NEXT]], %[[PRODUCT]]
  // CHECK-COUNT-2: llvm.aarch64.neon.smull.v8i16
  %r = lut.dot %sums, %codes, %x : vector<16xi16>, vector<32xi8>, vector<2xi8>
  return %r : vector<16xi16>
}

// CHECK-LABEL: func @other_widths_are_lowered_generically
func.func @other_widths_are_lowered_generically(%sums: vector<8xi16>, %table: vector<16xi8>, %x: vector<2xi8>) -> (vector<16xi8>, vector<8xi16>) {
  // CHECK-NOT: call_intrinsic
  // CHECK: return
  %r = lut.lookup %table[%table] signed %table : vector<16xi8>, vector<16xi8>, vector<16xi8> -> vector<16xi8>
  %d = lut.dot %sums, %table, %x : vector<8xi16>, vector<16xi8>, vector<2xi8>
  return %r, %d : vector<16xi8>, vector<8xi16>
}

// CHECK-LABEL: func @complements_are_distances
// CHECK-SAME: %{{.*}}: vector<16xi8>, %{{.*}}: vector<32xi8>, %[[SIGNS:.*]]: vector<32xi8>
func.func @complements_are_distances(%table: vector<16xi8>, %at: vector<32xi8>, %signs: vector<32xi8>) -> vector<32xi8> {
  // CHECK: %[[LOW_SIGNS:.*]] = vector.shuffle %[[SIGNS]], %[[SIGNS]] [0, 1, {{.*}}, 15]
  // CHECK: %[[LOOKED:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.tbl1.v16i8"
  // CHECK-NEXT: llvm.call_intrinsic "llvm.aarch64.neon.uabd.v16i8"(%[[LOOKED]], %[[LOW_SIGNS]])
  %r = lut.lookup %table[%at] signed %signs {complement} : vector<16xi8>, vector<32xi8>, vector<32xi8> -> vector<32xi8>
  return %r : vector<32xi8>
}
