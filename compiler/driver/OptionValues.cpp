//===- OptionValues.cpp - What the options' values mean -------------------===//

#include "compiler/driver/OptionValues.h"

#include "compiler/driver/Suggest.h"

#include "compiler/support/Error.h"
#include "passes/Pipeline.h"
#include "targets/Registry.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/TargetParser/Triple.h"

namespace tritc::driver {

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

namespace {

/// What --emit= names, and the ending of the default output.
struct EmitKind {
  llvm::StringLiteral name;
  Emit emit;
  llvm::StringLiteral ending;
};

constexpr EmitKind emitKinds[] = {
    {"exe", Emit::Executable, "-chat"}, {"lib", Emit::Library, ".so"},
    {"obj", Emit::Object, ".o"},        {"asm", Emit::Assembly, ".s"},
    {"llvm", Emit::LlvmIR, ".ll"},      {"mlir", Emit::Mlir, ".mlir"},
    {"image", Emit::Image, ".image"},   {"header", Emit::Header, ".h"},
};

/// What --os= names.
constexpr System systems[] = {
    {"linux", "", ""},
    {"macos", "apple", "macosx11.0.0"},
    {"windows", "pc", "windows-msvc"},
};

/// What --report= names, and the ending of a file of that kind.
struct ReportKind {
  llvm::StringLiteral name;
  report::Format format;
  llvm::StringLiteral ending;
};

constexpr ReportKind reportKinds[] = {
    {"text", report::Format::Text, ".txt"},
    {"json", report::Format::Json, ".json"},
    {"html", report::Format::Html, ".html"},
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

llvm::Error usage(const llvm::Twine &message) {
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

llvm::Expected<uint64_t> parseCount(const llvm::opt::Arg &argument,
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
  if (llvm::StringRef near = nearestTarget(name); !near.empty())
    return makeError(ExitCode::UnsupportedTarget,
                     llvm::formatv("unknown target '{0}'; did you mean '{1}'? "
                                   "See tritc --print-targets",
                                   name, near));
  std::string known = llvm::join(
      llvm::map_range(allTargets(),
                      [](const Target *target) { return target->name.str(); }),
      ", ");
  return makeError(ExitCode::UnsupportedTarget,
                   llvm::formatv("unknown target '{0}'; there are native, {1}",
                                 name, known));
}

llvm::Error setName(llvm::StringRef name, Options &options) {
  constexpr size_t longest = 200;
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(name.data());
  if (name.trim().empty() || name.size() > longest ||
      llvm::any_of(name,
                   [](unsigned char c) { return c < ' ' || c == 0x7f; }) ||
      !llvm::isLegalUTF8String(&begin, begin + name.size()))
    return usage(llvm::formatv("--name=: expected one line of UTF-8 text, 1 to "
                               "{0} bytes, found {1}",
                               longest, name.size()));
  options.name = name.str();
  return llvm::Error::success();
}

llvm::Error setTargets(llvm::StringRef names, Options &options) {
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
  return llvm::Error::success();
}

void arrangeTargets(Options &options) {
  if (isLinked(options.emit))
    for (size_t i = 0; i < options.targets.size(); ++i)
      if (const Target *other = lookupTarget(options.targets[i]->fallback);
          other && !llvm::is_contained(options.targets, other))
        options.targets.push_back(other);
  llvm::sort(options.targets, [](const Target *a, const Target *b) {
    return llvm::find(allTargets(), a) < llvm::find(allTargets(), b);
  });
}

llvm::StringRef machineFor(const Options &options, const Target &target) {
  if (!options.machine.empty())
    return options.machine;
  for (const Target *other : options.targets)
    if (other->fallback == target.name)
      return other->machine;
  return target.machine;
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

llvm::Error setMachine(llvm::StringRef name, Options &options) {
  if (!lookupMachine(name))
    return usage(llvm::formatv("--machine=: expected one of {0}, found '{1}'",
                               namesOf(allMachines()), name));
  options.machine = name.str();
  return llvm::Error::success();
}

llvm::Error setEmit(llvm::StringRef name, Options &options) {
  llvm::Expected<const EmitKind *> kind = rowNamed("--emit=", emitKinds, name);
  if (!kind)
    return kind.takeError();
  options.emit = (*kind)->emit;
  return llvm::Error::success();
}

llvm::Error setHead(llvm::StringRef name, Options &options) {
  llvm::Expected<const HeadKind *> kind = rowNamed("--head=", headKinds, name);
  if (!kind)
    return kind.takeError();
  options.rounded.headBits = (*kind)->bits;
  return llvm::Error::success();
}

llvm::Error setSystem(llvm::StringRef name, Options &options) {
  options.system = llvm::find_if(
      systems, [&](const System &system) { return system.name == name; });
  if (options.system == std::end(systems))
    return usage(llvm::formatv("--os=: expected one of {0}, found '{1}'",
                               namesOf(systems), name));
  return llvm::Error::success();
}

llvm::Error setCLibrary(llvm::StringRef name, Options &options) {
  llvm::ArrayRef<codegen::CLibrary> libraries = codegen::cLibraries();
  options.cLibrary =
      llvm::find_if(libraries, [&](const codegen::CLibrary &library) {
        return library.name == name;
      });
  if (options.cLibrary == libraries.end())
    return usage(llvm::formatv("--libc=: expected one of {0}, found '{1}'",
                               namesOf(libraries), name));
  return llvm::Error::success();
}

llvm::Error setSelftest(llvm::StringRef name, Options &options) {
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

llvm::Error setStopAfter(llvm::StringRef name, Options &options) {
  if (llvm::none_of(phases(),
                    [&](const Phase &phase) { return phase.name == name; }))
    return usage(llvm::formatv("--stop-after=: expected one of {0}, found "
                               "'{1}'",
                               namesOf(phases()), name));
  options.stopAfter = name.str();
  return llvm::Error::success();
}

llvm::Error setLayout(llvm::StringRef text, Options &options) {
  llvm::Expected<import::I2sLayout> layout = import::parseI2sLayout(text);
  if (!layout)
    return layout.takeError();
  options.gguf.i2sLayout = *layout;
  options.gguf.i2sLayoutGiven = true;
  return llvm::Error::success();
}

llvm::Error setTiles(llvm::StringRef text, Options &options) {
  llvm::Expected<std::vector<import::LutTilesFor>> tiles =
      import::parseLutTiles(text);
  if (!tiles)
    return tiles.takeError();
  options.gguf.lutTiles = std::move(*tiles);
  return llvm::Error::success();
}

llvm::Error setCache(llvm::StringRef name, Options &options) {
  llvm::Expected<const CacheKind *> kind = rowNamed("--kv=", cacheKinds, name);
  if (!kind)
    return kind.takeError();
  options.rounded.bytesInCache = (*kind)->isRounded;
  return llvm::Error::success();
}

llvm::Error setReport(llvm::StringRef text, Options &options) {
  for (const ReportKind &kind : reportKinds) {
    if (kind.name == text)
      options.report = {kind.format, "-"};
    else if (text.ends_with(kind.ending))
      options.report = {kind.format, text.str()};
    else
      continue;
    return llvm::Error::success();
  }
  return usage(llvm::formatv("--report=: expected {0}, or a file that ends in "
                             ".txt, .json or .html, found '{1}'",
                             namesOf(reportKinds), text));
}

llvm::StringRef endingOf(Emit emit) {
  return llvm::find_if(emitKinds,
                       [&](const EmitKind &kind) { return kind.emit == emit; })
      ->ending;
}

bool isLinux(const System &system) { return &system == &systems[0]; }
const System &linuxSystem() { return systems[0]; }
codegen::SelftestSize fullSelftest() { return selftestKinds[0].size; }

} // namespace tritc::driver
