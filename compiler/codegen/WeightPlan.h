//===- WeightPlan.h - Where every parameter lies in the image -------------===//
//
// The passes decide the packing and the offset of each parameter and write
// them on its `bitnet.weight`. The plan is the same as plain data, taken from
// the module after phase `tables`, so that streaming the image needs no IR.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/lut/layouts/Packing.h"

#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace tritc::codegen {

/// A tensor of the checkpoint that a parameter is made of.
struct WeightPart {
  std::string name; ///< `{}` stands for the layer when the entry has several
  int64_t rows;     ///< logical rows it contributes

  friend bool operator==(const WeightPart &, const WeightPart &) = default;
};

/// One parameter, or one per layer.
struct WeightEntry {
  enum class Kind {
    /// Tiles of Packing.h over the rows of all parts, then one f32 scale per
    /// part, in the order of the parts.
    Ternary,
    /// Tiles of ScaledRows.h over the rows of all parts.
    Scaled,
    /// Tiles of BlockedRows.h over the rows of all parts.
    Blocked,
    /// Elements of all parts, row-major, little-endian.
    Floats,
    /// f32 [rows][2][columns]: cosines, then sines, of position row times
    /// frequency f_i = f32(theta^(-2i / (2 * columns))). Of several, each
    /// `layer` has a theta of its own.
    RopeTable,
  };
  enum class Element { F32, F16, BF16 };

  std::string symbol;
  Kind kind;
  Element element = Element::F32;  ///< in the image; of Floats only
  int64_t rows;                    ///< N; 1 for a vector
  int64_t columns;                 ///< K
  std::vector<WeightPart> parts{}; ///< empty for RopeTable
  int64_t layers = 1;              ///< copies, one per layer
  bool perLayer = false;           ///< names of parts hold `{}`
  int64_t offset = 0;              ///< bytes from the start of the weights
  int64_t stride = 0;              ///< bytes from one layer to the next
  lut::PackingSpec packing{lut::PackingSpec::Codes, 1}; ///< of Ternary only
  int64_t bits = 0;             ///< of Scaled and Blocked
  std::vector<double> thetas{}; ///< of RopeTable only, one per `layers`

  /// How one layer's copy lies, if it is a matrix: Ternary, Scaled, Blocked.
  std::optional<lut::Tiles> tiles() const;
  /// Bytes one layer's copy takes; at most `stride`.
  int64_t bytes() const;
  /// Name of part `part` in layer `layer`.
  std::string partName(size_t part, int64_t layer) const;

  friend bool operator==(const WeightEntry &, const WeightEntry &) = default;
};

struct WeightPlan {
  std::vector<WeightEntry> entries; ///< in the order of the module
  int64_t bytes = 0;                ///< of the whole section
  bool hasHead = true; ///< false: the model embeds, its table is no head
};

/// What info and bench say about the weights.
struct WeightCounts {
  uint64_t ternaryParameters; ///< weights that are -1, 0 or 1
  uint64_t ternaryBytes;      ///< as packed
  uint64_t headBytes;         ///< of what the output head reads
  uint64_t bytesPerToken;     ///< all weight bytes one decoded token reads
  uint64_t headBits;          ///< of a rounded head; 0: as stored
};

/// Counts what the plan of one target reads.
WeightCounts countWeights(const WeightPlan &plan);

/// The table of embeddings, unless the output head reads it, too; or null.
const WeightEntry *embeddingAlone(const WeightPlan &plan);

/// Bytes of one element.
int64_t elementBytes(WeightEntry::Element element);

/// Reads the plan off a module that has gone through phase `tables`. Fails
/// with code 5 where a parameter has no place yet or lies outside the section.
llvm::Expected<WeightPlan> extractWeightPlan(mlir::ModuleOp module);

/// The offset of an entry of `whole` that is of the same bytes as `entry`,
/// wherever they lie; nothing if there is none.
std::optional<int64_t> placeOf(const WeightEntry &entry,
                               const WeightPlan &whole);

/// Adds the plan of a program that shares the image of `whole`: entries that it
/// has already, at the same place, are there once.
void addPlan(WeightPlan plan, WeightPlan &whole);

} // namespace tritc::codegen
