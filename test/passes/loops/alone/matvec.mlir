// RUN: %tritc-opt %s --lut-lower-to-loops | FileCheck %s

#target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>
!tables = memref<1x256xi8, strided<[?, 1], offset: ?>>
!steps = memref<1xf32, strided<[1], offset: ?>>
!sums = memref<1x64xf32, strided<[?, 1], offset: ?>>

module attributes {lut.target = #target} {
  bitnet.weight @w : !bitnet.ternary<64x20> from ["w"] {lut.layout = #lut.layout<offset = 64, stride = 448, packing = <signed_nibble, rows = 64>>}

  // CHECK-LABEL: func @a_token_is_looked_up
  // CHECK-SAME: %[[SECTION:[^ ]*]]: memref<4096xi8>, %[[TABLES:[^ ]*]]: memref<1x256xi8
  func.func @a_token_is_looked_up(%section: memref<4096xi8>, %tables: !tables, %steps: !steps) -> !sums {
    // CHECK: %[[WEIGHTS:.*]] = memref.view %[[SECTION]][%c64][] : memref<4096xi8> to memref<1x320xi8>
    // CHECK: scf.forall (%{{.*}}) in (1)
    // CHECK: vector.load %[[TABLES]]
    // CHECK: lut.lookup
    // CHECK: lut.mark "w" reads 448
    %w = bitnet.parameter @w in %section : !bitnet.ternary<64x20>, memref<4096xi8>
    %y = lut.matvec %tables, %steps, %w packed <signed_nibble, rows = 64> : !tables, !steps, !bitnet.ternary<64x20> -> !sums
    return %y : !sums
  }
}
