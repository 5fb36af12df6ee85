//===- FuseProjections.cpp - Stack weights that read one input ------------===//
#include "passes/model/Passes.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/DebugLog.h"

#define DEBUG_TYPE "bitnet-fuse-projections"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::model {
#define GEN_PASS_DEF_FUSEPROJECTIONS
#include "passes/model/Passes.h.inc"

/// Rows that share one scale in a vector of results.
static constexpr int64_t scaleRows = 16;

namespace {
/// One product with everything that moves when it is fused.
struct Projection {
  TernaryMatmulOp product;
  DequantizeOp dequantize;
  ParameterOp parameter;
  WeightOp weight;
};
} // namespace

/// The projection around `product`, or nothing, with the reason logged.
static std::optional<Projection> match(TernaryMatmulOp product,
                                       SymbolTable &symbols) {
  auto parameter = product.getWeight().getDefiningOp<ParameterOp>();
  if (!parameter) {
    LDBG() << "skip " << product << ": its weight is not a parameter";
    return {};
  }
  auto dequantize = product->hasOneUse()
                        ? dyn_cast<DequantizeOp>(*product->user_begin())
                        : DequantizeOp();
  if (!dequantize || dequantize.getWeight() != product.getWeight()) {
    LDBG() << "skip " << product << ": its only user must dequantize it";
    return {};
  }
  if (dequantize.getSteps().getDefiningOp() !=
      product.getInput().getDefiningOp()) {
    LDBG() << "skip " << product << ": its steps are not those of its input";
    return {};
  }
  auto weight = symbols.lookup<WeightOp>(parameter.getWeight());
  if (!weight || weight.getInit()) {
    LDBG() << "skip " << product << ": its weight has no source";
    return {};
  }
  for (int64_t rows : weight.sourceRowCounts())
    if (rows % scaleRows != 0) {
      LDBG() << "skip " << product << ": " << rows
             << " rows are no multiple of " << scaleRows;
      return {};
    }
  return Projection{product, dequantize, parameter, weight};
}

/// "layers.self_attn.q_proj" and its siblings become
/// "layers.self_attn.q_proj.k_proj.v_proj".
static std::string fusedName(ArrayRef<Projection> group) {
  WeightOp first = group.front().weight;
  std::string name = first.getSymName().str();
  for (Projection projection : group.drop_front()) {
    StringRef sibling = projection.weight.getSymName();
    name += ("." + sibling.substr(sibling.rfind('.') + 1)).str();
  }
  return name;
}

/// Declares the stacked weight beside the first one.
static WeightOp stackWeights(ArrayRef<Projection> group, SymbolTable &symbols) {
  WeightOp first = group.front().weight;
  SmallVector<Attribute> sources;
  SmallVector<int64_t> sourceRows;
  for (Projection projection : group) {
    llvm::append_range(sources, *projection.weight.getSources());
    llvm::append_range(sourceRows, projection.weight.sourceRowCounts());
  }
  auto type = TernaryType::get(first.getContext(), llvm::sum_of(sourceRows),
                               cast<TernaryType>(first.getType()).getCols());
  OpBuilder builder(first);
  auto stacked =
      WeightOp::create(builder, first.getLoc(), fusedName(group), type,
                       first.getCountAttr(), builder.getArrayAttr(sources),
                       builder.getDenseI64ArrayAttr(sourceRows), Attribute());
  symbols.insert(stacked);
  return stacked;
}

static void fuse(ArrayRef<Projection> group, SymbolTable &symbols) {
  Projection first = group.front();
  WeightOp stacked = stackWeights(group, symbols);
  OpBuilder builder(first.product);
  Location loc = first.product.getLoc();
  Value weight =
      ParameterOp::create(builder, loc, stacked.getType(),
                          FlatSymbolRefAttr::get(stacked.getSymNameAttr()),
                          first.parameter.getLayer());

  auto rowsType = cast<RankedTensorType>(first.dequantize.getType());
  auto widened = [&](Type element) {
    return RankedTensorType::get(
        {rowsType.getDimSize(0),
         cast<TernaryType>(stacked.getType()).getRows()},
        element);
  };
  Value sums =
      TernaryMatmulOp::create(builder, loc, widened(builder.getI32Type()),
                              first.product.getInput(), weight);
  Value scaled =
      DequantizeOp::create(builder, loc, widened(builder.getF32Type()), sums,
                           first.dequantize.getSteps(), weight);
  SmallVector<Type> pieceTypes;
  for (Projection projection : group)
    pieceTypes.push_back(projection.dequantize.getType());
  auto split = SplitOp::create(builder, loc, pieceTypes, scaled);

  for (auto [projection, piece] : llvm::zip_equal(group, split.getPieces())) {
    DequantizeOp dequantize = projection.dequantize;
    dequantize.replaceAllUsesWith(piece);
    dequantize.erase();
    TernaryMatmulOp(projection.product).erase();
  }
  for (Projection projection : group) {
    if (projection.parameter->use_empty())
      projection.parameter.erase();
    if (SymbolTable::symbolKnownUseEmpty(projection.weight, symbols.getOp()))
      symbols.erase(projection.weight);
  }
}

namespace {
struct FuseProjections : impl::FuseProjectionsBase<FuseProjections> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    // Same input, steps, layer, number of layers and block: one product can
    // serve all.
    using Key = std::tuple<Block *, Value, Value, Value, int64_t>;
    llvm::MapVector<Key, SmallVector<Projection>> groups;
    getOperation().walk([&](TernaryMatmulOp product) {
      auto projection = match(product, symbols);
      if (!projection)
        return;
      SmallVector<Projection> &group = groups[{
          product->getBlock(), product.getInput(),
          projection->dequantize.getSteps(), projection->parameter.getLayer(),
          static_cast<int64_t>(projection->weight.getCount().value_or(0))}];
      if (llvm::any_of(group, [&](const Projection &other) {
            return other.weight == projection->weight;
          })) {
        LDBG() << "skip " << product << ": its weight is already in the group";
        return;
      }
      group.push_back(*projection);
    });
    for (auto &[key, group] : groups) {
      if (group.size() < 2)
        continue;
      fuse(group, symbols);
      fused += group.size() - 1;
    }
  }
};
} // namespace
} // namespace tritc::model
