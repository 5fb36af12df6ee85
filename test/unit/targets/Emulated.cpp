//===- Emulated.cpp - A compiled layer in an emulator ---------------------===//
#include "test/unit/targets/Emulated.h"

#include "compiler/codegen/Link.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Triple.h"

#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tritc::targets::test {

static std::string architectureOf(const Target &target) {
  return llvm::Triple(target.triple).getArchName().str();
}

/// Runner.cpp, compiled for an architecture.
static std::string runnerOf(const Target &target) {
  return TRITC_RUNNERS "/" + architectureOf(target) + ".o";
}

static std::string emulatorOf(const Target &target) {
  auto found = llvm::sys::findProgramByName("qemu-" + architectureOf(target));
  return found ? *found : "";
}

bool Emulated::canRun(const Target &target) {
  return !emulatorOf(target).empty() && llvm::sys::fs::exists(runnerOf(target));
}

static std::string linkRunner(const Target &target, const std::string &object) {
  auto runner = llvm::cantFail(llvm::errorOrToExpected(
      llvm::MemoryBuffer::getFile(runnerOf(target), /*IsText=*/false,
                                  /*RequiresNullTerminator=*/false)));
  const codegen::CLibrary &library = codegen::cLibraries().front();
  auto bytes = llvm::cantFail(
      codegen::linkProgram({object, runner->getBuffer().str()}, library,
                           TRITC_RESOURCES "/" + architectureOf(target) +
                               "-linux-" + library.environment.str(),
                           {.serves = false}));
  int fd = -1;
  llvm::SmallString<128> path;
  if (llvm::sys::fs::createTemporaryFile("tritc", "layer", fd, path))
    llvm::report_fatal_error("no temporary file");
  llvm::raw_fd_ostream(fd, /*shouldClose=*/true)
      .write(bytes.data(), bytes.size());
  // Emulators execute what is executable.
  llvm::sys::fs::setPermissions(path, llvm::sys::fs::owner_all);
  return path.str().str();
}

Emulated::Emulated(const Target &target, const std::string &object)
    : path(linkRunner(target, object)) {
  std::signal(SIGPIPE, SIG_IGN);
  int toChild[2], fromChild[2];
  if (::pipe2(toChild, O_CLOEXEC) || ::pipe2(fromChild, O_CLOEXEC))
    llvm::report_fatal_error("no pipe");
  std::string emulator = emulatorOf(target);
  child = ::fork();
  if (child == 0) {
    ::dup2(toChild[0], STDIN_FILENO);
    ::dup2(fromChild[1], STDOUT_FILENO);
    // The CPU that has all that the emulator knows.
    ::execl(emulator.c_str(), emulator.c_str(), "-cpu", "max", path.c_str(),
            nullptr);
    ::_exit(127);
  }
  ::close(toChild[0]);
  ::close(fromChild[1]);
  in = toChild[1];
  out = fromChild[0];
}

Emulated::~Emulated() {
  ::close(in);
  ::close(out);
  ::waitpid(child, nullptr, 0);
  llvm::sys::fs::remove(path);
}

void Emulated::send(const void *data, size_t bytes) {
  for (size_t done = 0; done < bytes;) {
    ssize_t size =
        ::write(in, static_cast<const char *>(data) + done, bytes - done);
    if (size <= 0)
      llvm::report_fatal_error("the emulated layer has ended");
    done += size_t(size);
  }
}

void Emulated::receive(void *data, size_t bytes) {
  for (size_t done = 0; done < bytes;) {
    ssize_t size = ::read(out, static_cast<char *>(data) + done, bytes - done);
    if (size <= 0)
      llvm::report_fatal_error("the emulated layer has ended");
    done += size_t(size);
  }
}

void Emulated::setImage(llvm::ArrayRef<uint8_t> image) {
  send(0);
  send(int64_t(image.size()));
  send(image.data(), image.size());
}

bool Emulated::forward(bool isDecode, int64_t threads,
                       llvm::ArrayRef<int32_t> ids,
                       llvm::MutableArrayRef<float> outputs, int64_t width,
                       std::vector<uint8_t> &scratch) {
  send(1);
  send(isDecode);
  send(threads);
  send(int64_t(ids.size()));
  send(width);
  send(ids.data(), ids.size() * sizeof(int32_t));
  int64_t isUntouched = 0, scratchBytes = 0;
  receive(&isUntouched, sizeof(isUntouched));
  receive(&scratchBytes, sizeof(scratchBytes));
  receive(outputs.data(), outputs.size() * sizeof(float));
  scratch.resize(size_t(scratchBytes));
  receive(scratch.data(), scratch.size());
  return isUntouched;
}

} // namespace tritc::targets::test
