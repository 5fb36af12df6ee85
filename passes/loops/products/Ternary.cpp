//===- Ternary.cpp - What the lowerings of ternary products share ---------===//
#include "passes/loops/products/Ternary.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

//===----------------------------------------------------------------------===//
// Epilogue
//===----------------------------------------------------------------------===//

Epilogue::Epilogue(LoopEmitter &emitter, ParameterOp weight)
    : emitter(emitter) {
  WeightOp declaration = emitter.weightOf(weight);
  sourceRows = declaration.sourceRowCounts();
  auto layout = declaration->getAttrOfType<lut::LayoutAttr>(lut::kLayoutAttr);
  lut::Tiles tiles =
      cast<StoredMatrix>(weight.getType()).getTiles(layout.spec());
  ImplicitLocOpBuilder &builder = emitter.builder;
  scales = memref::ViewOp::create(
      builder,
      MemRefType::get({int64_t(sourceRows.size())}, builder.getF32Type()),
      emitter.converted(weight.getSection()),
      emitter.parameterOffset(weight, *tiles.size()), ValueRange());
}

Value Epilogue::apply(Value sums, Value row, Value step) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  // The source of a row is the number of boundaries at or below it.
  Value source = emitter.index(0);
  int64_t boundary = 0;
  for (int64_t rows : ArrayRef(sourceRows).drop_back()) {
    boundary += rows;
    Value reached = arith::CmpIOp::create(builder, arith::CmpIPredicate::uge,
                                          row, emitter.index(boundary));
    source = arith::SelectOp::create(builder, reached, emitter.add(source, 1),
                                     source);
  }
  Value scale = memref::LoadOp::create(builder, scales, source);
  Value factor = arith::MulFOp::create(builder, scale, step);
  Type floats = builder.getF32Type();
  if (auto vector = dyn_cast<VectorType>(sums.getType())) {
    floats = vector.clone(builder.getF32Type());
    factor = vector::BroadcastOp::create(builder, floats, factor);
  }
  Value exact = arith::SIToFPOp::create(builder, floats, sums);
  return arith::MulFOp::create(builder, exact, factor);
}

//===----------------------------------------------------------------------===//
// SignedNibbles
//===----------------------------------------------------------------------===//

SignedNibbles::SignedNibbles(LoopEmitter &emitter, Value weights, Value tile,
                             Value offset)
    : emitter(emitter), weights(weights), tile(tile), offset(offset) {
  signs = loadBytes(0);
  oddSigns = arith::OrIOp::create(emitter.builder, signs,
                                  emitter.splat(signs.getType(), 1));
}

Value SignedNibbles::loadBytes(int64_t at) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  return vector::LoadOp::create(
      builder, emitter.vectorType(builder.getI8Type(), lut::vectorRows),
      weights, ValueRange{tile, emitter.add(offset, at)});
}

Value SignedNibbles::signsOf(int64_t group) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  int64_t shift = lut::blockGroups - 1 - group;
  if (shift == 0)
    return oddSigns;
  // Words are shifted, since no instruction shifts bytes; what crosses into
  // the upper byte stays below its top bit. Bit 0 is set beforehand, one OR for
  // all groups but the first, whose sign it is.
  VectorType words =
      emitter.vectorType(builder.getI16Type(), lut::vectorRows / 2);
  Value shifted =
      vector::BitCastOp::create(builder, words, group == 0 ? signs : oddSigns);
  shifted =
      arith::ShLIOp::create(builder, shifted, emitter.splat(words, shift));
  Value bytes = vector::BitCastOp::create(builder, signs.getType(), shifted);
  if (group != 0)
    return bytes;
  return arith::OrIOp::create(builder, bytes,
                              emitter.splat(signs.getType(), 1));
}

Value SignedNibbles::masksOf(int64_t group) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Value bit = arith::AndIOp::create(
      builder, signs, emitter.splat(signs.getType(), int8_t(1 << group)));
  Value isSet = arith::CmpIOp::create(builder, arith::CmpIPredicate::ne, bit,
                                      emitter.splat(signs.getType(), 0));
  return arith::ExtSIOp::create(builder, signs.getType(), isSet);
}

