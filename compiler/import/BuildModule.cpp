//===- BuildModule.cpp - From a configuration to the bitnet dialect -------===//
#include "compiler/import/BuildModule.h"

#include "dialects/bitnet/Bitnet.h"
#include "runtime/abi/Program.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::import {

namespace {
/// Builds one module; the members are what every step needs.
class ModelBuilder {
public:
  ModelBuilder(MLIRContext &context, const ModelConfig &config,
               uint32_t contextSize, const Rounded &rounded)
      : builder(UnknownLoc::get(&context), &context), config(config),
        contextSize(contextSize), rounded(rounded),
        module(ModuleOp::create(builder, builder.getLoc())) {}

  OwningOpRef<ModuleOp> build(const StoredTable &embedding,
                              const StoredTable &head);

private:
  Type elementType(DType dtype);
  /// [vocabulary, hidden]
  Type tableType(const StoredTable &table);
  RankedTensorType rows(int64_t width) {
    return RankedTensorType::get({ShapedType::kDynamic, width},
                                 builder.getF32Type());
  }
  /// Declares a weight at the end of the declarations, once, and yields it.
  Value parameter(StringRef name, Type type, StringRef source, Value layer = {},
                  Attribute init = {});
  Value norm(Value input, StringRef name, StringRef source, Value layer = {});
  Value norm(Value input, StringRef name, StringRef source, Value layer,
             int64_t width, float epsilon);
  /// A norm of the layer, by its name inside it.
  Value layerNorm(Value input, StringRef part, Value layer);
  /// The same over each head; `input` itself where the model has none.
  Value headNorm(Value input, StringRef part, Value layer);
  Value linear(Value input, StringRef projection, int64_t width, Value layer);
  Value byLayer(Value layer, int64_t local, int64_t global);
  Value ropeTable(Value layer);
  Value window(Value layer);
  Value headTable(Value embedding, const StoredTable &head);
  Value attentionBlock(Value input, Value places, Value layer);
  Value feedForwardBlock(Value input, Value layer);
  int64_t queryWidth() { return int64_t(config.headCount) * config.headDim; }

  ImplicitLocOpBuilder builder;
  const ModelConfig &config;
  const int64_t contextSize;
  const Rounded rounded;
  OwningOpRef<ModuleOp> module;
  Operation *lastDeclaration = nullptr;
};
} // namespace

Type ModelBuilder::elementType(DType dtype) {
  switch (dtype) {
  case DType::F16:
    return builder.getF16Type();
  case DType::BF16:
    return builder.getBF16Type();
  default:
    return builder.getF32Type();
  }
}

Type ModelBuilder::tableType(const StoredTable &table) {
  if (table.blocked)
    return BlockedType::get(builder.getContext(), config.vocabSize,
                            config.hiddenSize, table.blocked->bits);
  return RankedTensorType::get({config.vocabSize, config.hiddenSize},
                               elementType(table.dtype));
}

Value ModelBuilder::parameter(StringRef name, Type type, StringRef source,
                              Value layer, Attribute init) {
  auto inits = dyn_cast_or_null<ArrayAttr>(init);
  int64_t count = inits ? int64_t(inits.size()) : int64_t(config.layerCount);
  if (!module->lookupSymbol(name)) {
    OpBuilder::InsertionGuard guard(builder);
    if (lastDeclaration)
      builder.setInsertionPointAfter(lastDeclaration);
    else
      builder.setInsertionPointToStart(module->getBody());
    lastDeclaration = WeightOp::create(
        builder, name, type,
        layer ? builder.getI64IntegerAttr(count) : IntegerAttr(),
        init ? ArrayAttr() : builder.getStrArrayAttr({source}),
        DenseI64ArrayAttr(), init);
  }
  return ParameterOp::create(
      builder, type, FlatSymbolRefAttr::get(builder.getContext(), name), layer);
}

/// "layers.mlp.up_proj" for "model.layers.{}.mlp.up_proj.weight".
static std::string layerName(StringRef part) {
  return ("layers." + part).str();
}
static std::string layerSource(StringRef part) {
  return ("model.layers.{}." + part + ".weight").str();
}

Value ModelBuilder::norm(Value input, StringRef name, StringRef source,
                         Value layer) {
  return norm(input, name, source, layer,
              cast<ShapedType>(input.getType()).getDimSize(1),
              config.rmsNormEps);
}

Value ModelBuilder::norm(Value input, StringRef name, StringRef source,
                         Value layer, int64_t width, float epsilon) {
  auto type = RankedTensorType::get({width}, builder.getF32Type());
  Value weight = parameter(name, type, source, layer);
  return RmsNormOp::create(builder, input.getType(), input, weight,
                           builder.getF32FloatAttr(epsilon));
}

