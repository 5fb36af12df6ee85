//===- Unpack.cpp - From packed weights to codes for dot products ---------===//
#include "passes/loops/Unpack.h"

using namespace mlir;

namespace tritc::loops {

Unpacker::Unpacker(LoopEmitter &emitter, lut::PackingAttr packing,
                   Value weights, int64_t blockColumns)
    : blockColumns(blockColumns), emitter(emitter), builder(emitter.builder),
      weights(weights), vectors(packing.getRows() / lut::vectorRows) {}

//===----------------------------------------------------------------------===//
// Signed nibbles
//===----------------------------------------------------------------------===//

namespace {
/// One lookup of bytes per column, in a table of its digits.
class NibbleUnpacker final : public Unpacker {
public:
  NibbleUnpacker(LoopEmitter &emitter, lut::PackingAttr packing, Value weights)
      : Unpacker(emitter, packing, weights, lut::blockColumns) {}

  void unpack(Value tile, Value block, int64_t vector,
              StorePair store) override;

  /// Even lanes are rows 0..15 of the vector, odd lanes 16..31.
  std::array<Value, 2> inRowOrder(Value sums) override {
    auto halves = vector::DeinterleaveOp::create(builder, sums);
    return {halves.getRes1(), halves.getRes2()};
  }
};
} // namespace

void NibbleUnpacker::unpack(Value tile, Value block, int64_t vector,
                            StorePair store) {
  constexpr int64_t entries = 16;
  Type byte = builder.getI8Type();
  VectorType bytes = emitter.vectorType(byte, lut::vectorRows);
  VectorType words = emitter.vectorType(builder.getI16Type(), lut::vectorRows);
  Value one = emitter.splat(bytes, 1);
  Value offset =
      emitter.add(emitter.mul(block, vectors * lut::vectorBlockBytes),
                  vector * lut::vectorBlockBytes);
  SignedNibbles packed(emitter, weights, tile, offset);
  Value even;
  for (int64_t column = 0; column < lut::blockColumns; ++column) {
    int64_t group = column / lut::groupColumns;
    Value digits = constantTable(emitter, byte, entries, [&](int64_t t) {
      return t <= 13 ? digitsOf(t)[column % lut::groupColumns] : 0;
    });
    Value weight = lut::LookupOp::create(builder, bytes, digits,
                                         packed.magnitudesOf(group),
                                         packed.signsOf(group));
    Value code = arith::AddIOp::create(builder, weight, one);
    if (column % 2 == 0) {
      even = code;
      continue;
    }
    Value pair = vector::InterleaveOp::create(builder, even, code);
    store(column / 2, vector::BitCastOp::create(builder, words, pair));
  }
}

//===----------------------------------------------------------------------===//
// Index words
//===----------------------------------------------------------------------===//

namespace {
/// Entries of 16 bits hold the codes of two columns at once: six columns, a b c
/// and d e f of two groups, are the pairs ab, cd, ef of four lookups.
class WordUnpacker final : public Unpacker {
public:
  WordUnpacker(LoopEmitter &emitter, lut::PackingAttr packing, Value weights)
      : Unpacker(emitter, packing, weights, lut::wordBlockColumns) {}

  void unpack(Value tile, Value block, int64_t vector,
              StorePair store) override;

  std::array<Value, 2> inRowOrder(Value sums) override {
    return {slice(emitter, sums, 0, lanes), slice(emitter, sums, lanes, lanes)};
  }

private:
  /// Codes of the group's columns `low` and `high`; -1 leaves the byte 0.
  Value codesOf(Value indices, int64_t low, int64_t high);
};
} // namespace

Value WordUnpacker::codesOf(Value indices, int64_t low, int64_t high) {
  constexpr int64_t entries = 32, patterns = 27;
  Value table =
      constantTable(emitter, builder.getI16Type(), entries, [&](int64_t index) {
        auto code = [&](int64_t digit) -> int64_t {
          return digit < 0 || index >= patterns
                     ? 0
                     : digitsOf(index - 13)[digit] + 1;
        };
        return code(low) | code(high) << 8;
      });
  return lut::LookupOp::create(builder, indices.getType(), table, indices,
                               Value(), /*complement=*/false);
}

void WordUnpacker::unpack(Value tile, Value block, int64_t vector,
                          StorePair store) {
  Value offset =
      emitter.add(emitter.mul(block, vectors * lut::wordVectorBlockBytes),
                  vector * lut::wordVectorBlockBytes);
  IndexWords packed(emitter, weights, tile, offset);
  for (int64_t group = 0; group < lut::wordBlockGroups; group += 2) {
    Value first = packed.indicesOf(group);
    Value second = packed.indicesOf(group + 1);
    int64_t pair = group / 2 * lut::groupColumns;
    store(pair, codesOf(first, 0, 1));
    store(pair + 1, arith::OrIOp::create(builder, codesOf(first, 2, -1),
                                         codesOf(second, -1, 0)));
    store(pair + 2, codesOf(second, 1, 2));
  }
}

std::unique_ptr<Unpacker> Unpacker::create(LoopEmitter &emitter,
                                           lut::PackingAttr packing,
                                           Value weights) {
  if (packing.getKind() == lut::PackingKind::IndexWords)
    return std::make_unique<WordUnpacker>(emitter, packing, weights);
  return std::make_unique<NibbleUnpacker>(emitter, packing, weights);
}

} // namespace tritc::loops
