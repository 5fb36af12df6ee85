//===- Options.cpp - The command line of tritc ----------------------------===//

#include "compiler/driver/Options.h"

#include "compiler/import/Error.h"
#include "passes/Pipeline.h"
#include "targets/Registry.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Option/Arg.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Threading.h"
#include "llvm/TargetParser/Triple.h"

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

/// What --emit= names, and the ending of the default output.
struct EmitKind {
  llvm::StringLiteral name;
  Emit emit;
  llvm::StringLiteral ending;
};

constexpr EmitKind emitKinds[] = {
    {"exe", Emit::Executable, "-chat"}, {"obj", Emit::Object, ".o"},
    {"asm", Emit::Assembly, ".s"},      {"llvm", Emit::LlvmIR, ".ll"},
    {"mlir", Emit::Mlir, ".mlir"},      {"image", Emit::Image, ".image"},
    {"header", Emit::Header, ".h"},
};

/// What --os= names.
constexpr System systems[] = {
    {"linux", "", ""},
    {"macos", "apple", "macosx11.0.0"},
    {"windows", "pc", "windows-msvc"},
};

/// What --head= names.
struct HeadKind {
  llvm::StringLiteral name;
  unsigned bits;
};

/// What --kv= names.
struct CacheKind {
  llvm::StringLiteral name;
  bool isRounded;
};

constexpr CacheKind cacheKinds[] = {{"f16", false}, {"int8", true}};

constexpr HeadKind headKinds[] = {{"int8", 8}, {"int6", 6}, {"exact", 0}};

/// What --selftest= names. For the 2B4T shape, on two cores, a token takes the
/// compiler 0.12 s.
struct SelftestKind {
  llvm::StringLiteral name;
  codegen::SelftestSize size;
};

constexpr SelftestKind selftestKinds[] = {
    {"full", {2, 8}},
    {"short", {1, 4}},
    {"none", {0, 0}},
};

} // namespace

static llvm::Error usage(const llvm::Twine &message) {
  return makeError(ExitCode::Usage, message);
}

/// "a, b, c" of the names in a table.
template <typename Table>
static std::string namesOf(const Table &table) {
  return llvm::join(
      llvm::map_range(
          table, [](const auto &row) -> std::string { return row.name.str(); }),
      ", ");
}

//===----------------------------------------------------------------------===//
// One option
//===----------------------------------------------------------------------===//

static llvm::Expected<uint64_t> parseCount(const llvm::opt::Arg &argument,
                                           uint64_t most) {
  uint64_t value = 0;
  llvm::StringRef text = argument.getValue();
  if (text.getAsInteger(10, value) || value < 1 || value > most)
    return usage(llvm::formatv("{0}: expected a number from 1 to {1}, found "
                               "'{2}'",
                               argument.getSpelling(), most, text));
  return value;
}

static llvm::Expected<const Target *> findTarget(llvm::StringRef name) {
  if (const Target *target =
          name == "native" ? &nativeTarget() : lookupTarget(name))
    return target;
  std::string known = llvm::join(
      llvm::map_range(allTargets(),
                      [](const Target *target) { return target->name.str(); }),
      ", ");
  return makeError(ExitCode::UnsupportedTarget,
                   llvm::formatv("unknown target '{0}'; there are native, {1}",
                                 name, known));
}

/// A list of names, into the order of the registry.
static llvm::Error setTargets(llvm::StringRef names, Options &options) {
  options.targets.clear();
  for (llvm::StringRef name : llvm::split(names, ',')) {
    llvm::Expected<const Target *> target = findTarget(name);
    if (!target)
      return target.takeError();
    if (llvm::is_contained(options.targets, *target))
      return usage(llvm::formatv("--target=: {0} twice", (*target)->name));
    options.targets.push_back(*target);
  }
  const Target &first = *options.targets.front();
  for (const Target *other : options.targets)
    if (llvm::Triple(other->triple).getArch() !=
        llvm::Triple(first.triple).getArch())
      return usage(llvm::formatv("--target=: {0} and {1} are of different "
                                 "architectures; one executable holds one",
                                 first.name, other->name));
  llvm::sort(options.targets, [](const Target *a, const Target *b) {
    return llvm::find(allTargets(), a) < llvm::find(allTargets(), b);
  });
  return llvm::Error::success();
}

