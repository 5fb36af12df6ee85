// RUN: %tritc-opt %s --lut-lower-primitives | FileCheck %s

// Without registers for blocks, they are vectors of two dimensions, also where
// a loop carries them.
// CHECK-LABEL: func @blocks_become_vectors
// CHECK-SAME: %[[X:.*]]: memref<8x8xi8>, %[[CODES:.*]]: memref<8x8xi8>, %[[SUMS:.*]]: memref<8x2xi32>, %[[I:.*]]: index
func.func @blocks_become_vectors(%x: memref<8x8xi8>, %codes: memref<8x8xi8>, %sums: memref<8x2xi32>, %i: index, %n: index) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  // CHECK-NEXT: %[[X_ON_STACK:.*]] = memref.alloca() : memref<2x8xi8>
  // CHECK-NEXT: %[[CODES_ON_STACK:.*]] = memref.alloca() : memref<2x8xi8>
  // CHECK-NEXT: %[[SUMS_ON_STACK:.*]] = memref.alloca() : memref<2x2xi32>
  // CHECK: %[[ROW:.*]] = vector.load %[[SUMS]][%{{.*}}, %{{.*}}] : memref<8x2xi32>, vector<2xi32>
  // CHECK: vector.insert %[[ROW]], %{{.*}} [0] : vector<2xi32> into vector<2x2xi32>
  %before = lut.load_register %sums[%i, %zero] : memref<8x2xi32>, !lut.register<2x2xi32>
  // CHECK: scf.for {{.*}} -> (vector<2x2xi32>)
  %after = scf.for %k = %zero to %n step %one iter_args(%s = %before) -> (!lut.register<2x2xi32>) {
    %a = lut.load_register %x[%i, %k] : memref<8x8xi8>, !lut.register<2x8xi8>
    %b = lut.load_register %codes[%i, %k] : memref<8x8xi8>, !lut.register<2x8xi8>
    // CHECK: scf.for %[[TOKEN:.*]] =
    // CHECK: %[[SUM:.*]] = vector.load %[[SUMS_ON_STACK]][%[[TOKEN]], %{{.*}}] : memref<2x2xi32>, vector<2xi32>
    // CHECK: %[[NEXT:.*]] = scf.for %[[GROUP:.*]] = {{.*}} iter_args(%{{.*}} = %[[SUM]]) -> (vector<2xi32>)
    // CHECK: vector.load %[[CODES_ON_STACK]][%[[GROUP]], %{{.*}}] : memref<2x8xi8>, vector<8xi8>
    // CHECK: vector.load %[[X_ON_STACK]][%[[TOKEN]], %{{.*}}] : memref<2x8xi8>, vector<4xi8>
    // CHECK-COUNT-4: arith.muli %{{.*}}, %{{.*}} : vector<2xi32>
    // CHECK: vector.store %[[NEXT]], %[[SUMS_ON_STACK]][%[[TOKEN]], %{{.*}}]
    %r = lut.dot_registers %s, %b, %a : !lut.register<2x2xi32>, !lut.register<2x8xi8>, !lut.register<2x8xi8>
    scf.yield %r : !lut.register<2x2xi32>
  }
  // CHECK: vector.store %{{.*}}, %[[SUMS]]
  lut.store_register %after, %sums[%i, %zero] : !lut.register<2x2xi32>, memref<8x2xi32>
  // CHECK-NOT: lut.register
  // CHECK: return
  return
}
