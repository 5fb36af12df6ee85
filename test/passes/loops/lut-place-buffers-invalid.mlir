// RUN: %tritc-opt %s --lut-place-buffers --split-input-file --verify-diagnostics

func.func private @elsewhere(memref<32xf32>)
func.func @rejects_a_call() {
  // expected-error @below {{'memref.alloc' op has a use that cannot be followed}}
  %a = memref.alloc() : memref<32xf32>
  // expected-note @below {{used here}}
  call @elsewhere(%a) : (memref<32xf32>) -> ()
  return
}

// -----

func.func @rejects_a_returned_buffer() -> memref<32xf32> {
  // expected-error @below {{'memref.alloc' op has a use that cannot be followed}}
  %a = memref.alloc() : memref<32xf32>
  // expected-note @below {{used here}}
  return %a : memref<32xf32>
}

// -----

func.func @rejects_a_freed_view() {
  // expected-error @below {{'memref.alloc' op has a use that cannot be followed}}
  %a = memref.alloc() : memref<32xf32>
  %c0 = arith.constant 0 : index
  %view = memref.subview %a[0] [16] [1] : memref<32xf32> to memref<16xf32, strided<[1]>>
  // expected-note @below {{used here}}
  memref.dealloc %view : memref<16xf32, strided<[1]>>
  return
}

// -----

func.func @rejects_an_address() -> index {
  // expected-error @below {{'memref.alloc' op has a use that cannot be followed}}
  %a = memref.alloc() : memref<32xf32>
  // expected-note @below {{used here}}
  %address = memref.extract_aligned_pointer_as_index %a : memref<32xf32> -> index
  return %address : index
}

// -----

func.func @rejects_a_stored_buffer(%place: memref<1xmemref<32xf32>>) {
  // expected-error @below {{'memref.alloc' op has a use that cannot be followed}}
  %a = memref.alloc() : memref<32xf32>
  %c0 = arith.constant 0 : index
  // expected-note @below {{used here}}
  memref.store %a, %place[%c0] : memref<1xmemref<32xf32>>
  return
}

// -----

func.func @rejects_a_dynamic_size(%n: index) {
  // expected-error @below {{'memref.alloc' op expected a static shape, row after row, found 'memref<?xf32>'}}
  %a = memref.alloc(%n) : memref<?xf32>
  return
}

// -----

func.func @rejects_bits() {
  // expected-error @below {{'memref.alloc' op expected elements of whole bytes, found 'memref<32xi1>'}}
  %a = memref.alloc() : memref<32xi1>
  return
}

// -----

func.func @rejects_a_larger_alignment() {
  // expected-error @below {{'memref.alloc' op expected no larger alignment than that of a cache line, found 'memref<32xf32>'}}
  %a = memref.alloc() {alignment = 128 : i64} : memref<32xf32>
  return
}

// -----

// expected-error @below {{expected an argument in front of scratch memory, found none}}
func.func @rejects_a_function_without_arguments() {
  %a = memref.alloc() : memref<32xf32>
  return
}