/// The row of `table` with that name.
template <typename Row, size_t size>
static llvm::Expected<const Row *> rowNamed(llvm::StringRef option,
                                            const Row (&table)[size],
                                            llvm::StringRef name) {
  const Row *row = llvm::find_if(
      table, [&](const Row &candidate) { return candidate.name == name; });
  if (row == std::end(table))
    return usage(llvm::formatv("{0}: expected one of {1}, found '{2}'", option,
                               namesOf(table), name));
  return row;
}

static llvm::Error setMachine(llvm::StringRef name, Options &options) {
  if (!lookupMachine(name))
    return usage(llvm::formatv("--machine=: expected one of {0}, found '{1}'",
                               namesOf(allMachines()), name));
  options.machine = name.str();
  return llvm::Error::success();
}

static llvm::Error setEmit(llvm::StringRef name, Options &options) {
  llvm::Expected<const EmitKind *> kind = rowNamed("--emit=", emitKinds, name);
  if (!kind)
    return kind.takeError();
  options.emit = (*kind)->emit;
  return llvm::Error::success();
}

static llvm::Error setHead(llvm::StringRef name, Options &options) {
  llvm::Expected<const HeadKind *> kind = rowNamed("--head=", headKinds, name);
  if (!kind)
    return kind.takeError();
  options.rounded.headBits = (*kind)->bits;
  return llvm::Error::success();
}

static llvm::Error setSystem(llvm::StringRef name, Options &options) {
  options.system = llvm::find_if(
      systems, [&](const System &system) { return system.name == name; });
  if (options.system == std::end(systems))
    return usage(llvm::formatv("--os=: expected one of {0}, found '{1}'",
                               namesOf(systems), name));
  return llvm::Error::success();
}

static llvm::Error setSelftest(llvm::StringRef name, Options &options) {
  const SelftestKind *kind =
      llvm::find_if(selftestKinds, [&](const SelftestKind &kind) {
        return kind.name == name;
      });
  if (kind == std::end(selftestKinds))
    return usage(llvm::formatv("--selftest=: expected one of {0}, found '{1}'",
                               namesOf(selftestKinds), name));
  options.selftest = kind->size;
  return llvm::Error::success();
}

static llvm::Error setStopAfter(llvm::StringRef name, Options &options) {
  if (llvm::none_of(phases(),
                    [&](const Phase &phase) { return phase.name == name; }))
    return usage(llvm::formatv("--stop-after=: expected one of {0}, found "
                               "'{1}'",
                               namesOf(phases()), name));
  options.stopAfter = name.str();
  return llvm::Error::success();
}

static llvm::Error setLayout(llvm::StringRef text, Options &options) {
  llvm::Expected<import::I2sLayout> layout = import::parseI2sLayout(text);
  if (!layout)
    return layout.takeError();
  options.gguf.i2sLayout = *layout;
  options.gguf.i2sLayoutGiven = true;
  return llvm::Error::success();
}

static llvm::Error setTiles(llvm::StringRef text, Options &options) {
  llvm::Expected<std::vector<import::LutTilesFor>> tiles =
      import::parseLutTiles(text);
  if (!tiles)
    return tiles.takeError();
  options.gguf.lutTiles = std::move(*tiles);
  return llvm::Error::success();
}

