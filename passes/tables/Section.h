//===- Section.h - Where parameters lie in the weight section -------------===//
#pragma once

#include "dialects/lut/Lut.h"

#include "mlir/IR/BuiltinOps.h"

namespace tritc::tables {

/// The weight section while parameters are placed in it, one behind the other.
class Section {
public:
  /// One that has `bytes` already.
  explicit Section(int64_t bytes = 0) : end(bytes) {}

  /// Gives `weight` the next place: `bytes` for each of its layers. An error on
  /// it where the section exceeds 2^63 bytes.
  mlir::LogicalResult place(bitnet::WeightOp weight, int64_t bytes,
                            lut::PackingAttr packing);

  /// Writes the size of the section on the module.
  void close(mlir::ModuleOp module) const;

private:
  int64_t end;
};

/// Moves the parameters of `module`, which lut-plan-image has placed, into a
/// section that has `bytes` already: what is at `placeOf` them stays there, the
/// others go behind all that is there. Errors as Section::place.
mlir::LogicalResult joinSection(
    mlir::ModuleOp module, int64_t bytes,
    llvm::function_ref<std::optional<int64_t>(bitnet::WeightOp)> placeOf);

} // namespace tritc::tables
