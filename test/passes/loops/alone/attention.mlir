// RUN: %tritc-opt %s --lut-lower-to-loops | FileCheck %s

#target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>
!rows = memref<?x20xf32, strided<[?, 1], offset: ?>>
!cache = memref<2x1x2x2x64x10xf16>
!keys = memref<?x20xf32, strided<[?, 1], offset: ?>>
!places = memref<?x3xi32, strided<[?, 1], offset: ?>>

module attributes {lut.target = #target} {
  // CHECK-LABEL: func @tokens_are_cached_and_then_attended_to
  // CHECK-SAME: %[[CACHE:[^ ]*]]: memref<2x1x2x2x64x10xf16>
  func.func @tokens_are_cached_and_then_attended_to(%q: !rows, %k: !rows, %v: !rows, %places: !places, %layer: index, %cache: !cache) -> !rows {
    // CHECK: scf.forall
    // CHECK: vector.maskedstore %[[CACHE]][
    // CHECK: {mapping = [#lut.share<rows>]}
    // CHECK: scf.forall
    // CHECK: memref.alloca() {{.*}} : memref<4x64xf32>
    // CHECK: vector.maskedload %[[CACHE]][
    // CHECK: {mapping = [#lut.share<heads>]}
    // CHECK-NEXT: lut.mark "attention"
    %r = bitnet.attention %q, %k, %v at %places layer %layer in %cache heads 2 over 2 : !rows, !rows, !rows, !places, !cache -> !rows
    return %r : !rows
  }
}
