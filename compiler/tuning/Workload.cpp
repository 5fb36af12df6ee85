//===- Workload.cpp - Small programs worth timing -------------------------===//
#include "compiler/tuning/Workload.h"

#include "runtime/abi/Program.h"

#include "llvm/Support/FormatVariadic.h"

namespace tritc::tuning {

// Every function ends in a head; where that is not what is timed, it has one
// row, and nobody asks for its logit.

namespace {
/// A model whose layers are all the same and know nothing of one another.
struct LayeredModel {
  int64_t layers, width; ///< of what a layer gives
  int64_t context;       ///< tokens of the cache
  std::string cache;     ///< type of the KV cache
  std::string weights;   ///< declarations
  std::string inputs;    ///< statements before all layers
  std::string layer;     ///< statements that give %y of %layer
};
} // namespace

/// Of a model that has no use for one.
static constexpr int64_t plainContext = 4096;

/// The type of places in a context of so many tokens.
static std::string placesOf(int64_t context) {
  return llvm::formatv("tensor<?x{0}xi32>",
                       1 + tritc_kv_pages(uint64_t(context)));
}

/// The declaration of an f32 row.
static std::string declare(llvm::StringRef name, int64_t width) {
  return llvm::formatv(
      "bitnet.weight @{0} : tensor<1x{1}xf32> from [\"{0}\"]\n", name, width);
}

/// %<name>: that row for every token.
static std::string embed(llvm::StringRef name, int64_t width) {
  return llvm::formatv(
      "  %row_{0} = bitnet.parameter @{0} : tensor<1x{1}xf32>\n"
      "  %{0} = bitnet.embed %ids, %row_{0}\n"
      "      : tensor<?xi32>, tensor<1x{1}xf32> -> tensor<?x{1}xf32>\n",
      name, width);
}

/// The model that adds its layers up.
static std::string sumOfLayers(const LayeredModel &model) {
  return llvm::formatv(R"mlir(
{4}{5}func.func @forward(%ids: tensor<?xi32>, %places: {8}, %first: index)
    -> tensor<?x1xf32> attributes {{bitnet.kv_cache = {2}} {{
{3}{6}  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %count = arith.constant {1} : index
  %all = scf.for %layer = %c0 to %count step %c1 iter_args(%sum = %sums)
      -> (tensor<?x{0}xf32>) {{
{7}    %next = arith.addf %sum, %y : tensor<?x{0}xf32>
    scf.yield %next : tensor<?x{0}xf32>
  }
  %last = bitnet.parameter @sums : tensor<1x{0}xf32>
  %logits = bitnet.head %all, %last from %first
      : tensor<?x{0}xf32>, tensor<1x{0}xf32> -> tensor<?x1xf32>
  return %logits : tensor<?x1xf32>
}
)mlir",
                       model.width, model.layers, model.cache, model.inputs,
                       model.weights, declare("sums", model.width),
                       embed("sums", model.width), model.layer,
                       placesOf(model.context));
}

Workload ternaryProducts(int64_t rows, int64_t columns, int64_t layers) {
  LayeredModel model{
      layers,
      rows,
      plainContext,
      "tensor<1x1x2x4096x16xf16>",
      declare("inputs", columns) +
          llvm::formatv(
              "bitnet.weight @layers.product : "
              "!bitnet.ternary<{0}x{1}> x {2} from [\"product.{{}\"]\n",
              rows, columns, layers)
              .str(),
      embed("inputs", columns),
      llvm::formatv("    %w = bitnet.parameter @layers.product[%layer] : "
                    "!bitnet.ternary<{0}x{1}>\n"
                    "    %y = bitnet.linear %inputs, %w : tensor<?x{1}xf32>, "
                    "!bitnet.ternary<{0}x{1}> -> tensor<?x{0}xf32>\n",
                    rows, columns)};
  return {sumOfLayers(model), /*positions=*/0, /*hasLogits=*/false};
}

Workload head(int64_t rows, int64_t columns, llvm::StringRef tableType) {
  std::string type =
      llvm::formatv(/*Validate=*/false, tableType.str().c_str(), rows, columns)
          .str();
  return {llvm::formatv(R"mlir(
{3}bitnet.weight @head : {2} from ["lm_head.weight"]
func.func @forward(%ids: tensor<?xi32>, %places: {5}, %first: index)
    -> tensor<?x{0}xf32>
    attributes {{bitnet.kv_cache = tensor<1x1x2x4096x16xf16>} {{
{4}  %head = bitnet.parameter @head : {2}
  %logits = bitnet.head %inputs, %head from %first
      : tensor<?x{1}xf32>, {2} -> tensor<?x{0}xf32>
  return %logits : tensor<?x{0}xf32>
}
)mlir",
                        rows, columns, type, declare("inputs", columns),
                        embed("inputs", columns), placesOf(plainContext)),
          /*positions=*/0, /*hasLogits=*/true};
}

int64_t AttentionShape::headBytes() const {
  constexpr int64_t stepBytes = 4, halfBytes = 2;
  return bytes ? headDim + stepBytes : headDim * halfBytes;
}

Workload attention(const AttentionShape &shape) {
  int64_t width = shape.heads * shape.headDim;
  int64_t kvWidth = shape.kvHeads * shape.headDim;
  int64_t context = shape.positions + shape.tokens;
  LayeredModel model{
      shape.layers,
      width,
      context,
      llvm::formatv("tensor<{0}x{1}x2x{2}x{3}x{4}>", shape.layers,
                    shape.kvHeads, context,
                    shape.bytes ? shape.headBytes() : shape.headDim,
                    shape.bytes ? "i8" : "f16"),
      declare("queries", width) + declare("keys", kvWidth),
      embed("queries", width) + embed("keys", kvWidth),
      llvm::formatv("    %y = bitnet.attention %queries, %keys, %keys at "
                    "%places layer %layer heads {2} over {3}\n"
                    "        : tensor<?x{0}xf32>, tensor<?x{1}xf32>, "
                    "tensor<?x{1}xf32>, {4} -> tensor<?x{0}xf32>\n",
                    width, kvWidth, shape.heads, shape.kvHeads,
                    placesOf(context))};
  return {sumOfLayers(model), shape.positions, /*hasLogits=*/false};
}

} // namespace tritc::tuning
