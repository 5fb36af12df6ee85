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
#include "compiler/codegen/StaticLibrary.h"
#include "compiler/driver/Program.h"
#include "compiler/driver/Summary.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"

#include <chrono>

namespace tritc::driver {

static std::string resourcesOf(const Options &options,
                               const codegen::CLibrary &library) {
  return resourcesOf(options, options.targets.front()->triple, library);
}

/// All of the image that is not a parameter.
static codegen::ImageContents contentsOf(const Options &options,
                                         const Model &model) {
  codegen::ImageContents contents = model.contents;
  if (options.selftest->prompts)
    contents.selftest = codegen::emptySelftest(contents, *options.selftest);
  return contents;
}

static codegen::Progress reportTo(Progress &progress) {
  return [&](llvm::StringRef stage, unsigned percent, llvm::StringRef item) {
    progress.update(stage, percent, item);
  };
}

/// What is to be linked, of `objects`; a static library has a place for its
/// image among them.
static llvm::Expected<codegen::LinkOptions>
describeLink(const Options &options, uint64_t imageBytes,
             std::vector<std::string> &objects) {
  codegen::LinkOptions linking{.keepSymbols = options.keepSymbols,
                               .serves = options.serves,
                               .threads = options.threads};
  if (isArchive(options)) {
    linking.kind = codegen::LinkKind::Relocatable;
    llvm::Expected<std::string> place = codegen::imagePlace(
        imageBytes, machineOf(options, *options.targets.front()));
    if (!place)
      return place.takeError();
    objects.push_back(std::move(*place));
  } else if (options.emit == Emit::Library) {
    linking.kind = codegen::LinkKind::Shared;
    linking.soname = llvm::sys::path::filename(options.output).str();
  }
  return linking;
}

/// An executable or a library.
static llvm::Error emitProgram(const Options &options, const Model &model,
                               Program &program, Progress &progress) {
  llvm::Expected<codegen::OutputFile> file =
      codegen::OutputFile::create(options.output);
  if (!file)
    return file.takeError();
  progress.begin("link");
  codegen::ImageContents contents = contentsOf(options, model);
  llvm::Expected<codegen::LinkOptions> linking = describeLink(
      options, codegen::imageBytes(contents, program.weights), program.objects);
  if (!linking)
    return linking.takeError();
  llvm::Expected<llvm::SmallVector<char, 0>> code =
      codegen::linkProgram(program.objects, *options.cLibrary,
                           resourcesOf(options, *options.cLibrary), *linking);
  if (!code)
    return code.takeError();
  progress.begin("weights");
  codegen::CheckpointSource source(*model.checkpoint);
  if (isArchive(options))
    return codegen::writeStaticLibrary(
        *code, contents, program.weights, program.reference, source, *file,
        options.threads, options.keepSymbols, reportTo(progress));
  return codegen::writeExecutable(*code, contents, program.weights,
                                  program.reference, source, *file,
                                  options.threads, reportTo(progress));
}

/// Runs the program here. From its start on, signals and the terminal are the
/// program's, as in an executable.
static llvm::Expected<int> runModel(const Options &options, const Model &model,
                                    const Program &program,
                                    Progress &progress) {
  progress.begin("weights");
  llvm::Expected<codegen::MappedImage> image = codegen::MappedImage::create(
      contentsOf(options, model), program.weights, program.reference,
      codegen::CheckpointSource(*model.checkpoint), options.threads,
      reportTo(progress));
  if (!image)
    return image.takeError();
  progress.finish();
  llvm::sys::unregisterHandlers();
  std::vector<std::string> arguments = {"tritc --run " + options.checkpoint};
  llvm::append_range(arguments, options.programArguments);
  return codegen::runInProcess(program.objects,
                               resourcesOf(options, codegen::hostCLibrary()),
                               *image, arguments);
}

/// Writes the report that `options` ask for, if they do; behind the output,
/// whose size it tells.
static llvm::Error writeReport(const Options &options, const Model &model,
                               const codegen::WeightPlan &weights,
                               std::vector<report::TargetReport> targets) {
  if (!options.report)
    return llvm::Error::success();
  report::Report report;
  report.model = model.contents.modelName;
  report.compiler = "tritc " TRITC_VERSION ", LLVM " LLVM_VERSION_STRING;
  report.command = options.commandLine;
  report.weightBytes = weights.bytes;
  report.targets = std::move(targets);
  for (report::TargetReport &target : report.targets)
    target.contextSize = model.contextSize;
  llvm::sys::fs::file_status status;
  if (!options.output.empty() && options.output != "-" &&
      !llvm::sys::fs::status(options.output, status) &&
      llvm::sys::fs::is_regular_file(status))
    report.output = report::Output{options.output, int64_t(status.getSize())};
  return codegen::writeOutput(options.report->file,
                              report::render(report, options.report->format));
}

/// The module or the code, in the form that `options` ask for.
static llvm::Expected<std::string>
codeText(const Options &options, const Model &model, const Target &target,
         Lowering &lowering, Progress &progress) {
  if (options.emit == Emit::Mlir)
    return lowering.text();
  progress.begin("code");
  llvm::Expected<codegen::MachineCode> code = generateCode(
      lowering, model, target, machineOf(options, target), "tritc_program");
  if (!code)
    return code.takeError();
  if (options.emit == Emit::LlvmIR)
    return code->llvmIR();
  llvm::Expected<llvm::SmallVector<char, 0>> bytes =
      options.emit == Emit::Assembly ? code->assembly() : code->object();
  if (!bytes)
    return bytes.takeError();
  return llvm::toStringRef(*bytes).str();
}

/// The module of the only target, behind phase `tables`.
static llvm::Expected<Lowering>
beginAlone(const Options &options, const Model &model, const Target &target,
           codegen::WeightPlan &weights, llvm::ThreadPoolInterface &threads,
           Progress &progress) {
  llvm::Expected<std::string> meaning = meaningOf(options, model, progress);
  if (!meaning)
    return meaning.takeError();
  return Lowering::begin(options, *meaning, target, /*label=*/"", weights,
                         threads, progress);
}

/// What can be read, or linked by others: the code for one target.
static llvm::Error emitCode(const Options &options, const Model &model,
                            Progress &progress) {
  const Target &target = *options.targets.front();
  std::unique_ptr<llvm::ThreadPoolInterface> threads = makeThreads(options);
  codegen::WeightPlan weights;
  llvm::Expected<Lowering> lowering =
      beginAlone(options, model, target, weights, *threads, progress);
  if (!lowering)
    return lowering.takeError();
  if (llvm::Error error = lowering->finish(options, progress))
    return error;
  llvm::Expected<std::string> text =
      codeText(options, model, target, *lowering, progress);
  if (!text)
    return text.takeError();
  if (llvm::Error error = codegen::writeOutput(options.output, *text))
    return error;
  return writeReport(options, model, weights, {lowering->explanation()});
}

/// The image alone, for who links an object.
static llvm::Error emitImage(const Options &options, const Model &model,
                             Progress &progress) {
  std::unique_ptr<llvm::ThreadPoolInterface> threads = makeThreads(options);
  codegen::WeightPlan weights;
  llvm::Expected<Lowering> lowering = beginAlone(
      options, model, *options.targets.front(), weights, *threads, progress);
  if (!lowering)
    return lowering.takeError();
  llvm::Expected<codegen::OutputFile> file =
      codegen::OutputFile::create(options.output);
  if (!file)
    return file.takeError();
  progress.begin("weights");
  if (llvm::Error error = codegen::writeImage(
          model.contents, weights, codegen::CheckpointSource(*model.checkpoint),
          file->fd(),
          /*offset=*/0, options.threads, file->path(), reportTo(progress)))
    return error;
  if (llvm::Error error = file->keep(/*executable=*/false))
    return error;
  return writeReport(options, model, weights, {lowering->explanation()});
}

/// The contract of runtime/abi as one header.
static constexpr llvm::StringLiteral header =
#include "compiler/driver/Header.inc"
    ;

/// Says what was made, once `error` shows that it was.
static llvm::Expected<int> written(llvm::Error error, const Options &options,
                                   const Model *model, llvm::StringRef kernels,
                                   std::chrono::steady_clock::time_point start,
                                   Progress &progress) {
  if (error)
    return std::move(error);
  uint64_t bytes = 0;
  // Standard output and devices have no size.
  if (options.output == "-" || llvm::sys::fs::file_size(options.output, bytes))
    return 0;
  std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  progress.summarize(summaryOf(options,
                               model && model->checkpoint->config().embeds,
                               kernels, bytes, time.count()));
  return 0;
}

llvm::Expected<int> compile(const Options &options, Progress &progress) {
  auto start = std::chrono::steady_clock::now();
  if (!options.run && options.output != "-")
    if (llvm::Error error = codegen::checkPlace(options.output))
      return std::move(error);
  if (options.emit == Emit::Header)
    return written(codegen::writeOutput(options.output, header), options,
                   nullptr, "", start, progress);
  progress.begin("import");
  llvm::Expected<Model> model = importModel(options);
  if (!model)
    return model.takeError();
  for (const std::string &line : model->checkpoint->notes())
    progress.note(line);
  if (model->checkpoint->chatTemplate().rules.isMissed &&
      !model->checkpoint->config().embeds)
    progress.note(options.checkpoint +
                  ": no chat template: a chat will go on with what it is told "
                  "instead of answering; choose one with --chat-template=" +
                  import::chatTemplateNames("|") + " or a file");
  if (options.emit == Emit::Image)
    return written(emitImage(options, *model, progress), options, &*model, "",
                   start, progress);
  if (!options.run && !isLinked(options.emit))
    return written(emitCode(options, *model, progress), options, &*model, "",
                   start, progress);

  llvm::Expected<Program> program = buildProgram(options, *model, progress);
  if (!program)
    return program.takeError();
  std::string kernels = kernelNames(program->explanations);
  auto explain = [&] {
    return writeReport(options, *model, program->weights,
                       std::move(program->explanations));
  };
  if (options.run) {
    // Before the program has the terminal.
    if (llvm::Error error = explain())
      return std::move(error);
    return runModel(options, *model, *program, progress);
  }
  if (llvm::Error error = emitProgram(options, *model, *program, progress))
    return std::move(error);
  return written(explain(), options, &*model, kernels, start, progress);
}

} // namespace tritc::driver
