// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK: bitnet.weight @layers.up : !bitnet.ternary<48x24> x 2 from ["layers.{}.up"]
bitnet.weight @layers.up : !bitnet.ternary<48x24> x 2 from ["layers.{}.up"]

// CHECK: bitnet.weight @stacked : !bitnet.ternary<48x24> from ["a", "b"] rows [16, 32]
bitnet.weight @stacked : !bitnet.ternary<48x24> from ["a", "b"] rows [16, 32]

// CHECK: bitnet.weight @norm : tensor<24xbf16> from ["norm"]
bitnet.weight @norm : tensor<24xbf16> from ["norm"]

// CHECK: bitnet.weight @rope : tensor<8x2x4xf32> init #bitnet.rope_table<theta = 1.000000e+04>
bitnet.weight @rope : tensor<8x2x4xf32> init #bitnet.rope_table<theta = 1.0e4>

// CHECK: bitnet.weight @ropes : tensor<8x2x4xf32> x 2 init [#bitnet.rope_table<theta = 1.000000e+06>, #bitnet.rope_table<theta = 1.000000e+04>]
bitnet.weight @ropes : tensor<8x2x4xf32> x 2 init [#bitnet.rope_table<theta = 1.0e6>, #bitnet.rope_table<theta = 1.0e4>]

// CHECK: bitnet.weight @rounded : !bitnet.scaled<48x24xi8> from ["head"]
bitnet.weight @rounded : !bitnet.scaled<48x24xi8> from ["head"]
