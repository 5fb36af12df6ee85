//===- Unpack.cpp - From packed weights to codes for dot products ---------===//
#include "passes/loops/products/Unpack.h"

using namespace mlir;

namespace tritc::loops {

Unpacker::Unpacker(LoopEmitter &emitter, lut::PackingAttr packing,
                   Value weights, int64_t blockColumns, int64_t orderedRows)
    : blockColumns(blockColumns), orderedRows(orderedRows), emitter(emitter),
      builder(emitter.builder), weights(weights), tileRows(packing.getRows()) {}

//===----------------------------------------------------------------------===//
// Packings that are looked up
//===----------------------------------------------------------------------===//

/// Takes two columns of 32 rows: words in packed lanes, the codes of columns
/// 2 * pair and 2 * pair + 1 in the low and in the high byte.
using StorePair = llvm::function_ref<void(int64_t pair, Value words)>;

namespace {
/// Pairs of columns, 32 rows at a time.
class PairUnpacker : public Unpacker {
public:
  void unpack(Value tile, Value block, StoreCodes store) final;

protected:
  PairUnpacker(LoopEmitter &emitter, lut::PackingAttr packing, Value weights,
               int64_t blockColumns, int64_t sideColumns)
      : Unpacker(emitter, packing, weights, blockColumns, lut::vectorRows),
        vectors(tileRows / lut::vectorRows), sideColumns(sideColumns) {}

  /// All pairs of columns of `block` in their order, for 32 rows of the tile
  /// from row 32 * vector on.
  virtual void unpackPairs(Value tile, Value block, int64_t vector,
                           StorePair store) = 0;

  const int64_t vectors; ///< of 32 rows in a tile

private:
  const int64_t sideColumns;
};
} // namespace

/// Pairs of columns of each row side by side: interleaved until there is one
/// vector left, which has all columns of a dot product.
static Value interleavePairs(ImplicitLocOpBuilder &builder,
                             ArrayRef<Value> pairs) {
  SmallVector<Value> parts(pairs);
  for (unsigned bits = 16; parts.size() > 1; bits *= 2) {
    auto type = VectorType::get(lut::vectorRows, builder.getIntegerType(bits));
    for (Value &part : parts)
      part = vector::BitCastOp::create(builder, type, part);
    for (size_t i = 0; i < parts.size() / 2; ++i)
      parts[i] =
          vector::InterleaveOp::create(builder, parts[2 * i], parts[2 * i + 1]);
    parts.truncate(parts.size() / 2);
  }
  return parts[0];
}

void PairUnpacker::unpack(Value tile, Value block, StoreCodes store) {
  VectorType bytes =
      emitter.vectorType(builder.getI8Type(), lut::vectorRows * sideColumns);
  for (int64_t v = 0; v < vectors; ++v) {
    SmallVector<Value> pairs;
    unpackPairs(tile, block, v, [&](int64_t pair, Value words) {
      pairs.push_back(words);
      if (int64_t(pairs.size()) < sideColumns / 2)
        return;
      Value group = vector::BitCastOp::create(builder, bytes,
                                              interleavePairs(builder, pairs));
      store(pair * 2 / sideColumns, v * lut::vectorRows, group);
      pairs.clear();
    });
  }
}

//===----------------------------------------------------------------------===//
// Signed nibbles
//===----------------------------------------------------------------------===//

namespace {
/// One lookup of bytes per column, in a table of its digits.
class NibbleUnpacker final : public PairUnpacker {
public:
  NibbleUnpacker(LoopEmitter &emitter, lut::PackingAttr packing, Value weights,
                 int64_t sideColumns)
      : PairUnpacker(emitter, packing, weights, lut::blockColumns,
                     sideColumns) {}

  void unpackPairs(Value tile, Value block, int64_t vector,
                   StorePair store) override;

