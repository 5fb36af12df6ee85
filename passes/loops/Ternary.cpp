//===- Ternary.cpp - What the lowerings of ternary products share ---------===//
#include "passes/loops/Ternary.h"

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
  auto ternary = cast<TernaryType>(weight.getType());
  auto layout = declaration->getAttrOfType<lut::LayoutAttr>(lut::kLayoutAttr);
  lut::PackingSpec spec = layout.getPacking().spec();
  int64_t packedBytes =
      lut::matrixBytes(spec, ternary.getRows(), ternary.getCols());
  ImplicitLocOpBuilder &builder = emitter.builder;
  scales = memref::ViewOp::create(
      builder,
      MemRefType::get({int64_t(sourceRows.size())}, builder.getF32Type()),
      emitter.weights, emitter.parameterOffset(weight, packedBytes),
      ValueRange());
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

Value SignedNibbles::magnitudesOf(int64_t group) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  if (loadedPair != group / 2) {
    loadedPair = group / 2;
    nibbles = loadBytes(lut::vectorRows * (1 + loadedPair));
  }
  Value bytes = nibbles;
  if (group % 2 == 1) {
    VectorType words =
        emitter.vectorType(builder.getI16Type(), lut::vectorRows / 2);
    bytes = vector::BitCastOp::create(builder, words, bytes);
    bytes = arith::ShRUIOp::create(builder, bytes, emitter.splat(words, 4));
    bytes = vector::BitCastOp::create(builder, nibbles.getType(), bytes);
  }
  return arith::AndIOp::create(builder, bytes,
                               emitter.splat(bytes.getType(), 15));
}

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

SmallVector<int8_t, 3> digitsOf(int64_t pattern) {
  int64_t shifted = pattern + 13;
  return {int8_t(shifted / 9 - 1), int8_t(shifted / 3 % 3 - 1),
          int8_t(shifted % 3 - 1)};
}

Value digitTable(LoopEmitter &emitter, int64_t digit) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  SmallVector<int8_t> entries(16, 0);
  for (int64_t pattern = 0; pattern <= 13; ++pattern)
    entries[pattern] = digitsOf(pattern)[digit];
  return arith::ConstantOp::create(
      builder, DenseElementsAttr::get(emitter.vectorType(builder.getI8Type()),
                                      ArrayRef<int8_t>(entries)));
}

} // namespace tritc::loops