Value SignedNibbles::magnitudesOf(int64_t group) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  if (loadedPair != group / 2) {
    loadedPair = group / 2;
    nibbles = loadBytes(lut::vectorRows * (1 + loadedPair));
  }
  if (group % 2 == 1)
    return arith::ShRUIOp::create(builder, nibbles,
                                  emitter.splat(nibbles.getType(), 4));
  return arith::AndIOp::create(builder, nibbles,
                               emitter.splat(nibbles.getType(), 15));
}

//===----------------------------------------------------------------------===//
// IndexWords
//===----------------------------------------------------------------------===//

Value IndexWords::indicesOf(int64_t group) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  VectorType words = emitter.vectorType(builder.getI16Type(), lut::vectorRows);
  auto shiftRight = [&](Value value, int64_t bits) -> Value {
    if (bits == 0)
      return value;
    return arith::ShRUIOp::create(builder, value, emitter.splat(words, bits));
  };
  constexpr int64_t perWord = 3, indexBits = 5, spareBit = 15;
  if (group % perWord == 0 && group < lut::wordBlockGroups - 1) {
    Value bytes = vector::LoadOp::create(
        builder, emitter.vectorType(builder.getI8Type(), 2 * lut::vectorRows),
        weights,
        ValueRange{tile,
                   emitter.add(offset, group / perWord * 2 * lut::vectorRows)});
    word = vector::BitCastOp::create(builder, words, bytes);
    // A funnel shift, if the target has one.
    Value spare = shiftRight(word, spareBit);
    if (last) {
      last = arith::ShLIOp::create(builder, last, emitter.splat(words, 1));
      spare = arith::OrIOp::create(builder, last, spare);
    }
    last = spare;
  }
  Value index = group == lut::wordBlockGroups - 1
                    ? last
                    : shiftRight(word, group % perWord * indexBits);
  return arith::AndIOp::create(builder, index,
                               emitter.splat(words, (1 << indexBits) - 1));
}

//===----------------------------------------------------------------------===//
// Patterns, vectors
//===----------------------------------------------------------------------===//

SmallVector<int8_t, 3> digitsOf(int64_t pattern) {
  int64_t shifted = pattern + 13;
  return {int8_t(shifted / 9 - 1), int8_t(shifted / 3 % 3 - 1),
          int8_t(shifted % 3 - 1)};
}

Value constantTable(LoopEmitter &emitter, Type element, int64_t entries,
                    llvm::function_ref<int64_t(int64_t)> entry) {
  SmallVector<Attribute> values;
  for (int64_t i = 0; i < entries; ++i)
    values.push_back(emitter.builder.getIntegerAttr(element, entry(i)));
  return arith::ConstantOp::create(
      emitter.builder,
      DenseElementsAttr::get(emitter.vectorType(element, entries), values));
}

Value slice(LoopEmitter &emitter, Value vector, int64_t first, int64_t count) {
  if (count == cast<VectorType>(vector.getType()).getNumElements())
    return vector;
  return vector::ExtractStridedSliceOp::create(
      emitter.builder, vector, ArrayRef<int64_t>(first),
      ArrayRef<int64_t>(count), ArrayRef<int64_t>(1));
}

Value join(LoopEmitter &emitter, ArrayRef<Value> vectors) {
  SmallVector<Value> parts(vectors);
  while (parts.size() > 1) {
    int64_t count = cast<VectorType>(parts[0].getType()).getNumElements();
    auto order = llvm::to_vector(llvm::seq<int64_t>(0, 2 * count));
    for (size_t i = 0; i < parts.size() / 2; ++i)
      parts[i] = vector::ShuffleOp::create(emitter.builder, parts[2 * i],
                                           parts[2 * i + 1], order);
    parts.truncate(parts.size() / 2);
  }
  return parts[0];
}

} // namespace tritc::loops
