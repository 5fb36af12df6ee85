//===- Program.h - A model's code and its weights -------------------------===//
#pragma once

#include "compiler/codegen/ObjectFile.h"
#include "compiler/driver/Lowering.h"

namespace tritc::driver {

/// What is linked, or run in process.
struct Program {
  /// One object per target, then the table of their programs.
  std::vector<std::string> objects;
  /// All parameters; targets with the same packing share them.
  codegen::WeightPlan weights;
};

/// The code of a module behind the last phase.
/// \param symbol name of its TritcProgram
llvm::Expected<codegen::MachineCode>
generateCode(Lowering &lowering, const Options &options, const Model &model,
             const Target &target, llvm::StringRef symbol, Progress &progress);

/// Compiles `model` for every target that `options` name.
llvm::Expected<Program> buildProgram(const Options &options, const Model &model,
                                     Progress &progress);

} // namespace tritc::driver
