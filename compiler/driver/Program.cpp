//===- Program.cpp - A model's code and its weights -----------------------===//

#include "compiler/driver/Program.h"

#include "targets/Registry.h"

namespace tritc::driver {

static codegen::Machine machineOf(const Target &target) {
  return {target.triple.str(), target.cpu.str(), featureString(target)};
}

llvm::Expected<codegen::MachineCode>
generateCode(Lowering &lowering, const Options &options, const Model &model,
             const Target &target, llvm::StringRef symbol, Progress &progress) {
  progress.begin(stageOf(options, target, "code"));
  codegen::ProgramInfo info;
  info.symbol = symbol.str();
  info.targetName = target.name.str();
  info.requiredFeatures = target.features;
  info.vocabSize = model.checkpoint->config().vocabSize;
  info.counts = lowering.weightCounts();
  if (llvm::Error error = codegen::readProgramInfo(lowering.module(), info))
    return std::move(error);
  return codegen::MachineCode::create(lowering.module(), machineOf(target),
                                      info);
}

static llvm::Expected<std::string>
compileFor(const Target &target, llvm::StringRef symbol, const Options &options,
           const Model &model, codegen::WeightPlan &weights,
           Progress &progress) {
  llvm::Expected<Lowering> lowering =
      Lowering::run(options, model, target, weights, progress);
  if (!lowering)
    return lowering.takeError();
  llvm::Expected<codegen::MachineCode> code =
      generateCode(*lowering, options, model, target, symbol, progress);
  if (!code)
    return code.takeError();
  llvm::Expected<llvm::SmallVector<char, 0>> object = code->object();
  if (!object)
    return object.takeError();
  return std::string(object->begin(), object->end());
}

llvm::Expected<Program> buildProgram(const Options &options, const Model &model,
                                     Progress &progress) {
  Program program;
  std::vector<std::string> symbols;
  for (const Target *target : options.targets) {
    // Alone, the object is the one of --emit=obj.
    symbols.push_back("tritc_program");
    if (options.targets.size() > 1)
      symbols.back() += "_" + target->name.str();
    llvm::Expected<std::string> object = compileFor(
        *target, symbols.back(), options, model, program.weights, progress);
    if (!object)
      return object.takeError();
    program.objects.push_back(std::move(*object));
  }
  auto table =
      codegen::programTable(symbols, machineOf(*options.targets.front()));
  if (!table)
    return table.takeError();
  program.objects.emplace_back(table->begin(), table->end());
  return program;
}

} // namespace tritc::driver
