// RUN: %tritc-opt %s --lut-bufferize | FileCheck %s
// RUN: %tritc-opt %s --tritc-phase-loops

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}

  // CHECK-LABEL: func @the_residual_stream_on_the_left
  // CHECK: %[[X:.*]] = bitnet.embed
  // CHECK: scf.for %{{[a-z0-9_]*}} = %{{.*}} to %{{.*}} step %{{[a-z0-9_]*}} {
  // CHECK: %[[G:.*]] = bitnet.glu <relu2> %[[X]], %[[X]]
  // CHECK: bitnet.add %[[X]], %[[G]] into %[[X]]
  // CHECK-NOT: {{bitnet|memref}}.copy
  // CHECK: return
  func.func @the_residual_stream_on_the_left(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %y = scf.for %l = %c0 to %c2 step %c1 iter_args(%h = %x) -> (tensor<?x16xf32>) {
      %g = bitnet.glu <relu2> %h, %h : tensor<?x16xf32>
      %s = arith.addf %h, %g : tensor<?x16xf32>
      scf.yield %s : tensor<?x16xf32>
    }
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }

  // CHECK-LABEL: func @the_residual_stream_on_the_right
  // CHECK: %[[X:.*]] = bitnet.embed
  // CHECK: scf.for %{{[a-z0-9_]*}} = %{{.*}} to %{{.*}} step %{{[a-z0-9_]*}} {
  // CHECK: %[[G:.*]] = bitnet.glu <relu2> %[[X]], %[[X]]
  // CHECK: bitnet.add %[[G]], %[[X]] into %[[X]]
  // CHECK-NOT: {{bitnet|memref}}.copy
  // CHECK: return
  func.func @the_residual_stream_on_the_right(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %y = scf.for %l = %c0 to %c2 step %c1 iter_args(%h = %x) -> (tensor<?x16xf32>) {
      %g = bitnet.glu <relu2> %h, %h : tensor<?x16xf32>
      %s = arith.addf %g, %h : tensor<?x16xf32>
      scf.yield %s : tensor<?x16xf32>
    }
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }

  // CHECK-LABEL: func @a_sum_of_one_with_itself
  // CHECK: %[[X:.*]] = bitnet.embed
  // CHECK: bitnet.add %[[X]], %[[X]] into %[[X]]
  // CHECK-NOT: {{bitnet|memref}}.copy
  // CHECK: return
  func.func @a_sum_of_one_with_itself(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %y = arith.addf %x, %x : tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }

  // A new buffer, and no copy.
  // CHECK-LABEL: func @both_are_read_again
  // CHECK: %[[S:.*]] = bitnet.add %{{.*}}, %{{.*}} : memref
  // CHECK-NOT: {{bitnet|memref}}.copy
  // CHECK: return
  func.func @both_are_read_again(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<2x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %g = bitnet.glu <relu2> %x, %x : tensor<?x16xf32>
    %s = arith.addf %x, %g : tensor<?x16xf32>
    %t = bitnet.glu <relu2> %x, %g : tensor<?x16xf32>
    %y = arith.addf %s, %t : tensor<?x16xf32>
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
