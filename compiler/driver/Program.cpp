//===- Program.cpp - A model's code and its weights -----------------------===//

#include "compiler/driver/Program.h"

#include "compiler/codegen/Link.h"
#include "compiler/support/Error.h"
#include "targets/Registry.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/TargetParser/Triple.h"

#include <mutex>

namespace tritc::driver {

codegen::Machine machineOf(const Options &options, const Target &target) {
  std::string triple = target.triple.str();
  if (!options.system->vendor.empty())
    triple = llvm::Triple(llvm::Triple(triple).getArchName(),
                          options.system->vendor, options.system->triple)
                 .str();
  return {triple, target.cpu.str(), featureString(target)};
}

std::string resourcesOf(const Options &options, llvm::StringRef triple,
                        const codegen::CLibrary &library) {
  if (!options.resources.empty())
    return options.resources;
  static char here;
  return codegen::resourceFolder(
      llvm::sys::fs::getMainExecutable(nullptr, &here), triple, library);
}

/// What a module's TritcProgram says.
static llvm::Expected<codegen::ProgramInfo>
programInfo(Lowering &lowering, const Model &model, const Target &target,
            llvm::StringRef symbol) {
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
  return info;
}

llvm::Expected<codegen::MachineCode>
generateCode(Lowering &lowering, const Model &model, const Target &target,
             const codegen::Machine &machine, llvm::StringRef symbol) {
  llvm::Expected<codegen::ProgramInfo> info =
      programInfo(lowering, model, target, symbol);
  if (!info)
    return info.takeError();
  return codegen::MachineCode::create(lowering.module(), machine, *info);
}

namespace {

using codegen::ProgramPart;

/// From the tables of one target to its objects.
struct Job {
  const Target &target;
  codegen::Machine machine;
  std::string symbol, label;
  Lowering lowering;
  std::vector<ProgramPart> parts;
  std::vector<std::string> objects{}; ///< one for each part
};

/// Does jobs side by side, and the parts of each.
class Workshop {
public:
  Workshop(const Options &options, const Model &model,
           llvm::ThreadPoolInterface &threads, Progress &progress)
      : options(options), model(model), progress(progress), tasks(threads) {}

  /// The first error of the first job that fails, whichever thread was faster.
  llvm::Error run(std::vector<Job> &jobs) {
    failures.resize(jobs.size());
    for (auto [index, job] : llvm::enumerate(jobs))
      tasks.async([this, index = index, &job = job] {
        keep(index, begin(index, job));
      });
    tasks.wait();
    for (const Failure &failure : failures)
      if (failure.code != ExitCode::Ok)
        return makeError(failure.code, failure.message);
    return llvm::Error::success();
  }

private:
  /// Lowers the job's module and begins a task for each of its parts.
  llvm::Error begin(size_t index, Job &job) {
    if (llvm::Error error = job.lowering.finish(options, progress))
      return error;
    llvm::Expected<codegen::ProgramInfo> info =
        programInfo(job.lowering, model, job.target, job.symbol);
    if (!info)
      return info.takeError();
    job.objects.resize(job.parts.size());
    for (auto [part, object] : llvm::zip(job.parts, job.objects)) {
      llvm::Expected<codegen::MachineCode> code =
          codegen::MachineCode::translate(job.lowering.module(), job.machine,
                                          *info, part);
      if (!code)
        return code.takeError();
      auto shared = std::make_shared<codegen::MachineCode>(std::move(*code));
      tasks.async([this, index, &job, shared, part = part, &object = object] {
        keep(index, emit(job, *shared, part, object));
      });
    }
    return llvm::Error::success();
  }

  llvm::Error emit(const Job &job, codegen::MachineCode &code, ProgramPart part,
                   std::string &object) {
    Progress::Timer timer(progress, job.label + nameOf(part));
    if (llvm::Error error = code.optimise())
      return error;
    llvm::Expected<llvm::SmallVector<char, 0>> bytes = code.object();
    if (!bytes)
      return bytes.takeError();
    object.assign(bytes->begin(), bytes->end());
    return llvm::Error::success();
  }

  static llvm::StringRef nameOf(ProgramPart part) {
    switch (part) {
    case ProgramPart::Whole:
      return "code";
    case ProgramPart::Decode:
      return "code of decode";
    case ProgramPart::Prefill:
      return "code of prefill";
    }
    llvm_unreachable("no other part");
  }

  void keep(size_t index, llvm::Error error) {
    Failure failure = toFailure(std::move(error));
    std::lock_guard<std::mutex> lock(mutex);
    if (failures[index].code == ExitCode::Ok)
      failures[index] = std::move(failure);
  }

  const Options &options;
  const Model &model;
  Progress &progress;
  std::mutex mutex;
  std::vector<Failure> failures; ///< of each job, its first
  llvm::ThreadPoolTaskGroup tasks;
};

} // namespace

/// The specification's loops, for this machine and with all that it can do:
/// the bits are the same, the time is a sixth.
static codegen::Machine referenceMachine() {
  codegen::Machine machine = codegen::hostMachine();
  machine.vectorizes = true;
  return machine;
}

llvm::Expected<Program> buildProgram(const Options &options, const Model &model,
                                     Progress &progress) {
  std::unique_ptr<llvm::ThreadPoolInterface> threads = makeThreads(options);
  llvm::Expected<std::string> meaning = meaningOf(options, model, progress);
  if (!meaning)
    return meaning.takeError();

  Program program;
  std::vector<Job> jobs;
  std::vector<std::string> symbols;
  for (const Target *target : options.targets) {
    bool isAlone = options.targets.size() == 1;
    std::string label = isAlone ? "" : target->name.str() + " ";
    symbols.push_back("tritc_program" +
                      (isAlone ? "" : "_" + target->name.str()));
    llvm::Expected<Lowering> lowering = Lowering::begin(
        options, *meaning, *target, label, program.weights, *threads, progress);
    if (!lowering)
      return lowering.takeError();
    jobs.push_back({*target,
                    machineOf(options, *target),
                    symbols.back(),
                    label,
                    std::move(*lowering),
                    {ProgramPart::Prefill, ProgramPart::Decode}});
  }
  if (options.selftest->prompts) {
    Options plain = options;
    plain.tuneSeconds.reset();
    plain.report.reset();
    program.reference.emplace();
    program.reference->weights = program.weights;
    llvm::Expected<Lowering> lowering =
        Lowering::begin(plain, *meaning, specification(), "selftest ",
                        program.reference->weights, *threads, progress);
    if (!lowering)
      return lowering.takeError();
    jobs.push_back({specification(),
                    referenceMachine(),
                    "tritc_program",
                    "selftest ",
                    std::move(*lowering),
                    {ProgramPart::Whole}});
  }

  progress.begin("code");
  if (llvm::Error error =
          Workshop(options, model, *threads, progress).run(jobs))
    return std::move(error);
  if (program.reference) {
    program.reference->object = std::move(jobs.back().objects.front());
    program.reference->library =
        resourcesOf(Options(), jobs.back().machine.triple,
                    codegen::hostCLibrary()) +
        "/libgcc.a";
    jobs.pop_back();
  }
  for (Job &job : jobs) {
    program.explanations.push_back(job.lowering.explanation());
    llvm::move(job.objects, std::back_inserter(program.objects));
  }
  auto table = codegen::programTable(
      symbols, machineOf(options, *options.targets.front()));
  if (!table)
    return table.takeError();
  program.objects.emplace_back(table->begin(), table->end());
  return program;
}

} // namespace tritc::driver