static llvm::Error unknownOption(const OptionTable &table,
                                 llvm::StringRef spelling) {
  std::string nearest;
  if (table.findNearest(spelling, nearest) <= 2)
    return usage(llvm::formatv("unknown option '{0}'; did you mean '{1}'?",
                               spelling, nearest));
  return usage(
      llvm::formatv("unknown option '{0}'; see tritc --help", spelling));
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
  switch (argument.getOption().getID()) {
  case OPT_INPUT:
    if (!options.checkpoint.empty())
      return usage(llvm::formatv("expected one checkpoint, found '{0}' and "
                                 "'{1}'",
                                 options.checkpoint, value));
    options.checkpoint = value.str();
    break;
  case OPT_o:
    options.output = value.str();
    break;
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
  case OPT_kv_EQ: {
    llvm::Expected<const CacheKind *> kind =
        rowNamed("--kv=", cacheKinds, value);
    if (!kind)
      return kind.takeError();
    options.rounded.bytesInCache = (*kind)->isRounded;
    break;
  }
  case OPT_chat_template_EQ:
    options.chatTemplate = value.str();
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
  case OPT_resource_dir_EQ:
    options.resources = value.str();
    break;
  case OPT_g:
    options.keepSymbols = true;
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

/// `<name of the directory or file><ending>` in the working directory.
static std::string defaultOutput(const Options &options) {
  llvm::SmallString<128> path(options.checkpoint);
  llvm::sys::fs::make_absolute(path);
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  llvm::StringRef name = llvm::sys::path::filename(path);
  name.consume_back(".gguf");
  if (name.empty() || name == "/")
    name = "model";
  const EmitKind *kind = llvm::find_if(emitKinds, [&](const EmitKind &kind) {
    return kind.emit == options.emit;
  });
  return (name + kind->ending).str();
}

/// Checks what options say together, and fills in defaults.
static llvm::Error complete(bool emitGiven, Options &options) {
  // The header is the same for every model.
  if (options.checkpoint.empty() && options.emit == Emit::Header)
    options.checkpoint = "tritc";
  if (options.checkpoint.empty())
    return usage("no checkpoint given; see tritc --help");
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
  if (options.output == "-" && options.emit == Emit::Executable)
    return usage("-o -: an executable cannot go to standard output");
  if (!options.system)
    options.system = &systems[0];
  if (options.system != &systems[0] &&
      (options.run || options.emit == Emit::Executable))
    return usage(
        llvm::formatv("--os={0}: executables are for linux; --emit=obj "
                      "makes what a linker for {0} takes",
                      options.system->name));
  // What runs here at once was compiled by the same process.
  if (!options.selftest)
    options.selftest = options.run || options.emit != Emit::Executable
                           ? codegen::SelftestSize{}
                           : selftestKinds[0].size;
  if (options.targets.empty())
    options.targets = {&nativeTarget()};
  const Target &target = *options.targets.front();
  if (options.run && !isForThisArchitecture(target))
    return makeError(
        ExitCode::UnsupportedTarget,
        llvm::formatv("--run: code for {0} cannot run here", target.name));
  if (options.targets.size() > 1 && options.emit != Emit::Executable)
    return usage("--target=: only an executable holds code for several "
                 "targets; another --emit= takes one");
  return llvm::Error::success();
}

llvm::Expected<Options> parseOptions(llvm::ArrayRef<const char *> arguments) {
  OptionTable table;
  Options options;
  options.threads = llvm::hardware_concurrency().compute_thread_count();
  llvm::opt::InputArgList list(arguments.begin(), arguments.end());
  bool emitGiven = false;
  for (unsigned index = 0; index < arguments.size();) {
    if (options.run && !options.checkpoint.empty()) {
      llvm::ArrayRef<const char *> rest = arguments.drop_front(index);
      if (llvm::StringRef(rest.front()) == "--")
        rest = rest.drop_front();
      options.programArguments.assign(rest.begin(), rest.end());
      break;
    }
    unsigned before = index;
    std::unique_ptr<llvm::opt::Arg> argument = table.ParseOneArg(list, index);
    if (!argument)
      return usage(llvm::formatv("{0}: expected a value", arguments[before]));
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

void printHelp(llvm::raw_ostream &os) {
  OptionTable().printHelp(
      os,
      "tritc [options] <checkpoint> [-o <file>]\n"
      "       tritc --run [options] <checkpoint> [program's arguments]",
      "compiles a BitNet checkpoint into one native executable that chats");
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
}

} // namespace tritc::driver
