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

// CHECK-LABEL: func @dots_become_multiplications
// CHECK-SAME: %[[SUMS:.*]]: vector<2xi16>, %[[CODES:.*]]: vector<4xi8>, %[[X:.*]]: vector<4xi8>
func.func @dots_become_multiplications(%sums: vector<2xi16>, %codes: vector<4xi8>, %x: vector<4xi8>) -> vector<2xi16> {
  // CHECK: %[[A:.*]] = arith.extui %[[CODES]] : vector<4xi8> to vector<4xi16>
  // CHECK: %[[B:.*]] = arith.extsi %[[X]] : vector<4xi8> to vector<4xi16>
  // CHECK: %[[PRODUCTS:.*]] = arith.muli %[[A]], %[[B]]
  // CHECK: %[[EVEN:.*]], %[[ODD:.*]] = vector.deinterleave %[[PRODUCTS]]
  // CHECK: %[[PAIRS:.*]] = arith.addi %[[EVEN]], %[[ODD]]
  // CHECK: arith.addi %[[SUMS]], %[[PAIRS]]
  %r = lut.dot %sums, %codes, %x : vector<2xi16>, vector<4xi8>, vector<4xi8>
  return %r : vector<2xi16>
}
