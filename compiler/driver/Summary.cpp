//===- Summary.cpp - What a person reads once it is done ------------------===//

#include "compiler/driver/Summary.h"
#include "compiler/driver/CommandLine.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace tritc::driver {

std::string kernelNames(llvm::ArrayRef<report::TargetReport> targets) {
  constexpr size_t most = 4;
  llvm::SetVector<llvm::StringRef> names;
  for (const report::TargetReport &target : targets)
    for (const report::Matrix &matrix : target.matrices)
      names.insert(matrix.chosen().kernel);
  if (names.size() > most)
    return std::to_string(names.size()) + " of them";
  return llvm::join(names, ", ");
}

static std::string sizeText(uint64_t bytes) {
  struct Unit {
    double bytes;
    llvm::StringLiteral name;
  };
  constexpr Unit units[] = {{1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}};
  for (const Unit &unit : units)
    if (double(bytes) >= unit.bytes)
      return llvm::formatv("{0:f1} {1}", double(bytes) / unit.bytes, unit.name);
  return std::to_string(bytes) + " bytes";
}

/// `path` as a command of a shell.
static std::string asCommand(llvm::StringRef path) {
  return quoted(path.contains('/') ? path.str() : ("./" + path).str());
}

std::string summaryOf(const Options &options, bool embeds,
                      llvm::StringRef kernels, uint64_t bytes, double seconds) {
  std::string made =
      llvm::formatv("made {0}: {1}", options.output, sizeText(bytes));
  if (options.emit != Emit::Executable)
    return llvm::formatv("{0}, {1:f1} s", made, seconds);
  std::string targets = llvm::join(
      llvm::map_range(options.targets,
                      [](const Target *target) { return target->name.str(); }),
      ", ");
  return llvm::formatv("{0} for {1}, kernels {2}, {3:f1} s\nrun it: {4}{5}",
                       made, targets, kernels, seconds,
                       asCommand(options.output),
                       embeds ? " embed -p 'some text'" : "");
}

} // namespace tritc::driver
