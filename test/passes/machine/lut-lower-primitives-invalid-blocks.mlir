// RUN: %tritc-opt %s --lut-lower-primitives --split-input-file --verify-diagnostics

func.func @rejects_a_block_from_elsewhere(%b: !lut.block<2x2xi32>, %sums: memref<8x2xi32>, %i: index) {
  // expected-error @+2 {{failed to legalize unresolved materialization from ('!lut.block<2x2xi32>') to ('vector<2x2xi32>')}}
  // expected-note @+1 {{see existing live user here}}
  lut.store_block %b, %sums[%i, %i] : !lut.block<2x2xi32>, memref<8x2xi32>
  return
}

// -----

func.func @rejects_a_choice_of_blocks(%sums: memref<8x2xi32>, %i: index, %j: index, %c: i1) {
  %a = lut.load_block %sums[%i, %i] : memref<8x2xi32>, !lut.block<2x2xi32>
  %b = lut.load_block %sums[%j, %j] : memref<8x2xi32>, !lut.block<2x2xi32>
  // expected-error @+1 {{failed to legalize operation 'arith.select'}}
  %d = arith.select %c, %a, %b : !lut.block<2x2xi32>
  lut.store_block %d, %sums[%i, %i] : !lut.block<2x2xi32>, memref<8x2xi32>
  return
}
