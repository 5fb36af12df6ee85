//===- Program.cpp - A model's code and its weights -----------------------===//

#include "compiler/driver/Program.h"

#include "compiler/codegen/Link.h"
#include "targets/Registry.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/TargetParser/Triple.h"

namespace tritc::driver {

codegen::Machine machineOf(const Options &options, const Target &target) {
  std::string triple = target.triple.str();
  if (!options.system->vendor.empty())
    triple = llvm::Triple(llvm::Triple(triple).getArchName(),
                          options.system->vendor, options.system->triple)
                 .str();
  return {triple, target.cpu.str(), featureString(target)};
}

std::string resourcesOf(const Options &options, llvm::StringRef triple) {
  if (!options.resources.empty())
    return options.resources;
  static char here;
  return codegen::resourceFolder(
      llvm::sys::fs::getMainExecutable(nullptr, &here), triple);
}

llvm::Expected<codegen::MachineCode>
generateCode(Lowering &lowering, const Model &model, const Target &target,
             const codegen::Machine &machine, llvm::StringRef symbol) {
  codegen::ProgramInfo info;
  info.symbol = symbol.str();
  info.targetName = target.name.str();
  info.requiredFeatures = target.features;
  const import::ModelConfig &config = model.checkpoint->config();
  info.vocabSize = config.vocabSize;
  info.vectorSize = config.embeds ? config.hiddenSize : 0;
  info.counts = lowering.weightCounts();
  if (llvm::Error error = codegen::readProgramInfo(lowering.module(), info))
    return std::move(error);
  return codegen::MachineCode::create(lowering.module(), machine, info);
}

static llvm::Expected<std::string>
objectOf(llvm::Expected<codegen::MachineCode> code) {
  if (!code)
    return code.takeError();
  llvm::Expected<llvm::SmallVector<char, 0>> object = code->object();
  if (!object)
    return object.takeError();
  return std::string(object->begin(), object->end());
}

static llvm::Expected<std::string>
compileFor(const Target &target, llvm::StringRef symbol, const Options &options,
           const Model &model, Program &program, Progress &progress) {
  std::string label = options.targets.size() > 1 ? target.name.str() + " " : "";
  llvm::Expected<Lowering> lowering =
      Lowering::run(options, model, target, label, program.weights, progress);
  if (!lowering)
    return lowering.takeError();
  program.explanations.push_back(lowering->explanation());
  progress.begin(label + "code");
  return objectOf(generateCode(*lowering, model, target,
                               machineOf(options, target), symbol));
}

/// The specification's loops, for this machine and with all that it can do:
/// the bits are the same, the time is a sixth.
static llvm::Expected<codegen::ReferenceCode>
compileReference(const Options &options, const Model &model,
                 const codegen::WeightPlan &weights, Progress &progress) {
  codegen::ReferenceCode reference;
  reference.weights = weights;
  Options plain = options;
  plain.tuneSeconds.reset();
  plain.report.reset();
  llvm::Expected<Lowering> lowering = Lowering::run(
      plain, model, specification(), "selftest ", reference.weights, progress);
  if (!lowering)
    return lowering.takeError();
  progress.begin("selftest code");
  codegen::Machine machine = codegen::hostMachine();
  machine.vectorizes = true;
  llvm::Expected<std::string> object = objectOf(generateCode(
      *lowering, model, specification(), machine, "tritc_program"));
  if (!object)
    return object.takeError();
  reference.object = std::move(*object);
  reference.library = resourcesOf(Options(), machine.triple) + "/libgcc.a";
  return reference;
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
    llvm::Expected<std::string> object =
        compileFor(*target, symbols.back(), options, model, program, progress);
    if (!object)
      return object.takeError();
    program.objects.push_back(std::move(*object));
  }
  auto table = codegen::programTable(
      symbols, machineOf(options, *options.targets.front()));
  if (!table)
    return table.takeError();
  program.objects.emplace_back(table->begin(), table->end());
  if (options.selftest->prompts) {
    llvm::Expected<codegen::ReferenceCode> reference =
        compileReference(options, model, program.weights, progress);
    if (!reference)
      return reference.takeError();
    program.reference = std::move(*reference);
  }
  return program;
}

} // namespace tritc::driver
