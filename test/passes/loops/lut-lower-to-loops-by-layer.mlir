// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}

  // Equal lists are one constant, of both functions.
  // CHECK: memref.global "private" constant @[[OTHER:.*]] : memref<3xi64> = dense<[24, 100, 24]>
  // CHECK: memref.global "private" constant @[[LIST:.*]] : memref<3xi64> = dense<[24, 200, 24]>
  // CHECK-NOT: memref.global
  // CHECK-LABEL: func @picks_by_layer
  // CHECK: %[[LAYER:.*]] = arith.constant 1 : index
  // CHECK: %[[NUMBERS:.*]] = memref.get_global @[[LIST]]
  // CHECK: %[[NUMBER:.*]] = memref.load %[[NUMBERS]][%[[LAYER]]]
  // CHECK: arith.index_cast %[[NUMBER]] : i64 to index
  func.func @picks_by_layer(%ids: tensor<?xi32>, %places: tensor<?x5xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<3x1x2x200x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %layer = arith.constant 1 : index
    %window = bitnet.by_layer %layer of [24, 200, 24] : index
    %y = bitnet.attention %x, %x, %x at %places layer %layer window %window heads 1 over 1 : tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x5xi32> -> tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }

  // CHECK-LABEL: func @picks_again
  // CHECK: memref.get_global @[[LIST]]
  func.func @picks_again(%ids: tensor<?xi32>, %places: tensor<?x5xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<3x1x2x200x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %layer = arith.constant 1 : index
    %window = bitnet.by_layer %layer of [24, 200, 24] : index
    %y = bitnet.attention %x, %x, %x at %places layer %layer window %window heads 1 over 1 : tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x5xi32> -> tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }

  // CHECK-LABEL: func @picks_another
  // CHECK: memref.get_global @[[OTHER]]
  func.func @picks_another(%ids: tensor<?xi32>, %places: tensor<?x5xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<3x1x2x200x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %layer = arith.constant 1 : index
    %window = bitnet.by_layer %layer of [24, 100, 24] : index
    %y = bitnet.attention %x, %x, %x at %places layer %layer window %window heads 1 over 1 : tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x5xi32> -> tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