Value ModelBuilder::layerNorm(Value input, StringRef part, Value layer) {
  return norm(input, layerName(part), layerSource(part), layer);
}

Value ModelBuilder::headNorm(Value input, StringRef part, Value layer) {
  if (!config.hasHeadNorms)
    return input;
  return norm(input, layerName(part), layerSource(part), layer, config.headDim,
              config.rmsNormEps);
}

Value ModelBuilder::linear(Value input, StringRef projection, int64_t width,
                           Value layer) {
  int64_t columns = cast<ShapedType>(input.getType()).getDimSize(1);
  if (config.hasProjectionNorms) {
    std::string part = (projection + ".norm").str();
    input = norm(input, layerName(part), layerSource(part), layer, columns,
                 config.projectionNormEps);
  }
  auto type = TernaryType::get(builder.getContext(), width, columns);
  Value weight =
      parameter(layerName(projection), type, layerSource(projection), layer);
  Value result = LinearOp::create(builder, rows(width), input, weight);
  if (!config.biased.count(projection))
    return result;
  std::string part = (projection + ".bias").str();
  Value bias = parameter(layerName(part),
                         RankedTensorType::get({width}, builder.getF32Type()),
                         "model.layers.{}." + part, layer);
  return BiasOp::create(builder, result.getType(), result, bias);
}

/// One number for the layers with a window, another one for the rest.
Value ModelBuilder::byLayer(Value layer, int64_t local, int64_t global) {
  SmallVector<int64_t> numbers;
  for (bool isLocal : config.local.isLocal)
    numbers.push_back(isLocal ? local : global);
  return ByLayerOp::create(builder, builder.getIndexType(), layer, numbers);
}

/// One table for all layers, or the second of two for the local ones.
Value ModelBuilder::ropeTable(Value layer) {
  auto type = RankedTensorType::get({contextSize, 2, config.headDim / 2},
                                    builder.getF32Type());
  auto table = [&](double theta) -> Attribute {
    return RopeTableAttr::get(builder.getContext(), llvm::APFloat(theta));
  };
  Attribute global = table(config.ropeTheta);
  if (!config.local.any() || config.local.ropeTheta == config.ropeTheta)
    return parameter("rope", type, "", {}, global);
  return parameter(
      "rope", type, "", byLayer(layer, 1, 0),
      builder.getArrayAttr({global, table(config.local.ropeTheta)}));
}

/// Keys that a token sees; none where the context is no longer.
Value ModelBuilder::window(Value layer) {
  if (!config.local.any() || config.local.window >= contextSize)
    return {};
  return byLayer(layer, config.local.window, contextSize);
}

/// The table of the head: the embedding when tied, or one of its own.
Value ModelBuilder::headTable(Value embedding, const StoredTable &head) {
  StringRef source =
      config.tiedEmbedding ? "model.embed_tokens.weight" : "lm_head.weight";
  if (rounded.headBits)
    return parameter("head",
                     ScaledType::get(builder.getContext(), config.vocabSize,
                                     config.hiddenSize, rounded.headBits),
                     source);
  if (config.tiedEmbedding)
    return embedding;
  return parameter("lm_head", tableType(head), source);
}

/// `value` as an attribute; none for 0.
static FloatAttr scaleAttr(Builder &builder, float value) {
  return value == 0 ? FloatAttr() : builder.getF32FloatAttr(value);
}

Value ModelBuilder::attentionBlock(Value input, Value places, Value layer) {
  int64_t kvWidth = int64_t(config.kvHeadCount) * config.headDim;
  Value normed = layerNorm(input, "input_layernorm", layer);
  Value queries = linear(normed, "self_attn.q_proj", queryWidth(), layer);
  Value keys = linear(normed, "self_attn.k_proj", kvWidth, layer);
  Value values = linear(normed, "self_attn.v_proj", kvWidth, layer);
  queries = headNorm(queries, "self_attn.q_norm", layer);
  keys = headNorm(keys, "self_attn.k_norm", layer);
  Value table = ropeTable(layer);
  auto rope = [&](Value input) -> Value {
    return RopeOp::create(builder, input.getType(), input, table, places);
  };
  queries = rope(queries);
  keys = rope(keys);
  Value result = AttentionOp::create(
      builder, rows(queryWidth()), queries, keys, values, places, layer,
      window(layer), builder.getI64IntegerAttr(config.headCount),
      builder.getI64IntegerAttr(config.kvHeadCount),
      scaleAttr(builder, config.scoreScale));
  if (config.hasSubNorms)
    result = layerNorm(result, "self_attn.attn_sub_norm", layer);
  result = linear(result, "self_attn.o_proj", config.hiddenSize, layer);
  if (config.hasPostNorms)
    result = layerNorm(result, "post_attention_norm", layer);
  return arith::AddFOp::create(builder, input, result);
}

