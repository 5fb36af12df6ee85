// RUN: %tritc-opt %s --lut-bufferize --lut-lower-to-loops | FileCheck %s

module attributes {lut.image_bytes = 4096 : i64, lut.target = #lut.target<kernels = [<packing = <signed_nibble, rows = 64>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 2, load_columns = 2>, prefill_tokens = 8, prefetch_bytes = 0>} {
  bitnet.weight @rows : tensor<9x16xf32> from ["rows"] {lut.layout = #lut.layout<offset = 0, stride = 576>}
  bitnet.weight @norm : tensor<16xf32> x 3 from ["norm.{}"] {lut.layout = #lut.layout<offset = 576, stride = 64>}

  // The residual stream goes to the trace, where there is one: as it enters the
  // loop over layers to stage 0, after layer i to stage i + 1.
  // CHECK: %[[TRACE:[^ ]*]]: memref<4x8x16xf32>
  // CHECK: %[[ADDRESS:.*]] = memref.extract_aligned_pointer_as_index %[[TRACE]]
  // CHECK: %[[WANTED:.*]] = arith.cmpi ne, %[[ADDRESS]]
  // CHECK: scf.if %[[WANTED]]
  // CHECK-NEXT: scf.forall (%[[T:.*]]) in
  // CHECK: vector.store %{{.*}}, %[[TRACE]][%[[FIRST:.*]], %[[T]]
  // CHECK: scf.for %[[LAYER:.*]] = %[[FIRST]] to
  // CHECK: %[[STAGE:.*]] = arith.addi %[[LAYER]]
  // CHECK: scf.if
  // CHECK: vector.store %{{.*}}, %[[TRACE]][%[[STAGE]],
  func.func @f(%ids: tensor<?xi32>, %places: tensor<?x2xi32>, %first: index) -> tensor<?x9xf32> attributes {bitnet.kv_cache = tensor<3x1x2x4x16xf16>} {
    %rows = bitnet.parameter @rows : tensor<9x16xf32>
    %x = bitnet.embed %ids, %rows : tensor<?xi32>, tensor<9x16xf32> -> tensor<?x16xf32>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c3 = arith.constant 3 : index
    %y = scf.for %layer = %c0 to %c3 step %c1 iter_args(%h = %x) -> (tensor<?x16xf32>) {
      %norm = bitnet.parameter @norm[%layer] : tensor<16xf32>
      %n = bitnet.rms_norm %h, %norm epsilon 1.0e-5 : tensor<?x16xf32>, tensor<16xf32>
      %sum = arith.addf %h, %n : tensor<?x16xf32>
      scf.yield %sum : tensor<?x16xf32>
    }
    %logits = bitnet.head %y, %rows from %first : tensor<?x16xf32>, tensor<9x16xf32> -> tensor<?x9xf32>
    return %logits : tensor<?x9xf32>
  }
}
