//===- Link.cpp - From an object file to a program, in process ------------===//

#include "compiler/codegen/Link.h"

#include "compiler/codegen/FileIO.h"
#include "compiler/support/Error.h"

#include "lld/Common/Driver.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/TargetParser/Triple.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>
#include <utility>

LLD_HAS_DRIVER(elf)

namespace tritc::codegen {

std::string resourceFolder(llvm::StringRef executable, llvm::StringRef triple,
                           const CLibrary &library) {
  llvm::SmallString<128> path = llvm::sys::path::parent_path(executable);
  llvm::sys::path::append(
      path, "..", "lib", "tritc",
      llvm::Triple::getArchTypeName(llvm::Triple(triple).getArch()) +
          "-linux-" + library.environment);
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  return std::string(path);
}

namespace {

/// Closes a file descriptor.
class Descriptor {
public:
  explicit Descriptor(int fd = -1) : fd(fd) {}
  Descriptor(Descriptor &&other) : fd(std::exchange(other.fd, -1)) {}
  Descriptor &operator=(Descriptor &&) = delete;
  ~Descriptor() { close(); }

  int get() const { return fd; }
  void close() {
    if (fd >= 0)
      ::close(std::exchange(fd, -1));
  }
  /// A name under which this process can open the file again.
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd); }

private:
  int fd;
};

/// Collects what is written into a pipe. LLD maps the output file and ends with
/// SIGBUS where the disk is full; into a pipe it writes from memory.
class PipeReader {
public:
  static llvm::Expected<std::unique_ptr<PipeReader>> create() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC))
      return makeError(ExitCode::Link,
                       "cannot make a pipe: " + llvm::sys::StrError(errno));
    return std::unique_ptr<PipeReader>(new PipeReader(ends[0], ends[1]));
  }
  ~PipeReader() { finish(); }

  std::string path() const { return writeEnd.path(); }

  /// All bytes, once every writer has closed the pipe.
  llvm::SmallVector<char, 0> finish() {
    writeEnd.close();
    if (thread.joinable())
      thread.join();
    return std::move(bytes);
  }

private:
  PipeReader(int readFd, int writeFd)
      : readEnd(readFd), writeEnd(writeFd), thread([this] { read(); }) {}

  void read() {
    char buffer[65536];
    for (;;) {
      ssize_t size = ::read(readEnd.get(), buffer, sizeof(buffer));
      if (size < 0 && errno == EINTR)
        continue;
      if (size <= 0)
        return;
      bytes.append(buffer, buffer + size);
    }
  }

  Descriptor readEnd, writeEnd;
  llvm::SmallVector<char, 0> bytes;
  std::thread thread; // last: it uses the others
};

} // namespace

/// A file in memory that holds `bytes`, for an input LLD opens by name.
static llvm::Expected<Descriptor> memoryFile(llvm::StringRef bytes) {
  Descriptor file(::memfd_create("tritc-object", MFD_CLOEXEC));
  if (file.get() < 0)
    return makeError(ExitCode::Link, "cannot make a file in memory: " +
                                         llvm::sys::StrError(errno));
  if (llvm::Error error =
          writeAt(file.get(), 0, llvm::arrayRefFromStringRef(bytes), "memory"))
    return std::move(error);
  return std::move(file);
}

/// Of a library; the rest of its interface comes with that.
#define UNDEFINED_OPEN "--undefined=tritc_open"

static constexpr llvm::StringLiteral executableFlags[] = {
    "-static", "-pie", "--no-dynamic-linker"};

static constexpr llvm::StringLiteral sharedFlags[] = {
    "-shared", "--no-undefined", UNDEFINED_OPEN};

/// Groups of inline functions would be one group in all libraries of a program.
static constexpr llvm::StringLiteral relocatableFlags[] = {
    "--relocatable", "--force-group-allocation", UNDEFINED_OPEN};

/// Names with semicolons behind them, as a version script has them.
static constexpr llvm::StringLiteral exports =
#include "compiler/codegen/Exports.inc"
    ;

