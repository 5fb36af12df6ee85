//===- Link.cpp - From an object file to a program, in process ------------===//

#include "compiler/codegen/Link.h"

#include "compiler/codegen/FileIO.h"
#include "compiler/import/Error.h"

#include "lld/Common/Driver.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include "llvm/TargetParser/Triple.h"

#include <cerrno>
#include <sys/mman.h>
#include <unistd.h>

LLD_HAS_DRIVER(elf)

namespace tritc::codegen {

std::string resourceFolder(llvm::StringRef executable, llvm::StringRef triple) {
  llvm::SmallString<128> path = llvm::sys::path::parent_path(executable);
  llvm::sys::path::append(
      path, "..", "lib", "tritc",
      llvm::Triple::getArchTypeName(llvm::Triple(triple).getArch()) + "-linux");
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  return std::string(path);
}

namespace {

/// A file in memory, for an input that LLD wants to open by name.
class MemoryFile {
public:
  static llvm::Expected<MemoryFile> create(llvm::StringRef bytes) {
    MemoryFile file(::memfd_create("tritc-object", MFD_CLOEXEC));
    if (file.fd < 0)
      return makeError(ExitCode::Link, "cannot make a file in memory: " +
                                           llvm::sys::StrError(errno));
    if (llvm::Error error =
            writeAt(file.fd, 0, llvm::arrayRefFromStringRef(bytes), "memory"))
      return std::move(error);
    return file;
  }
  MemoryFile(MemoryFile &&other) : fd(std::exchange(other.fd, -1)) {}
  ~MemoryFile() {
    if (fd >= 0)
      ::close(fd);
  }
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd); }

private:
  explicit MemoryFile(int fd) : fd(fd) {}
  int fd;
};

} // namespace

/// The order of GCC's own link of a static PIE. `{}` is the model's object.
static constexpr llvm::StringLiteral inputs[] = {"rcrt1.o",
                                                 "crti.o",
                                                 "crtbeginS.o",
                                                 "{}",
                                                 "libtritc_runtime.a",
                                                 "--start-group",
                                                 "libm.a",
                                                 "libgcc.a",
                                                 "libgcc_eh.a",
                                                 "libc.a",
                                                 "--end-group",
                                                 "crtendS.o",
                                                 "crtn.o"};

/// Flags, each with its reason.
static constexpr llvm::StringLiteral flags[] = {
    "-static",
    "-pie",
    "--no-dynamic-linker",
    "-z",
    "text",
    "-z",
    "noexecstack",
    "-z",
    "relro",
    "-z",
    "now",
    "--gc-sections",
    "--build-id=none",       // the image's content hash identifies a program
    "--no-mmap-output-file", // a full disk is an error, not a SIGBUS
    "--eh-frame-hdr",        // libgcc's unwinder, for pthread cancellation
    "--strip-debug",         // symbols stay: perf and debuggers name functions
};

static llvm::Error checkResources(llvm::StringRef folder) {
  for (llvm::StringRef input : inputs) {
    if (input == "{}" || input.starts_with("--"))
      continue;
    llvm::SmallString<128> path = folder;
    llvm::sys::path::append(path, input);
    if (!llvm::sys::fs::exists(path))
      return makeError(ExitCode::Link,
                       llvm::formatv("{0}: missing; the installation of tritc "
                                     "is not complete",
                                     path));
  }
  return llvm::Error::success();
}

/// The first line of what LLD said, without its own name in front.
static std::string firstComplaint(llvm::StringRef text) {
  llvm::StringRef line = text.ltrim().split('\n').first;
  for (llvm::StringRef prefix : {"ld.lld: ", "error: ", "fatal error: "})
    line.consume_front(prefix);
  return line.empty() ? "the linker gave no reason" : line.str();
}

static llvm::Error runLinker(llvm::ArrayRef<std::string> arguments) {
  std::vector<const char *> argv;
  for (const std::string &argument : arguments)
    argv.push_back(argument.c_str());
  std::string output, errors;
  llvm::raw_string_ostream outputStream(output), errorStream(errors);
  lld::Result result = lld::lldMain(argv, outputStream, errorStream,
                                    {{lld::Gnu, &lld::elf::link}});
  if (result.retCode == 0)
    return llvm::Error::success();
  std::string reason = firstComplaint(errors);
  bool isOutput = llvm::StringRef(reason).contains("output file");
  return makeError(isOutput ? ExitCode::Output : ExitCode::Link,
                   "cannot link: " + reason);
}

llvm::Expected<llvm::SmallVector<char, 0>>
linkProgram(llvm::StringRef object, llvm::StringRef resources,
            llvm::StringRef scratch, unsigned threads) {
  if (llvm::Error error = checkResources(resources))
    return std::move(error);
  llvm::Expected<MemoryFile> objectFile = MemoryFile::create(object);
  if (!objectFile)
    return objectFile.takeError();

  llvm::SmallString<128> model = scratch, program;
  llvm::sys::path::append(model, ".tritc-link-%%%%%%%%");
  if (std::error_code error = llvm::sys::fs::createUniqueFile(model, program))
    return makeError(ExitCode::Output,
                     llvm::formatv("cannot write in '{0}': {1}",
                                   scratch.empty() ? "." : scratch,
                                   error.message()));
  llvm::sys::RemoveFileOnSignal(program);
  llvm::scope_exit removeProgram([&] {
    llvm::sys::fs::remove(program);
    llvm::sys::DontRemoveFileOnSignal(program);
  });

  std::vector<std::string> arguments = {"ld.lld"};
  for (llvm::StringRef flag : flags)
    arguments.push_back(flag.str());
  arguments.push_back("--threads=" + std::to_string(threads));
  arguments.insert(arguments.end(), {"-o", std::string(program)});
  for (llvm::StringRef input : inputs) {
    if (input == "{}")
      arguments.push_back(objectFile->path());
    else if (input.starts_with("--"))
      arguments.push_back(input.str());
    else
      arguments.push_back((resources + "/" + input).str());
  }
  if (llvm::Error error = runLinker(arguments))
    return std::move(error);

  auto bytes = llvm::MemoryBuffer::getFile(program, /*IsText=*/false,
                                           /*RequiresNullTerminator=*/false);
  if (!bytes)
    return makeError(ExitCode::Output,
                     llvm::formatv("cannot read back '{0}': {1}", program,
                                   bytes.getError().message()));
  llvm::StringRef contents = (*bytes)->getBuffer();
  return llvm::SmallVector<char, 0>(contents.begin(), contents.end());
}

} // namespace tritc::codegen
