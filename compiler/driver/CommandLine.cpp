//===- CommandLine.cpp - The command line of tritc ------------------------===//

#include "compiler/driver/CommandLine.h"

#include "compiler/driver/OptionValues.h"
#include "compiler/driver/Suggest.h"

#include "compiler/support/Error.h"
#include "passes/Pipeline.h"
#include "targets/Registry.h"

#include "llvm/Option/Arg.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Threading.h"

namespace tritc::driver {

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

namespace {

#define OPTTABLE_STR_TABLE_CODE
#include "compiler/driver/Options.inc"
#undef OPTTABLE_STR_TABLE_CODE

#define OPTTABLE_PREFIXES_TABLE_CODE
#include "compiler/driver/Options.inc"
#undef OPTTABLE_PREFIXES_TABLE_CODE

enum OptionId {
  OPT_INVALID = 0,
#define OPTION(...) LLVM_MAKE_OPT_ID(__VA_ARGS__),
#include "compiler/driver/Options.inc"
#undef OPTION
};

using llvm::opt::DefaultVis; // the generated rows name it bare

constexpr llvm::opt::OptTable::Info optionInfos[] = {
#define OPTION(...) LLVM_CONSTRUCT_OPT_INFO(__VA_ARGS__),
#include "compiler/driver/Options.inc"
#undef OPTION
};

struct OptionTable : llvm::opt::GenericOptTable {
  OptionTable()
      : GenericOptTable(OptionStrTable, OptionPrefixesTable, optionInfos) {}
};

} // namespace

//===----------------------------------------------------------------------===//
// One option
//===----------------------------------------------------------------------===//

/// Enough for the 2B-4T shape and three kernels.
static constexpr uint64_t defaultTuneSeconds = 30;

static llvm::Error unknownOption(const OptionTable &table,
                                 llvm::StringRef spelling) {
  if (std::string advice = adviceFor(spelling); !advice.empty())
    return usage(llvm::formatv("unknown option '{0}'; {1}", spelling, advice));
  std::string nearest;
  if (table.findNearest(spelling, nearest) <= 2)
    return usage(llvm::formatv("unknown option '{0}'; did you mean '{1}'?",
                               spelling, nearest));
  return usage(
      llvm::formatv("unknown option '{0}'; see tritc --help", spelling));
}

static llvm::Error setCheckpoint(llvm::StringRef path, Options &options) {
  if (!options.checkpoint.empty())
    return usage(llvm::formatv("expected one checkpoint, found '{0}' and '{1}'",
                               options.checkpoint, path));
  options.checkpoint = path.str();
  return llvm::Error::success();
}

static llvm::Error apply(const OptionTable &table,
                         const llvm::opt::Arg &argument, Options &options) {
  auto setCount = [&](uint64_t most, auto set) -> llvm::Error {
    llvm::Expected<uint64_t> count = parseCount(argument, most);
    if (!count)
      return count.takeError();
    set(*count);
    return llvm::Error::success();
  };
  llvm::StringRef value = argument.getNumValues() ? argument.getValue() : "";
  if (argument.getSpelling().ends_with("=") && value.empty())
    return usage(
        llvm::formatv("{0}: expected a value", argument.getSpelling()));
  switch (argument.getOption().getID()) {
  case OPT_INPUT:
    return setCheckpoint(value, options);
  case OPT_o:
    options.output = value.str();
    break;
  case OPT_name_EQ:
    return setName(value, options);
  case OPT_target_EQ:
    return setTargets(value, options);
  case OPT_machine_EQ:
    return setMachine(value, options);
  case OPT_cores_EQ:
    return setCount(1 << 16,
                    [&](uint64_t count) { options.cores = unsigned(count); });
  case OPT_emit_EQ:
    return setEmit(value, options);
  case OPT_os_EQ:
    return setSystem(value, options);
  case OPT_selftest_EQ:
    return setSelftest(value, options);
  case OPT_stop_after_EQ:
    return setStopAfter(value, options);
  case OPT_run:
    options.run = true;
    break;
  case OPT_ctx_size_EQ:
    return setCount(UINT32_MAX,
                    [&](uint64_t count) { options.contextSize = count; });
  case OPT_head_EQ:
    return setHead(value, options);
  case OPT_kv_EQ:
    return setCache(value, options);
  case OPT_tune:
    options.tuneSeconds = defaultTuneSeconds;
    break;
  case OPT_tune_EQ:
    return setCount(3600, [&](uint64_t count) { options.tuneSeconds = count; });
  case OPT_tune_cache_EQ:
    options.tuneCache = value.str();
    break;
  case OPT_report:
    return setReport("text", options);
  case OPT_report_EQ:
    return setReport(value, options);
  case OPT_chat_template_EQ:
    options.chatTemplate = value.str();
    break;
  case OPT_offline:
    options.offline = true;
    break;
  case OPT_i2s_layout_EQ:
    return setLayout(value, options);
  case OPT_tl_tiles_EQ:
    return setTiles(value, options);
  case OPT_tokenizer_EQ:
    options.tokenizer = value.str();
    break;
  case OPT_j:
    return setCount(1024,
                    [&](uint64_t count) { options.threads = unsigned(count); });
  case OPT_libc_EQ:
    return setCLibrary(value, options);
  case OPT_resource_dir_EQ:
    options.resources = value.str();
    break;
  case OPT_g:
    options.keepSymbols = true;
    break;
  case OPT_no_serve:
    options.serves = false;
    break;
  case OPT_v:
    options.verbose = true;
    break;
  case OPT_mlir_:
    options.mlirFlags.push_back(("--mlir-" + value).str());
    break;
  case OPT_print_targets:
    options.action = Options::Action::PrintTargets;
    break;
  case OPT_version:
    options.action = Options::Action::PrintVersion;
    break;
  case OPT_help:
    options.action = Options::Action::PrintHelp;
    break;
  default:
    return unknownOption(table, argument.getSpelling());
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// The whole
//===----------------------------------------------------------------------===//

/// `<name of the directory, file or model><ending>` in the working directory.
static std::string defaultOutput(const Options &options) {
  llvm::SmallString<128> path(options.model ? hub::shortName(*options.model)
                                            : options.checkpoint);
  llvm::sys::fs::make_absolute(path);
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  llvm::StringRef name = llvm::sys::path::filename(path);
  name.consume_back(".gguf");
  if (name.empty() || name == "/")
    name = "model";
  return (name + endingOf(options.emit)).str();
}

/// The part of complete() that is about targets and this machine.
static llvm::Error completeTargets(Options &options) {
  if (options.targets.empty())
    options.targets = {&nativeTarget()};
  arrangeTargets(options);
  const Target &target = *options.targets.front();
  if (options.run && !isForThisArchitecture(target))
    return makeError(
        ExitCode::UnsupportedTarget,
        llvm::formatv("--run: code for {0} cannot run here", target.name));
  if (options.tuneSeconds)
    for (const Target *other : options.targets)
      if (!runsHere(*other))
        return makeError(
            ExitCode::UnsupportedTarget,
            llvm::formatv("--tune: this machine cannot run code for {0}",
                          other->name));
  if (!options.tuneSeconds && options.tuneCache)
    return usage("--tune-cache= makes no sense without --tune");
  return llvm::Error::success();
}

/// Checks what options say together, and fills in defaults.
static llvm::Error complete(bool emitGiven, Options &options) {
  // The header is the same for every model.
  if (options.checkpoint.empty() && options.emit == Emit::Header)
    options.checkpoint = "tritc";
  if (options.checkpoint.empty())
    return usage("no checkpoint given; see tritc --help");
  // A path that exists is never taken for a name.
  if (!llvm::sys::fs::exists(options.checkpoint)) {
    llvm::Expected<std::optional<hub::Name>> model =
        hub::readName(options.checkpoint);
    if (!model)
      return model.takeError();
    options.model = *model;
  }
  if (options.run &&
      (emitGiven || !options.stopAfter.empty() || !options.output.empty()))
    return usage("--run leaves no file: -o, --emit= and --stop-after= make no "
                 "sense with it");
  if (!options.stopAfter.empty()) {
    if (emitGiven && options.emit != Emit::Mlir)
      return usage("--stop-after= emits MLIR; another --emit= makes no sense "
                   "with it");
    options.emit = Emit::Mlir;
  }
  if (options.output.empty() && !options.run)
    options.output = defaultOutput(options);
  if (options.output == "-" && isLinked(options.emit))
    return usage("-o -: an executable or a library cannot go to standard "
                 "output");
  if (!options.system)
    options.system = &linuxSystem();
  if (options.cLibrary && (options.run || options.emit != Emit::Executable))
    return usage("--libc=: only an executable is linked with a C library");
  if (!options.cLibrary)
    options.cLibrary = options.emit == Emit::Library
                           ? &codegen::hostCLibrary()
                           : &codegen::cLibraries().front();
  if (!isLinux(*options.system) && (options.run || isLinked(options.emit)))
    return usage(
        llvm::formatv("--os={0}: executables are for linux; --emit=obj "
                      "makes what a linker for {0} takes",
                      options.system->name));
  // What runs here at once was compiled by the same process.
  if (!options.selftest)
    options.selftest = options.run || options.emit != Emit::Executable
                           ? codegen::SelftestSize{}
                           : fullSelftest();
  if (llvm::Error error = completeTargets(options))
    return error;
  if (options.report && options.report->file == "-" && options.output == "-")
    return usage("--report: standard output has the output already; name a "
                 "file");
  if (options.report && (options.emit == Emit::Header ||
                         options.stopAfter == phases().front().name))
    return usage("--report: no kernels are chosen on this way");
  if (options.targets.size() > 1 && !isLinked(options.emit))
    return usage(
        "--target=: only an executable or a library holds code for several "
        "targets; another --emit= takes one");
  return llvm::Error::success();
}

std::string quoted(llvm::StringRef argument) {
  constexpr llvm::StringLiteral plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./=,:+@";
  if (!argument.empty() &&
      argument.find_first_not_of(plain) == llvm::StringRef::npos)
    return argument.str();
  std::string text = "'";
  for (char c : argument)
    text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

llvm::Expected<Options> parseOptions(llvm::ArrayRef<const char *> arguments) {
  OptionTable table;
  Options options;
  options.commandLine = "tritc";
  for (llvm::StringRef argument : arguments)
    options.commandLine += " " + quoted(argument);
  options.threads = llvm::hardware_concurrency().compute_thread_count();
  llvm::opt::InputArgList list(arguments.begin(), arguments.end());
  bool emitGiven = false;
  bool optionsEnded = false; // by "--"
  for (unsigned index = 0; index < arguments.size();) {
    if (options.run && !options.checkpoint.empty()) {
      llvm::ArrayRef<const char *> rest = arguments.drop_front(index);
      if (llvm::StringRef(rest.front()) == "--")
        rest = rest.drop_front();
      options.programArguments.assign(rest.begin(), rest.end());
      break;
    }
    llvm::StringRef text = arguments[index];
    if (text == "--" && !optionsEnded) {
      optionsEnded = true;
      ++index;
      continue;
    }
    if (optionsEnded) {
      ++index;
      if (llvm::Error error = setCheckpoint(text, options))
        return std::move(error);
      continue;
    }
    std::unique_ptr<llvm::opt::Arg> argument = table.ParseOneArg(list, index);
    if (!argument)
      return usage(llvm::formatv("{0}: expected a value", text));
    emitGiven |= argument->getOption().matches(OPT_emit_EQ);
    if (llvm::Error error = apply(table, *argument, options))
      return std::move(error);
    // Asked for help, we do not complain about the rest.
    if (options.action != Options::Action::Compile)
      return options;
  }
  if (llvm::Error error = complete(emitGiven, options))
    return std::move(error);
  return options;
}

void printTargets(llvm::raw_ostream &os) {
  for (const Target *target : allTargets())
    os << target->name << '\n';
}

/// Commands, and what they do.
static constexpr llvm::StringLiteral examples[][2] = {
    {"tritc microsoft/bitnet-b1.58-2B-4T -o chat",
     "download a model of Hugging Face, or find it in its cache, and compile"},
    {"tritc bitnet-2b -o chat",
     "compile a folder from Hugging Face for this machine, and './chat'"},
    {"tritc model.gguf --ctx-size 4096 --kv int8 -o chat",
     "a GGUF file, with a shorter context and half the memory for it"},
    {"tritc bitnet-2b --target x86_avx2,x86_avx512 -o chat",
     "one executable for machines with and without AVX-512"},
    {"tritc bitnet-2b --target aarch64_dotprod --machine pi_5 -o chat",
     "for a Raspberry Pi, compiled here"},
    {"tritc --run bitnet-2b -p 'Who are you?'",
     "no executable: compile, and answer at once"},
};

void printHelp(llvm::raw_ostream &os) {
  OptionTable().printHelp(
      os,
      "tritc [options] <checkpoint> [-o <file>]\n"
      "       tritc --run [options] <checkpoint> [program's arguments]\n"
      "<checkpoint> is a folder, a GGUF file, or the name of a model on "
      "Hugging "
      "Face",
      "compiles a BitNet checkpoint into one native executable that chats");
  os << "\n'--option=<value>' may be written '--option <value>'; '--' ends "
        "options.\n";
  os << "\nTARGETS:\n";
  for (const Target *target : allTargets())
    os << llvm::formatv("  {0,-22} {1}\n", target->name, target->summary);
  os << "\nMACHINES:\n";
  for (const Machine &machine : allMachines())
    os << llvm::formatv("  {0,-22} {1} cores like {2}, {3} MHz, {4} MB/s\n",
                        machine.name, machine.cores, machine.cpu, machine.mhz,
                        machine.allCores);
  os << "\nPHASES, in the order in which they run:\n";
  for (const Phase &phase : phases())
    os << llvm::formatv("  {0,-22} {1}\n", phase.name, phase.summary);
  os << "\nEXAMPLES:\n";
  for (const auto &[command, meaning] : examples)
    os << llvm::formatv("  {0}\n      {1}\n", command, meaning);
}

} // namespace tritc::driver