std::vector<llvm::StringRef> exportedSymbols() {
  std::vector<llvm::StringRef> names;
  for (llvm::StringRef name : llvm::split(exports, ';'))
    if (!name.trim().empty())
      names.push_back(name.trim());
  return names;
}

/// Flags of what can run, each with its reason.
static constexpr llvm::StringLiteral finalFlags[] = {
    "-z",
    "text",
    "-z",
    "noexecstack",
    "-z",
    "relro",
    "-z",
    "now",
    "--gc-sections",
    "--build-id=none", // the image's content hash identifies a program
};

/// What serves, and gives answers a form. The rest of the runtime refers to
/// them weakly, which leaves them in the archive.
static constexpr llvm::StringLiteral serveFlags[] = {
    "--undefined=tritc_run_serve", "--undefined=tritc_grammar_form"};

/// All that comes into an object; C library and GCC's are the user's.
static constexpr llvm::StringLiteral runtimeArchive = "libtritc_runtime.a";

static llvm::Error checkResources(llvm::StringRef folder,
                                  const CLibrary &library,
                                  llvm::ArrayRef<llvm::StringLiteral> inputs) {
  if (!llvm::sys::fs::is_directory(folder))
    return makeError(ExitCode::Link,
                     llvm::formatv("{0}: missing; this installation of tritc "
                                   "cannot link programs with {1} for that "
                                   "processor",
                                   folder, library.name));
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
  return makeError(ExitCode::Link, "cannot link: " + firstComplaint(errors));
}

llvm::Expected<llvm::SmallVector<char, 0>>
linkProgram(llvm::ArrayRef<std::string> objects, const CLibrary &library,
            llvm::StringRef resources, const LinkOptions &options) {
  const bool isExecutable = options.kind == LinkKind::Executable;
  const bool isShared = options.kind == LinkKind::Shared;
  const bool isFinal = isExecutable || isShared;
  llvm::ArrayRef<llvm::StringLiteral> inputs =
      isExecutable ? library.inputs : library.sharedInputs;
  if (llvm::Error error = checkResources(resources, library, inputs))
    return std::move(error);
  std::vector<Descriptor> objectFiles;
  for (const std::string &object : objects) {
    llvm::Expected<Descriptor> file = memoryFile(object);
    if (!file)
      return file.takeError();
    objectFiles.push_back(std::move(*file));
  }
  llvm::Expected<std::unique_ptr<PipeReader>> program = PipeReader::create();
  if (!program)
    return program.takeError();

  llvm::Expected<Descriptor> script =
      memoryFile(("{ global: " + exports + " local: *; };").str());
  if (!script)
    return script.takeError();
  std::vector<std::string> arguments = {"ld.lld"};
  auto addFlags = [&](llvm::ArrayRef<llvm::StringLiteral> more) {
    for (llvm::StringRef flag : more)
      arguments.push_back(flag.str());
  };
  if (isFinal)
    addFlags(finalFlags);
  switch (options.kind) {
  case LinkKind::Executable:
    addFlags(executableFlags);
    break;
  case LinkKind::Shared:
    addFlags(sharedFlags);
    break;
  case LinkKind::Relocatable:
    addFlags(relocatableFlags);
    break;
  }
  if (isShared) {
    arguments.push_back("--soname=" + options.soname);
    arguments.push_back("--version-script=" + script->path());
  }
  arguments.push_back(options.keepSymbols || !isFinal ? "--strip-debug"
                                                      : "--strip-all");
  arguments.push_back("--threads=" + std::to_string(options.threads));
  if (options.serves && isExecutable)
    addFlags(serveFlags);
  arguments.insert(arguments.end(), {"-o", (*program)->path()});
  for (llvm::StringRef input : inputs) {
    if (input == "{}")
      for (const Descriptor &file : objectFiles)
        arguments.push_back(file.path());
    else if (input.starts_with("--"))
      arguments.push_back(input.str());
    else if (isFinal || input == runtimeArchive)
      arguments.push_back((resources + "/" + input).str());
  }
  if (llvm::Error error = runLinker(arguments))
    return std::move(error);
  return (*program)->finish();
}

} // namespace tritc::codegen
