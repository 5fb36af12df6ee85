// RUN: %tritc-opt %s --lut-lower-primitives | FileCheck %s

// CHECK-LABEL: func @lookups_become_loops
// CHECK-SAME: %[[TABLE:.*]]: vector<16xi8>, %[[AT:.*]]: vector<2xi8>, %[[SIGNS:.*]]: vector<2xi8>
func.func @lookups_become_loops(%table: vector<16xi8>, %at: vector<2xi8>, %signs: vector<2xi8>) -> vector<2xi8> {
  // CHECK: %[[ZERO:.*]] = arith.constant dense<0> : vector<2xi8>
  // CHECK: %[[LOOKED:.*]] = scf.for %[[I:.*]] = %c0{{.*}} to %c2{{.*}} step %c1{{.*}} iter_args(%[[SO:.*]] = %[[ZERO]])
  // CHECK-NEXT: %[[INDEX:.*]] = vector.extract %[[AT]][%[[I]]]
  // CHECK-NEXT: %[[PLACE:.*]] = arith.index_castui %[[INDEX]] : i8 to index
  // CHECK-NEXT: %[[ENTRY:.*]] = vector.extract %[[TABLE]][%[[PLACE]]]
  // CHECK-NEXT: %[[NEXT:.*]] = vector.insert %[[ENTRY]], %[[SO]] [%[[I]]]
  // CHECK-NEXT: scf.yield %[[NEXT]]
  // CHECK: %[[NEGATED:.*]] = arith.subi %[[ZERO]], %[[LOOKED]]
  // CHECK: %[[NEGATIVE:.*]] = arith.cmpi slt, %[[SIGNS]], %[[ZERO]]
  // CHECK: %[[R:.*]] = arith.select %[[NEGATIVE]], %[[NEGATED]], %[[LOOKED]]
  // CHECK: return %[[R]]
  %r = lut.lookup %table[%at] signed %signs : vector<16xi8>, vector<2xi8>, vector<2xi8> -> vector<2xi8>
  return %r : vector<2xi8>
}

// CHECK-LABEL: func @lookups_without_signs_negate_nothing
func.func @lookups_without_signs_negate_nothing(%table: vector<32xi16>, %at: vector<1xi16>) -> vector<1xi16> {
  // CHECK: %[[R:.*]] = scf.for
  // CHECK: arith.index_castui %{{.*}} : i16 to index
  // CHECK: }
  // CHECK-NEXT: return %[[R]]
  %r = lut.lookup %table[%at] : vector<32xi16>, vector<1xi16> -> vector<1xi16>
  return %r : vector<1xi16>
}

// CHECK-LABEL: func @complements_are_exclusive_ors
// CHECK-SAME: %{{.*}}: vector<16xi8>, %{{.*}}: vector<1xi8>, %[[SIGNS:.*]]: vector<1xi8>
func.func @complements_are_exclusive_ors(%table: vector<16xi8>, %at: vector<1xi8>, %signs: vector<1xi8>) -> vector<1xi8> {
  // CHECK: %[[LOOKED:.*]] = scf.for
  // CHECK: %[[R:.*]] = arith.xori %[[LOOKED]], %[[SIGNS]]
  // CHECK: return %[[R]]
  %r = lut.lookup %table[%at] signed %signs {complement} : vector<16xi8>, vector<1xi8>, vector<1xi8> -> vector<1xi8>
  return %r : vector<1xi8>
}