  /// Even lanes are rows 0..15 of the vector, odd lanes 16..31.
  SmallVector<Value> inRowOrder(Value sums) override {
    auto halves = vector::DeinterleaveOp::create(builder, sums);
    return {halves.getRes1(), halves.getRes2()};
  }
};
} // namespace

void NibbleUnpacker::unpackPairs(Value tile, Value block, int64_t vector,
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
class WordUnpacker final : public PairUnpacker {
public:
  WordUnpacker(LoopEmitter &emitter, lut::PackingAttr packing, Value weights,
               int64_t sideColumns)
      : PairUnpacker(emitter, packing, weights, lut::wordBlockColumns,
                     sideColumns) {}

  void unpackPairs(Value tile, Value block, int64_t vector,
                   StorePair store) override;

  SmallVector<Value> inRowOrder(Value sums) override {
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

void WordUnpacker::unpackPairs(Value tile, Value block, int64_t vector,
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

//===----------------------------------------------------------------------===//
// Packings for dot products
//===----------------------------------------------------------------------===//

namespace {
/// Bytes with one column of a few rows each: the rows come off one by one.
class ByteUnpacker final : public Unpacker {
public:
  ByteUnpacker(LoopEmitter &emitter, lut::PackingAttr packing, Value weights)
      : Unpacker(emitter, packing, weights, lut::dotBlockColumns,
                 rowsAtOnce(packing.getRows())),
        spec(packing.spec()) {}

  void unpack(Value tile, Value block, StoreCodes store) override;

private:
  /// Up to `lanes`, as many as divide a tile.
  static int64_t rowsAtOnce(int64_t tileRows) {
    return std::min(lanes, int64_t(1) << llvm::countr_zero(uint64_t(tileRows)));
  }
  Value add(Value lhs, Value rhs) {
    return arith::AddIOp::create(builder, lhs, rhs);
  }
  SmallVector<Value> tritsOf(Value bytes);
  SmallVector<Value> codesOf(Value bytes);

  const lut::PackingSpec spec;
};
} // namespace

/// With u(0) the byte plus 128 and u(p + 1) the low byte of 3 u(p), code p is
/// the high byte of 3 u(p): Packing.h's formula plus 128.
SmallVector<Value> ByteUnpacker::tritsOf(Value bytes) {
  auto isAtLeast = [&](Value rest, int64_t least) -> Value {
    Value is =
        arith::CmpIOp::create(builder, arith::CmpIPredicate::uge, rest,
                              emitter.splat(bytes.getType(), int8_t(least)));
    return arith::ExtUIOp::create(builder, bytes.getType(), is);
  };
  Value rest = arith::XOrIOp::create(builder, bytes,
                                     emitter.splat(bytes.getType(), -128));
  SmallVector<Value> codes;
  for (int64_t p = 0; p < lut::tritPositions; ++p) {
    Value one = isAtLeast(rest, 86), two = isAtLeast(rest, 171);
    codes.push_back(add(one, two));
    rest = add(add(rest, rest), rest);
  }
  return codes;
}

/// The last of a byte's codes is a weight, in two's complement.
SmallVector<Value> ByteUnpacker::codesOf(Value bytes) {
  SmallVector<Value> codes;
  for (int64_t p = 0; p < lut::codePositions; ++p) {
    Value code = arith::ShRUIOp::create(builder, bytes,
                                        emitter.splat(bytes.getType(), 2 * p));
    if (p == lut::codePositions - 1)
      code = add(code, emitter.splat(bytes.getType(), 1));
    codes.push_back(arith::AndIOp::create(builder, code,
                                          emitter.splat(bytes.getType(), 3)));
  }
  return codes;
}

void ByteUnpacker::unpack(Value tile, Value block, StoreCodes store) {
  const int64_t vectors = tileRows / spec.rowMultiple();
  const int64_t vectorBytes = spec.dotRows * spec.dotColumns;
  const int64_t groups = lut::dotBlockColumns / spec.dotColumns;
  Value start = emitter.mul(block, groups * vectors * vectorBytes);
  for (int64_t group = 0; group < groups; ++group)
    for (int64_t v = 0; v < vectors; ++v) {
      Value at = emitter.add(start, (group * vectors + v) * vectorBytes);
      Value bytes = vector::LoadOp::create(
          builder, emitter.vectorType(builder.getI8Type(), vectorBytes),
          weights, ValueRange{tile, at});
      bool isOfTrits = spec.kind == lut::PackingSpec::TritBytes;
      for (auto [p, codes] :
           llvm::enumerate(isOfTrits ? tritsOf(bytes) : codesOf(bytes)))
        store(group, v * spec.rowMultiple() + int64_t(p) * spec.dotRows, codes);
    }
}

std::unique_ptr<Unpacker> Unpacker::create(LoopEmitter &emitter,
                                           lut::PackingAttr packing,
                                           Value weights, int64_t sideColumns) {
  switch (packing.getKind()) {
  case lut::PackingKind::IndexWords:
    return std::make_unique<WordUnpacker>(emitter, packing, weights,
                                          sideColumns);
  case lut::PackingKind::DotCodes:
  case lut::PackingKind::TritBytes:
    return std::make_unique<ByteUnpacker>(emitter, packing, weights);
  case lut::PackingKind::Codes: // multiplied as it is
  case lut::PackingKind::SignedNibble:
    break;
  }
  return std::make_unique<NibbleUnpacker>(emitter, packing, weights,
                                          sideColumns);
}

} // namespace tritc::loops
