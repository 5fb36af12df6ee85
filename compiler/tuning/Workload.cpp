//===- Workload.cpp - Small programs worth timing -------------------------===//
#include "compiler/tuning/Workload.h"

#include "llvm/Support/FormatVariadic.h"

namespace tritc::tuning {

// Every function ends in a head; where that is not what is timed, it has one
// row, and nobody asks for its logit.

Workload ternaryProducts(int64_t rows, int64_t columns, int64_t layers) {
  return {llvm::formatv(R"mlir(
bitnet.weight @inputs : tensor<1x{1}xf32> from ["inputs"]
bitnet.weight @sums : tensor<1x{0}xf32> from ["sums"]
bitnet.weight @layers.product : !bitnet.ternary<{0}x{1}> x {2} from ["product.{{}"]
func.func @forward(%ids: tensor<?xi32>, %position: index, %first: index)
    -> tensor<?x1xf32>
    attributes {{bitnet.kv_cache = tensor<1x1x2x4096x16xf16>} {{
  %inputs = bitnet.parameter @inputs : tensor<1x{1}xf32>
  %sums = bitnet.parameter @sums : tensor<1x{0}xf32>
  %x = bitnet.embed %ids, %inputs
      : tensor<?xi32>, tensor<1x{1}xf32> -> tensor<?x{1}xf32>
  %start = bitnet.embed %ids, %sums
      : tensor<?xi32>, tensor<1x{0}xf32> -> tensor<?x{0}xf32>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %count = arith.constant {2} : index
  %all = scf.for %layer = %c0 to %count step %c1 iter_args(%sum = %start)
      -> (tensor<?x{0}xf32>) {{
    %w = bitnet.parameter @layers.product[%layer] : !bitnet.ternary<{0}x{1}>
    %y = bitnet.linear %x, %w
        : tensor<?x{1}xf32>, !bitnet.ternary<{0}x{1}> -> tensor<?x{0}xf32>
    %next = arith.addf %sum, %y : tensor<?x{0}xf32>
    scf.yield %next : tensor<?x{0}xf32>
  }
  %last = bitnet.parameter @sums : tensor<1x{0}xf32>
  %logits = bitnet.head %all, %last from %first
      : tensor<?x{0}xf32>, tensor<1x{0}xf32> -> tensor<?x1xf32>
  return %logits : tensor<?x1xf32>
}
)mlir",
                        rows, columns, layers),
          /*positions=*/0, /*hasLogits=*/false};
}

Workload head(int64_t rows, int64_t columns, int64_t bits) {
  std::string type =
      bits == 0
          ? llvm::formatv("tensor<{0}x{1}xbf16>", rows, columns).str()
          : llvm::formatv("!bitnet.scaled<{0}x{1}xi{2}>", rows, columns, bits)
                .str();
  return {llvm::formatv(R"mlir(
bitnet.weight @inputs : tensor<1x{1}xf32> from ["inputs"]
bitnet.weight @head : {2} from ["lm_head.weight"]
func.func @forward(%ids: tensor<?xi32>, %position: index, %first: index)
    -> tensor<?x{0}xf32>
    attributes {{bitnet.kv_cache = tensor<1x1x2x4096x16xf16>} {{
  %inputs = bitnet.parameter @inputs : tensor<1x{1}xf32>
  %x = bitnet.embed %ids, %inputs
      : tensor<?xi32>, tensor<1x{1}xf32> -> tensor<?x{1}xf32>
  %head = bitnet.parameter @head : {2}
  %logits = bitnet.head %x, %head from %first
      : tensor<?x{1}xf32>, {2} -> tensor<?x{0}xf32>
  return %logits : tensor<?x{0}xf32>
}
)mlir",
                        rows, columns, type),
          /*positions=*/0, /*hasLogits=*/true};
}

int64_t AttentionShape::headBytes() const {
  constexpr int64_t stepBytes = 4, halfBytes = 2;
  return bytes ? headDim + stepBytes : headDim * halfBytes;
}

Workload attention(const AttentionShape &shape) {
  int64_t width = shape.heads * shape.headDim;
  int64_t kvWidth = shape.kvHeads * shape.headDim;
  std::string cache =
      llvm::formatv("tensor<{0}x{1}x2x{2}x{3}x{4}>", shape.layers,
                    shape.kvHeads, shape.positions + shape.tokens,
                    shape.bytes ? shape.headBytes() : shape.headDim,
                    shape.bytes ? "i8" : "f16");
  return {llvm::formatv(R"mlir(
bitnet.weight @queries : tensor<1x{0}xf32> from ["queries"]
bitnet.weight @keys : tensor<1x{1}xf32> from ["keys"]
bitnet.weight @sums : tensor<1x{0}xf32> from ["sums"]
func.func @forward(%ids: tensor<?xi32>, %position: index, %first: index)
    -> tensor<?x1xf32> attributes {{bitnet.kv_cache = {2}} {{
  %queries = bitnet.parameter @queries : tensor<1x{0}xf32>
  %keys = bitnet.parameter @keys : tensor<1x{1}xf32>
  %q = bitnet.embed %ids, %queries
      : tensor<?xi32>, tensor<1x{0}xf32> -> tensor<?x{0}xf32>
  %k = bitnet.embed %ids, %keys
      : tensor<?xi32>, tensor<1x{1}xf32> -> tensor<?x{1}xf32>
  %sums = bitnet.parameter @sums : tensor<1x{0}xf32>
  %start = bitnet.embed %ids, %sums
      : tensor<?xi32>, tensor<1x{0}xf32> -> tensor<?x{0}xf32>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %count = arith.constant {5} : index
  %all = scf.for %layer = %c0 to %count step %c1 iter_args(%sum = %start)
      -> (tensor<?x{0}xf32>) {{
    %y = bitnet.attention %q, %k, %k at %position layer %layer heads {3} over {4}
        : tensor<?x{0}xf32>, tensor<?x{1}xf32>, tensor<?x{1}xf32>
        -> tensor<?x{0}xf32>
    %next = arith.addf %sum, %y : tensor<?x{0}xf32>
    scf.yield %next : tensor<?x{0}xf32>
  }
  %last = bitnet.parameter @queries : tensor<1x{0}xf32>
  %logits = bitnet.head %all, %last from %first
      : tensor<?x{0}xf32>, tensor<1x{0}xf32> -> tensor<?x1xf32>
  return %logits : tensor<?x1xf32>
}
)mlir",
                        width, kvWidth, cache, shape.heads, shape.kvHeads,
                        shape.layers),
          shape.positions, /*hasLogits=*/false};
}

} // namespace tritc::tuning
