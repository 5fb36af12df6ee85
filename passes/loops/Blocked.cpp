//===- Blocked.cpp - Rows of a table in blocks, as floats -----------------===//
//
// A field stays where it stands in its word: masked and converted, it is the
// integer plus an offset, times a power of two, which the group's factors undo.
// Every step is exact in f32: a field has 6 bits where its factor has 18, or 8
// where it has 11. So product and sum may be fused where there is an
// instruction for both; not one bit depends on it.
//
//===----------------------------------------------------------------------===//
#include "passes/loops/Blocked.h"

#include <cmath>

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

static BlockedType typeOf(ParameterOp op) {
  return cast<BlockedType>(op.getType());
}

BlockedTable::BlockedTable(LoopEmitter &emitter, ParameterOp op)
    : shape(lut::blockedShape(typeOf(op).getBits())),
      rows(typeOf(op).getRows()),
      blocks(lut::blockedBlockCount(shape.bits, typeOf(op).getCols())),
      tiles(emitter.parameter(op)), emitter(emitter), builder(emitter.builder) {
}

/// `bytes` bytes of a tile as a vector of `element`.
Value BlockedTable::load(Value tile, Value offset, int64_t bytes,
                         Type element) {
  Value vector = vector::LoadOp::create(
      builder, emitter.vectorType(builder.getI8Type(), bytes), tiles,
      ValueRange{tile, offset});
  int64_t size = bytes * 8 / element.getIntOrFloatBitWidth();
  return vector::BitCastOp::create(builder, emitter.vectorType(element, size),
                                   vector);
}

Value BlockedTable::blockOffset(Value block) {
  return emitter.mul(block, lut::blockedBlockBytes(shape.bits));
}

SmallVector<Value> BlockedTable::words(Value tile, Value block, Value row) {
  Value start = builder.createOrFold<arith::AddIOp>(
      blockOffset(block), emitter.mul(row, shape.wordBytes()));
  SmallVector<Value> words;
  for (int64_t word = 0; word < shape.words; ++word)
    words.push_back(
        load(tile, emitter.add(start, word * 64), 64, builder.getI32Type()));
  return words;
}

int64_t BlockedTable::shiftOf(int64_t group) const {
  if (group >= shape.words * shape.groupsInWord())
    return 0;
  int64_t shift = group % shape.groupsInWord() * shape.bits;
  return shift + shape.bits == 32 ? 0 : shift; // moved down, see `field`
}

BlockedTable::Factors BlockedTable::factors(Value tile, Value block,
                                            Value row) {
  VectorType floats = emitter.vectorType(builder.getF32Type(), shape.groups());
  auto constant = [&](llvm::function_ref<float(int64_t group)> element) {
    SmallVector<float> values;
    for (int64_t group = 0; group < shape.groups(); ++group)
      values.push_back(element(group));
    return arith::ConstantOp::create(
        builder, DenseElementsAttr::get(floats, ArrayRef<float>(values)));
  };
  constexpr int64_t halfBytes = 2;
  Value place = builder.createOrFold<arith::AddIOp>(
      emitter.mul(block, lut::blockedTileRows), row);
  Value steps = load(
      tile,
      emitter.add(emitter.mul(place, shape.steps * halfBytes),
                  lut::blockedTileSteps(shape.bits, blocks * shape.columns)),
      shape.steps * halfBytes, builder.getF16Type());
  steps = emitter.widen(steps);
  SmallVector<int64_t> stepOf;
  for (int64_t group = 0; group < shape.groups(); ++group)
    stepOf.push_back(group * shape.steps / shape.groups());
  Value all = vector::ShuffleOp::create(builder, steps, steps, stepOf);
  if (shape.scales != 0) {
    Value offset =
        emitter.add(builder.createOrFold<arith::AddIOp>(
                        blockOffset(block), emitter.mul(row, shape.scales)),
                    lut::blockedBlockScales(shape.bits));
    Value scales = load(tile, offset, shape.scales, builder.getI8Type());
    scales = arith::ExtSIOp::create(
        builder, emitter.vectorType(builder.getI32Type(), shape.scales),
        scales);
    scales = arith::SIToFPOp::create(builder, floats, scales);
    all = arith::MulFOp::create(builder, all, scales);
  }
  Value powers = constant(
      [&](int64_t group) { return std::ldexp(1.0f, -int(shiftOf(group))); });
  Value offset = emitter.splat(floats, -double(shape.offset()));
  return {arith::MulFOp::create(builder, all, powers),
          arith::MulFOp::create(builder, all, offset)};
}

/// The fields of a group, as they stand in the words.
Value BlockedTable::field(ValueRange words, int64_t group) {
  Type type = words.front().getType();
  const int64_t perWord = shape.groupsInWord(), used = perWord * shape.bits;
  auto down = [&](Value word, int64_t bits) -> Value {
    return arith::ShRUIOp::create(builder, word,
                                  emitter.splat(type, double(bits)));
  };
  auto masked = [&](Value word, int64_t mask) -> Value {
    return arith::AndIOp::create(builder, word,
                                 emitter.splat(type, double(mask)));
  };
  if (group < perWord * shape.words) {
    Value word = words[group / perWord];
    int64_t shift = group % perWord * shape.bits;
    if (shift + shape.bits == 32)
      return down(word, shift);
    return masked(word, ((int64_t(1) << shape.bits) - 1) << shift);
  }
  // The bits above the fields of each word, from the first word's on.
  const int64_t left = 32 - used;
  Value field = down(words[0], used);
  for (int64_t word = 1; word < shape.words; ++word) {
    int64_t to = word * left;
    Value part =
        masked(down(words[word], used - to), ((int64_t(1) << left) - 1) << to);
    field = arith::OrIOp::create(builder, field, part);
  }
  return field;
}

Value BlockedTable::weights(ValueRange words, int64_t group,
                            const Factors &own) {
  VectorType floats = emitter.vectorType(builder.getF32Type());
  auto everywhere = [&](Value value) {
    return vector::BroadcastOp::create(builder, floats, value);
  };
  Value value = arith::SIToFPOp::create(builder, floats, field(words, group));
  constexpr auto mayFuse = arith::FastMathFlags::contract;
  value =
      arith::MulFOp::create(builder, value, everywhere(own.slopes), mayFuse);
  return arith::AddFOp::create(builder, value, everywhere(own.starts), mayFuse);
}

} // namespace tritc::loops
