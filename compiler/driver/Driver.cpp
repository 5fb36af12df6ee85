//===- Driver.cpp - The program tritc -------------------------------------===//

#include "compiler/driver/Driver.h"

#include "compiler/codegen/FileIO.h"
#include "compiler/driver/CommandLine.h"
#include "compiler/driver/Compile.h"
#include "compiler/driver/Find.h"
#include "compiler/driver/Lowering.h"
#include "compiler/driver/Version.h"
#include "compiler/support/Error.h"

#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

#include <csignal>
#include <unistd.h>

namespace tritc::driver {

//===----------------------------------------------------------------------===//
// Endings that do not come back
//===----------------------------------------------------------------------===//

static void writeLine(llvm::StringRef text) {
  // One call, so that no other output comes between; nothing to do on failure.
  [[maybe_unused]] ssize_t written =
      ::write(STDERR_FILENO, text.data(), text.size());
}

/// On SIGINT and its like, after LLVM has removed the temporary files. A
/// terminal shows ^C and perhaps a progress line: leave that line first.
static void interrupted() {
  bool isTerminal = ::isatty(STDERR_FILENO);
  writeLine(isTerminal ? "\ntritc: error: interrupted\n"
                       : "tritc: error: interrupted\n");
  ::_exit(int(ExitCode::Interrupted));
}

/// Where LLVM gives up: our mistake, since input was checked before.
static void llvmGaveUp(void *, const char *reason, bool) {
  llvm::sys::RunInterruptHandlers(); // removes the temporary files
  std::string line = "tritc: error: internal: ";
  line += llvm::StringRef(reason).split('\n').first;
  writeLine(line + "\n");
  ::_exit(int(ExitCode::Internal));
}

static void outOfMemory(void *, const char *, bool) {
  llvm::sys::RunInterruptHandlers();
  writeLine("tritc: error: out of memory\n");
  ::_exit(int(ExitCode::Internal));
}

static void installHandlers() {
  llvm::sys::SetInterruptFunction(interrupted);
  llvm::install_fatal_error_handler(llvmGaveUp);
  llvm::install_bad_alloc_error_handler(outOfMemory);
  // A file size limit is an error of write, not the end of the process.
  std::signal(SIGXFSZ, SIG_IGN);
}

//===----------------------------------------------------------------------===//
// run
//===----------------------------------------------------------------------===//

static int report(llvm::Error error) {
  Failure failure = toFailure(std::move(error));
  writeLine("tritc: error: " + failure.message + "\n");
  return int(failure.code);
}

/// What the user asked for, to standard output.
static int print(llvm::StringRef text) {
  llvm::Error error = codegen::writeOutput("-", text);
  return error ? report(std::move(error)) : 0;
}

int run(int argc, char **argv) {
  installHandlers();
  registerDebuggingFlags();
  llvm::Expected<Options> options = parseOptions(
      llvm::ArrayRef<const char *>(argv, size_t(argc)).drop_front(argc > 0));
  if (!options)
    return report(options.takeError());
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (options->action == Options::Action::PrintHelp) {
    printHelp(stream);
    return print(text);
  }
  if (options->action == Options::Action::PrintTargets) {
    printTargets(stream);
    return print(text);
  }
  if (options->action == Options::Action::PrintVersion) {
    printVersion(stream);
    return print(text);
  }
  if (llvm::Error error = applyDebuggingFlags(options->mlirFlags))
    return report(std::move(error));

  Progress progress(llvm::sys::Process::StandardErrIsDisplayed(),
                    options->verbose);
  if (llvm::Error error = findModel(*options, progress)) {
    progress.finish();
    return report(std::move(error));
  }
  llvm::Expected<int> code = compile(*options, progress);
  progress.finish();
  return code ? *code : report(code.takeError());
}

} // namespace tritc::driver
