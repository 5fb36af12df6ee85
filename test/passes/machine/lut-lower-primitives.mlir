// RUN: %tritc-opt %s --lut-lower-primitives | FileCheck %s

// CHECK-LABEL: func @lookups_become_extractions
// CHECK-SAME: %[[TABLE:.*]]: vector<16xi8>, %[[AT:.*]]: vector<2xi8>, %[[SIGNS:.*]]: vector<2xi8>
func.func @lookups_become_extractions(%table: vector<16xi8>, %at: vector<2xi8>, %signs: vector<2xi8>) -> vector<2xi8> {
  // CHECK: %[[ZERO:.*]] = arith.constant dense<0> : vector<2xi8>
  // CHECK: %[[I:.*]] = vector.extract %[[AT]][0]
  // CHECK: %[[INDEX:.*]] = arith.index_castui %[[I]] : i8 to index
  // CHECK: vector.extract %[[TABLE]][%[[INDEX]]]
  // CHECK: vector.extract %[[AT]][1]
  // CHECK: %[[LOOKED:.*]] = vector.insert
  // CHECK: %[[NEGATED:.*]] = arith.subi %[[ZERO]], %[[LOOKED]]
  // CHECK: %[[NEGATIVE:.*]] = arith.cmpi slt, %[[SIGNS]], %[[ZERO]]
  // CHECK: %[[R:.*]] = arith.select %[[NEGATIVE]], %[[NEGATED]], %[[LOOKED]]
  // CHECK: return %[[R]]
  %r = lut.lookup %table[%at] signed %signs : vector<16xi8>, vector<2xi8>, vector<2xi8> -> vector<2xi8>
  return %r : vector<2xi8>
}

// CHECK-LABEL: func @lookups_without_signs_negate_nothing
// CHECK-SAME: %[[TABLE:.*]]: vector<32xi16>, %[[AT:.*]]: vector<1xi16>
func.func @lookups_without_signs_negate_nothing(%table: vector<32xi16>, %at: vector<1xi16>) -> vector<1xi16> {
  // CHECK: %[[I:.*]] = vector.extract %[[AT]][0]
  // CHECK: %[[INDEX:.*]] = arith.index_castui %[[I]] : i16 to index
  // CHECK: %[[ENTRY:.*]] = vector.extract %[[TABLE]][%[[INDEX]]]
  // CHECK: %[[R:.*]] = vector.insert %[[ENTRY]]
  // CHECK-NEXT: return %[[R]]
  %r = lut.lookup %table[%at] : vector<32xi16>, vector<1xi16> -> vector<1xi16>
  return %r : vector<1xi16>
}

// CHECK-LABEL: func @complements_are_exclusive_ors
// CHECK-SAME: %{{.*}}: vector<16xi8>, %{{.*}}: vector<1xi8>, %[[SIGNS:.*]]: vector<1xi8>
func.func @complements_are_exclusive_ors(%table: vector<16xi8>, %at: vector<1xi8>, %signs: vector<1xi8>) -> vector<1xi8> {
  // CHECK: %[[LOOKED:.*]] = vector.insert
  // CHECK: %[[R:.*]] = arith.xori %[[LOOKED]], %[[SIGNS]]
  // CHECK: return %[[R]]
  %r = lut.lookup %table[%at] signed %signs {complement} : vector<16xi8>, vector<1xi8>, vector<1xi8> -> vector<1xi8>
  return %r : vector<1xi8>
}