// Readers of files, which do without MLIR, name the same ones in one order.
static_assert(int(Activation::ReluSquared) ==
              int(bitnet::Activation::ReluSquared));
static_assert(int(Activation::Silu) == int(bitnet::Activation::Silu));
static_assert(int(Activation::GeluTanh) == int(bitnet::Activation::GeluTanh));

Value ModelBuilder::feedForwardBlock(Value input, Value layer) {
  Value normed = layerNorm(input, "post_attention_layernorm", layer);
  Value gate = linear(normed, "mlp.gate_proj", config.ffnSize, layer);
  Value up = linear(normed, "mlp.up_proj", config.ffnSize, layer);
  Value result =
      GluOp::create(builder, gate.getType(),
                    ActivationAttr::get(builder.getContext(),
                                        bitnet::Activation(config.activation)),
                    gate, up);
  if (config.hasSubNorms)
    result = layerNorm(result, "mlp.ffn_sub_norm", layer);
  result = linear(result, "mlp.down_proj", config.hiddenSize, layer);
  if (config.hasPostNorms)
    result = layerNorm(result, "post_feedforward_norm", layer);
  return arith::AddFOp::create(builder, input, result);
}

OwningOpRef<ModuleOp> ModelBuilder::build(const StoredTable &embeddingTable,
                                          const StoredTable &head) {
  builder.setInsertionPointToEnd(module->getBody());
  Type index = builder.getIndexType();
  auto ids =
      RankedTensorType::get({ShapedType::kDynamic}, builder.getI32Type());
  auto placesType = RankedTensorType::get(
      {ShapedType::kDynamic, 1 + int64_t(tritc_kv_pages(contextSize))},
      builder.getI32Type());
  auto forward = func::FuncOp::create(
      builder, "forward",
      builder.getFunctionType(
          {ids, placesType, index},
          rows(config.embeds ? config.hiddenSize : config.vocabSize)));
  // [layers, KV heads, keys | values, context, head_dim]
  int64_t cacheWidth = config.headDim;
  Type cacheElement = builder.getF16Type();
  if (rounded.bytesInCache) {
    cacheWidth += sizeof(float); // the step of its integers
    cacheElement = builder.getI8Type();
  }
  forward->setAttr(
      "bitnet.kv_cache",
      TypeAttr::get(RankedTensorType::get(
          {config.layerCount, config.kvHeadCount, 2, contextSize, cacheWidth},
          cacheElement)));
  Block *entry = forward.addEntryBlock();
  builder.setInsertionPointToStart(entry);
  Value places = entry->getArgument(1);

  Value embedding = parameter("embed_tokens", tableType(embeddingTable),
                              "model.embed_tokens.weight");
  Value hidden =
      EmbedOp::create(builder, rows(config.hiddenSize), entry->getArgument(0),
                      embedding, scaleAttr(builder, config.embeddingScale));
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, value);
  };
  auto layers = scf::ForOp::create(
      builder, constant(0), constant(config.layerCount), constant(1), hidden);
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(layers.getBody());
    Value layer = layers.getInductionVar();
    Value state = attentionBlock(layers.getRegionIterArg(0), places, layer);
    state = feedForwardBlock(state, layer);
    scf::YieldOp::create(builder, state);
  }
  Value normed = norm(layers.getResult(0), "norm", "model.norm.weight");
  Value first = entry->getArgument(2);
  Value output;
  if (config.embeds && tritc_rows_are_unit(&config.pooling))
    output = UnitOp::create(builder, normed, first);
  else if (config.embeds)
    output = normed;
  else
    output = HeadOp::create(builder, rows(config.vocabSize), normed,
                            headTable(embedding, head), first);
  func::ReturnOp::create(builder, output);
  return std::move(module);
}

OwningOpRef<ModuleOp> buildModule(MLIRContext &context,
                                  const ModelConfig &config,
                                  const StoredTable &embedding,
                                  const StoredTable &head, uint32_t contextSize,
                                  const Rounded &rounded) {
  context.loadDialect<BitnetDialect, func::FuncDialect, arith::ArithDialect,
                      scf::SCFDialect>();
  return ModelBuilder(context, config, contextSize, rounded)
      .build(embedding, head);
}

} // namespace tritc::import
