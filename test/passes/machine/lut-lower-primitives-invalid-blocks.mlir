// RUN: %tritc-opt %s --lut-lower-primitives --split-input-file --verify-diagnostics

func.func @rejects_a_block_from_elsewhere(%b: !lut.register<2x2xi32>, %sums: memref<8x2xi32>, %i: index) {
  // expected-error @+2 {{failed to legalize unresolved materialization from ('!lut.register<2x2xi32>') to ('vector<2x2xi32>')}}
  // expected-note @+1 {{see existing live user here}}
  lut.store_register %b, %sums[%i, %i] : !lut.register<2x2xi32>, memref<8x2xi32>
  return
}

// -----

func.func @rejects_a_choice_of_blocks(%sums: memref<8x2xi32>, %i: index, %j: index, %c: i1) {
  %a = lut.load_register %sums[%i, %i] : memref<8x2xi32>, !lut.register<2x2xi32>
  %b = lut.load_register %sums[%j, %j] : memref<8x2xi32>, !lut.register<2x2xi32>
  // expected-error @+1 {{failed to legalize operation 'arith.select'}}
  %d = arith.select %c, %a, %b : !lut.register<2x2xi32>
  lut.store_register %d, %sums[%i, %i] : !lut.register<2x2xi32>, memref<8x2xi32>
  return
}
