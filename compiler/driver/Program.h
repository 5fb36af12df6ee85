//===- Program.h - A model's code and its weights -------------------------===//
#pragma once

#include "compiler/codegen/ObjectFile.h"
#include "compiler/codegen/Selftest.h"
#include "compiler/driver/Lowering.h"

namespace tritc::driver {

/// What is linked, or run in process.
struct Program {
  /// Two objects per target, then the table of their programs.
  std::vector<std::string> objects;
  /// All parameters; targets with the same packing share them.
  codegen::WeightPlan weights;
  /// Of each target's kernels, if `options` ask for it.
  std::vector<report::TargetReport> explanations;
  /// What computes the expected results of the selftest, unless there is none.
  std::optional<codegen::ReferenceCode> reference;
};

/// The folder of what programs for `triple` are linked with.
std::string resourcesOf(const Options &options, llvm::StringRef triple,
                        const codegen::CLibrary &library);

/// `target` under the conventions of the system that `options` name.
codegen::Machine machineOf(const Options &options, const Target &target);

/// The code of a module behind the last phase.
/// \param symbol name of its TritcProgram
llvm::Expected<codegen::MachineCode>
generateCode(Lowering &lowering, const Model &model, const Target &target,
             const codegen::Machine &machine, llvm::StringRef symbol);

/// Compiles `model` for every target that `options` name.
llvm::Expected<Program> buildProgram(const Options &options, const Model &model,
                                     Progress &progress);

} // namespace tritc::driver
