// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{expected dimensions from 1 on, found 0 x 64}}
func.func private @register_c1_rejects_no_rows(!lut.register<0x64xi8>)

// -----

// expected-error @+1 {{expected integers of 8 or 32 bits, found 'i16'}}
func.func private @register_c2_rejects_words(!lut.register<16x32xi16>)

// -----

// expected-error @+1 {{a register has two dimensions, found 1}}
func.func private @rejects_one_dimension(!lut.register<16xi8>)

// -----

func.func @load_register_c1_rejects_another_element(%m: memref<16x64xi8>, %i: index) {
  // expected-error @+1 {{expected rows of 'i32', one behind the other, found 'memref<16x64xi8>'}}
  %b = lut.load_register %m[%i, %i] : memref<16x64xi8>, !lut.register<16x16xi32>
  return
}

// -----

func.func @load_register_c1_rejects_gaps(%m: memref<16x64xi8, strided<[128, 1]>>, %i: index) {
  // expected-error @+1 {{expected rows of 'i8', one behind the other}}
  %b = lut.load_register %m[%i, %i] : memref<16x64xi8, strided<[128, 1]>>, !lut.register<16x64xi8>
  return
}

// -----

func.func @store_register_c1_rejects_rows_of_unknown_length(%m: memref<16x?xi8>, %b: !lut.register<16x64xi8>, %i: index) {
  // expected-error @+1 {{expected rows of 'i8', one behind the other, found 'memref<16x?xi8>'}}
  lut.store_register %b, %m[%i, %i] : !lut.register<16x64xi8>, memref<16x?xi8>
  return
}

// -----

func.func @dot_registers_c1_rejects_sums_of_bytes(%s: !lut.register<16x16xi8>, %c: !lut.register<16x64xi8>) {
  // expected-error @+1 {{expected sums of i32 and factors of i8, found}}
  %r = lut.dot_registers %s, %c, %c : !lut.register<16x16xi8>, !lut.register<16x64xi8>, !lut.register<16x64xi8>
  return
}

// -----

func.func @dot_registers_c2_rejects_activations_of_fewer_tokens(%s: !lut.register<16x16xi32>, %c: !lut.register<16x64xi8>, %x: !lut.register<8x64xi8>) {
  // expected-error @+1 {{tokens: expected 16, found 8}}
  %r = lut.dot_registers %s, %c, %x : !lut.register<16x16xi32>, !lut.register<16x64xi8>, !lut.register<8x64xi8>
  return
}

// -----

func.func @dot_registers_c3_rejects_codes_of_half_the_columns(%s: !lut.register<16x16xi32>, %c: !lut.register<8x64xi8>, %x: !lut.register<16x64xi8>) {
  // expected-error @+1 {{expected codes of 16 rows and 64 columns, found '!lut.register<8x64xi8>'}}
  %r = lut.dot_registers %s, %c, %x : !lut.register<16x16xi32>, !lut.register<8x64xi8>, !lut.register<16x64xi8>
  return
}
