//===- Compile.cpp - From a checkpoint to what was asked for --------------===//
//
// The sentence: import -> phases -> emit -> link. Each part is a library; this
// file only says what follows what.
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Compile.h"

#include "compiler/codegen/CheckpointSource.h"
#include "compiler/codegen/Executable.h"
#include "compiler/codegen/Jit.h"
#include "compiler/codegen/Link.h"
#include "compiler/codegen/ObjectFile.h"
#include "compiler/driver/Lowering.h"
#include "compiler/import/Error.h"
#include "targets/Registry.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Signals.h"

namespace tritc::driver {

using Bytes = llvm::SmallVector<char, 0>;

static llvm::Expected<codegen::MachineCode> generateCode(Lowering &lowering,
                                                         const Model &model,
                                                         const Target &target,
                                                         Progress &progress) {
  progress.begin("code");
  codegen::ProgramInfo info;
  info.targetName = target.name.str();
  info.requiredFeatures = target.features;
  info.vocabSize = model.checkpoint->config().vocabSize;
  if (llvm::Error error = codegen::readProgramInfo(lowering.module(), info))
    return std::move(error);
  return codegen::MachineCode::create(
      lowering.module(),
      {target.triple.str(), target.cpu.str(), featureString(target)}, info);
}

static std::string resourcesOf(const Options &options) {
  if (!options.resources.empty())
    return options.resources;
  static char here;
  return codegen::resourceFolder(
      llvm::sys::fs::getMainExecutable(nullptr, &here), options.target->triple);
}

static codegen::Progress reportTo(Progress &progress) {
  return [&](llvm::StringRef stage, unsigned percent, llvm::StringRef item) {
    progress.update(stage, percent, item);
  };
}

static llvm::Error emitExecutable(const Options &options, const Model &model,
                                  const codegen::WeightPlan &plan,
                                  llvm::StringRef object, Progress &progress) {
  llvm::Expected<codegen::OutputFile> file =
      codegen::OutputFile::create(options.output);
  if (!file)
    return file.takeError();
  progress.begin("link");
  llvm::Expected<Bytes> program = codegen::linkProgram(
      object, resourcesOf(options), options.keepSymbols, options.threads);
  if (!program)
    return program.takeError();
  progress.begin("weights");
  return codegen::writeExecutable(*program, model.contents, plan,
                                  codegen::CheckpointSource(*model.checkpoint),
                                  *file, options.threads, reportTo(progress));
}

/// Runs the program here. From its start on, signals and the terminal are the
/// program's, as in an executable.
static llvm::Expected<int> runModel(const Options &options, const Model &model,
                                    const codegen::WeightPlan &plan,
                                    llvm::StringRef object,
                                    Progress &progress) {
  progress.begin("weights");
  llvm::Expected<codegen::MappedImage> image = codegen::MappedImage::create(
      model.contents, plan, codegen::CheckpointSource(*model.checkpoint),
      options.threads, reportTo(progress));
  if (!image)
    return image.takeError();
  progress.finish();
  llvm::sys::unregisterHandlers();
  std::vector<std::string> arguments = {"tritc --run " + options.checkpoint};
  llvm::append_range(arguments, options.programArguments);
  return codegen::runInProcess(object, resourcesOf(options), *image, arguments);
}

llvm::Expected<int> compile(const Options &options, Progress &progress) {
  progress.begin("import");
  llvm::Expected<Model> model = importModel(options);
  if (!model)
    return model.takeError();

  llvm::Expected<Lowering> lowering = Lowering::run(options, *model, progress);
  if (!lowering)
    return lowering.takeError();
  auto written = [](llvm::Error error) -> llvm::Expected<int> {
    if (error)
      return std::move(error);
    return 0;
  };
  if (options.emit == Emit::Mlir)
    return written(codegen::writeOutput(options.output, lowering->text()));

  llvm::Expected<codegen::MachineCode> code =
      generateCode(*lowering, *model, *options.target, progress);
  if (!code)
    return code.takeError();
  if (options.emit == Emit::LlvmIR)
    return written(codegen::writeOutput(options.output, code->llvmIR()));

  llvm::Expected<Bytes> bytes =
      options.emit == Emit::Assembly ? code->assembly() : code->object();
  if (!bytes)
    return bytes.takeError();
  llvm::StringRef object = llvm::toStringRef(*bytes);
  if (options.run)
    return runModel(options, *model, lowering->weightPlan(), object, progress);
  if (options.emit == Emit::Executable)
    return written(emitExecutable(options, *model, lowering->weightPlan(),
                                  object, progress));
  return written(codegen::writeOutput(options.output, object));
}

} // namespace tritc::driver
