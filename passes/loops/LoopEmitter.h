//===- LoopEmitter.h - Building blocks of the lowering to loops -----------===//
//
// The state of one operation's lowering and the vocabulary that the lowerings
// of all share. All float vectors have 16 lanes, whatever the
// target: that is the written order of every float reduction.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "passes/loops/RowBuffers.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Transforms/DialectConversion.h"

namespace tritc::loops {

/// Lanes of every float vector.
inline constexpr int64_t lanes = 16;
/// Adding 1.5 * 2^23 rounds to the nearest even integer, which then stands in
/// the low bits; for |x| < 2^22.
inline constexpr double roundingMagic = 12582912.0;
inline constexpr int64_t roundingMagicBits = 0x4B400000;

/// `count` (1..16) values from lane 0 on; `at` is their first column.
using LanesBody = llvm::function_ref<void(mlir::Value at, int64_t count)>;
using LanesReduction = llvm::function_ref<mlir::Value(
    mlir::Value at, int64_t count, mlir::Value accumulator)>;

/// A cache to fetch into, by the locality that memref.prefetch gives it.
enum class CacheLevel { L2 = 2, L1 = 3 };

/// Builds the loops of one operation.
class LoopEmitter {
public:
  /// \param op an operation on buffers, of which the first operand, if it is
  ///   one, has a row for each token
  LoopEmitter(mlir::ImplicitLocOpBuilder &builder,
              mlir::ConversionPatternRewriter &rewriter, mlir::Operation *op);

  mlir::ImplicitLocOpBuilder &builder;
  mlir::Value tokenCount; ///< index
  int64_t maxTokens = 0;  ///< that buffers have rows for

  //--- Operands and results ------------------------------------------------
  /// What has become of an operand.
  mlir::Value converted(mlir::Value operand) const {
    return rewriter.getRemappedValue(operand);
  }
  Rows rowsOf(mlir::Value operand) const {
    return rowsBehind(operand,
                      [&](mlir::Value value) { return converted(value); });
  }
  /// A fresh buffer for activations of `type`.
  Rows allocate(mlir::Type type);
  /// What `into` names, or a fresh buffer where it is null.
  Rows place(mlir::Value into, mlir::Type type) {
    return into ? rowsOf(into) : allocate(type);
  }
  /// What takes the place of the next result.
  void setResult(const Rows &rows) { setResult(viewOfResult(rows)); }
  void setResult(mlir::Value value) { results.push_back(value); }
  mlir::ValueRange getResults() const { return results; }
  /// The numbers of the target.
  lut::TargetAttr target();
  /// How far ahead the target fetches what it streams; 0 where it does not.
  int64_t prefetchBytes() { return target().getPrefetchBytes(); }
  /// A fresh buffer of f32 that all threads share, not one row per token.
  mlir::Value allocateShared(llvm::ArrayRef<int64_t> shape);
  /// A parameter's buffer, or [tiles, tileBytes] of i8 where it is packed.
  mlir::Value parameter(mlir::Value weight);
  /// Byte offset of a parameter in the weight section, as an index.
  mlir::Value parameterOffset(bitnet::ParameterOp op, int64_t extra = 0);
  bitnet::WeightOp weightOf(bitnet::ParameterOp op);

  //--- Constants and index arithmetic --------------------------------------
  mlir::Value index(int64_t value);
  mlir::Value f32(float value);
  /// `value` in every element of `type`, which may be a scalar type.
  mlir::Value splat(mlir::Type type, double value);
  mlir::Value add(mlir::Value lhs, int64_t rhs);
  mlir::Value mul(mlir::Value lhs, int64_t rhs);

