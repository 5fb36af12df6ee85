// RUN: %tritc-opt %s --lut-plan-image | FileCheck %s

// The section ends on a page.
// CHECK: lut.image_bytes = 4096 : i64
module attributes {lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 6, load_columns = 2>, prefill_tokens = 96, prefetch_bytes = 0>} {
  // One tile of one block, 2 * 160 bytes, and one scale.
  // CHECK: @one_source {{.*}} {lut.layout = #lut.layout<offset = 0, stride = 384, packing = <signed_nibble, rows = 64>>}
  bitnet.weight @one_source : !bitnet.ternary<48x24> from ["w"]

  // Two tiles, and two scales; layers stand one after the other.
  // CHECK: @two_sources_in_two_layers {{.*}} {lut.layout = #lut.layout<offset = 384, stride = 704, packing = <signed_nibble, rows = 64>>}
  bitnet.weight @two_sources_in_two_layers : !bitnet.ternary<65x24> x 2 from ["a.{}", "b.{}"] rows [16, 49]

  // CHECK: @plain {{.*}} {lut.layout = #lut.layout<offset = 1792, stride = 64>}
  bitnet.weight @plain : tensor<25xbf16> from ["norm"]

  // CHECK: @generated {{.*}} {lut.layout = #lut.layout<offset = 1856, stride = 256>}
  bitnet.weight @generated : tensor<8x2x4xf32> init #bitnet.rope_table<theta = 1.0e4>
}
