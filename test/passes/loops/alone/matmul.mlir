// RUN: %tritc-opt %s --lut-lower-to-loops | FileCheck %s

#target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>
!bytes = memref<?x20xi8, strided<[?, 1], offset: ?>>
!steps = memref<?xf32, strided<[1], offset: ?>>
!sums = memref<?x64xf32, strided<[?, 1], offset: ?>>

module attributes {lut.target = #target} {
  bitnet.weight @w : !bitnet.ternary<64x20> from ["w"] {lut.layout = #lut.layout<offset = 64, stride = 448, packing = <signed_nibble, rows = 64>>}

  // CHECK-LABEL: func @tokens_are_multiplied
  func.func @tokens_are_multiplied(%section: memref<4096xi8>, %x: !bytes, %steps: !steps) -> !sums {
    // CHECK: scf.forall (%{{.*}}) in (1)
    // CHECK: lut.dot
    // CHECK: {mapping = [#lut.share<tiles>]}
    // CHECK-NEXT: lut.mark "w" reads 448
    %w = bitnet.parameter @w in %section : !bitnet.ternary<64x20>, memref<4096xi8>
    %y = lut.matmul %x, %steps, %w packed <signed_nibble, rows = 64> by <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2> : !bytes, !steps, !bitnet.ternary<64x20> -> !sums
    return %y : !sums
  }
}