  //--- Loops ----------------------------------------------------------------
  /// A parallel loop over tokens; the body may touch only rows of its token.
  void forRows(llvm::function_ref<void(mlir::Value token)> body);
  /// The same for the tokens from `first` on.
  void forRowsFrom(mlir::Value first,
                   llvm::function_ref<void(mlir::Value token)> body);
  /// A parallel loop; iterations must be independent.
  void forParallel(lut::Share share, mlir::OpFoldResult count,
                   llvm::function_ref<void(mlir::Value)> body);
  /// A sequential loop [lower, upper) by `step`.
  void forRange(mlir::Value lower, mlir::Value upper, int64_t step,
                llvm::function_ref<void(mlir::Value)> body);
  /// The same, carrying values.
  llvm::SmallVector<mlir::Value>
  forRange(mlir::Value lower, mlir::Value upper, int64_t step,
           mlir::ValueRange init,
           llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value,
                                                             mlir::ValueRange)>
               body);
  /// What works on `count` of something from `first` on.
  using TileBody = llvm::function_ref<void(mlir::Value first, int64_t count)>;
  /// [lower, upper) in tiles of `tile`, then of smaller and smaller powers of
  /// two.
  void forTiles(mlir::Value lower, mlir::Value upper, int64_t tile,
                TileBody body);
  /// Vectors of 16 columns, then the rest with fewer.
  void forLanes(int64_t width, LanesBody body);
  mlir::Value reduceLanes(int64_t width, mlir::Value init, LanesReduction body);

  //--- Vectors --------------------------------------------------------------
  mlir::VectorType vectorType(mlir::Type element, int64_t size = lanes);
  /// 16 elements at `indices`; lanes from `count` on are zero.
  mlir::Value load(mlir::Value memref, mlir::ValueRange indices,
                   int64_t count = lanes);
  void store(mlir::Value vector, mlir::Value memref, mlir::ValueRange indices,
             int64_t count = lanes);
  mlir::Value loadRow(const Rows &rows, mlir::Value token, mlir::Value at,
                      int64_t count);
  void storeRow(mlir::Value vector, const Rows &rows, mlir::Value token,
                mlir::Value at, int64_t count);
  /// Fetches the lines of the `count` bytes that lie `distance` behind `byte`
  /// of a tile, in a buffer of tiles by bytes; nothing if the distance is 0.
  void prefetch(mlir::Value tiles, mlir::Value tile, mlir::Value byte,
                int64_t count, int64_t distance, CacheLevel level);
  /// Stores a token's logits of a tile of `tileRows` rows of the `vocabulary`.
  /// From the last row to the first: where the vocabulary ends inside the tile,
  /// rows beyond it write the last logit, which its own row then overwrites.
  void storeTileLogits(mlir::Value logits, mlir::Value token, mlir::Value tile,
                       int64_t tileRows, int64_t vocabulary,
                       llvm::function_ref<mlir::Value(int64_t row)> logitOf);
  /// Exact f32 of a vector of f32, f16 or bf16.
  mlir::Value widen(mlir::Value vector);
  /// max without NaN handling: lhs > rhs ? lhs : rhs.
  mlir::Value max(mlir::Value lhs, mlir::Value rhs);
  /// The fixed tree: lane l with l + 8, then 4, 2, 1.
  mlir::Value sumTree(mlir::Value vector);
  /// The same for each of several vectors; four of them share their steps.
  llvm::SmallVector<mlir::Value> sumTrees(mlir::ValueRange vectors);
  mlir::Value maxTree(mlir::Value vector);
  mlir::Value fma(mlir::Value a, mlir::Value b, mlir::Value c);
  /// e^x for x <= 0, to about 1 ulp; exactly 0 below -87. Scalar or vector.
  mlir::Value expNonPositive(mlir::Value x);

private:
  mlir::Value tree(mlir::Value vector,
                   llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)>);
  mlir::Value laneMask(int64_t count);

  mlir::Value viewOfResult(const Rows &rows);

  mlir::ConversionPatternRewriter &rewriter;
  mlir::Operation *op;
  llvm::SmallVector<mlir::Value> results;
};

} // namespace tritc::loops
