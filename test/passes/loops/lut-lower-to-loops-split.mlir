// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x32xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 1152>}
  bitnet.weight @head : tensor<9x16xf32> from ["head"] {lut.layout = #lut.layout<offset = 1152, stride = 576>}

  // Pieces are columns of the buffer that is split: no copy.
  // CHECK: vector.store %{{.*}}, %[[X:[a-z0-9_]*]][
  // CHECK: scf.forall
  // CHECK: vector.load %[[X]][
  // CHECK: %[[SECOND:.*]] = arith.constant 16 : index
  // CHECK: %[[COLUMN:.*]] = arith.addi %{{.*}}, %[[SECOND]]
  // CHECK: vector.load %[[X]][%{{.*}}, %[[COLUMN]]]
  func.func @f(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<1x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x32xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x32xf32> -> tensor<?x32xf32>
    %a, %b = bitnet.split %x : tensor<?x32xf32> -> tensor<?x16xf32>, tensor<?x16xf32>
    %y = bitnet.glu <relu2> %a, %b : tensor<?x16xf32>
    %head = bitnet.parameter @head : tensor<9x16xf32>
    %logits = bitnet.head %y, %head from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
