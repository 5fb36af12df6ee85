//===- Options.h - What a command line asks for ---------------------------===//
#pragma once

#include "compiler/codegen/CLibrary.h"
#include "compiler/codegen/Selftest.h"
#include "compiler/hub/Name.h"
#include "compiler/import/BuildModule.h"
#include "compiler/import/gguf/GgufOptions.h"
#include "compiler/report/Render.h"
#include "targets/Target.h"

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace tritc::driver {

/// What a compilation leaves behind.
enum class Emit {
  Executable,
  Library,
  Object,
  Assembly,
  LlvmIR,
  Mlir,
  Image,
  Header
};

/// Whether that is a whole program, with runtime and weights.
inline bool isLinked(Emit emit) {
  return emit == Emit::Executable || emit == Emit::Library;
}

/// A system whose conventions code can follow.
struct System {
  llvm::StringLiteral name;   ///< value of --os=
  llvm::StringLiteral vendor; ///< of LLVM's triple; empty: as the target says
  llvm::StringLiteral triple; ///< the triple's last part
};

/// Where the choice of kernels is explained.
struct ReportTarget {
  report::Format format;
  std::string file; ///< or "-"
};

/// A command line that makes sense.
struct Options {
  enum class Action { Compile, PrintHelp, PrintTargets, PrintVersion };

  Action action = Action::Compile;
  std::string commandLine;         ///< as a shell takes it
  std::string checkpoint;          ///< directory or GGUF file
  std::optional<hub::Name> model;  ///< what `checkpoint` names; none: a path
  bool offline = false;            ///< a name is looked up in the cache alone
  std::string output;              ///< file, or "-"; empty exactly if `run`
  std::optional<std::string> name; ///< of the model; none: the checkpoint's
  Emit emit = Emit::Executable;
  const System *system = nullptr;
  const codegen::CLibrary *cLibrary = nullptr; ///< of what is linked
  /// From the plainest to the most demanding, all of one architecture.
  std::vector<const Target *> targets;
  std::string machine;                  ///< name; empty: the target's
  unsigned cores = 0;                   ///< of the machine; 0: all
  std::string stopAfter;                ///< name of a phase; empty: all phases
  std::optional<uint64_t> tuneSeconds;  ///< time for measuring kernels
  std::optional<std::string> tuneCache; ///< file; none: the user's own
  std::optional<ReportTarget> report;
  std::optional<uint64_t> contextSize;
  import::Rounded rounded;
  std::optional<std::string> chatTemplate;
  import::GgufOptions gguf;
  std::optional<std::string> tokenizer; ///< path of a file
  unsigned threads = 1;
  std::string resources; ///< folder; empty: beside the compiler
  /// No prompts for none; of what holds an image.
  std::optional<codegen::SelftestSize> selftest;
  bool verbose = false;
  bool keepSymbols = false;           ///< in an executable
  bool serves = true;                 ///< an executable has that command
  std::vector<std::string> mlirFlags; ///< with their dashes
  bool run = false;
  std::vector<std::string> programArguments; ///< of `run`, without a name
};

/// Whether the library is to be static, which the name of its file says.
inline bool isArchive(const Options &options) {
  return options.emit == Emit::Library &&
         llvm::StringRef(options.output).ends_with(".a");
}

} // namespace tritc::driver
