//===- Jit.cpp - A compiled model in this process -------------------------===//

#include "compiler/codegen/Jit.h"

#include "compiler/codegen/HostJit.h"
#include "compiler/support/Error.h"
#include "runtime/abi/Entry.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Signals.h"

#include <unistd.h>

namespace tritc::codegen {

llvm::Expected<MappedImage>
MappedImage::create(const ImageContents &contents, const WeightPlan &plan,
                    const std::optional<ReferenceCode> &reference,
                    const WeightSource &source, unsigned threads,
                    const Progress &progress) {
  int fd = -1;
  llvm::SmallString<128> path;
  if (std::error_code error =
          llvm::sys::fs::createTemporaryFile("tritc", "image", fd, path))
    return makeError(
        ExitCode::Output,
        llvm::formatv("cannot make a temporary file: {0}", error.message()));
  llvm::sys::fs::remove(path); // the open file lives on, and no signal leaks it
  llvm::scope_exit closeFile([fd] { ::close(fd); });
  if (llvm::Error error =
          writeTestedImage(contents, plan, reference, source, fd, /*offset=*/0,
                           threads, path, progress))
    return std::move(error);
  std::error_code error;
  llvm::sys::fs::mapped_file_region region(
      llvm::sys::fs::convertFDToNativeFile(fd),
      llvm::sys::fs::mapped_file_region::readonly, imageBytes(contents, plan),
      /*offset=*/0, error);
  if (error)
    return makeError(ExitCode::Output, llvm::formatv("cannot map '{0}': {1}",
                                                     path, error.message()));
  return MappedImage(std::move(region));
}

static llvm::Error cannotLoad(llvm::Error error) {
  return makeError(ExitCode::Link, "cannot run in process: " +
                                       llvm::toString(std::move(error)));
}

/// The models, the runtime and, for conversions of half floats, libgcc.
static llvm::Error addInputs(llvm::orc::LLJIT &jit,
                             llvm::ArrayRef<std::string> objects,
                             llvm::StringRef resources) {
  for (llvm::StringRef archive : {"libtritc_runtime.a", "libgcc.a"})
    if (llvm::Error error = jit.linkStaticLibraryInto(
            jit.getMainJITDylib(), (resources + "/" + archive).str().c_str()))
      return error;
  for (auto [index, object] : llvm::enumerate(objects))
    if (llvm::Error error =
            jit.addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(
                object, "tritc-object-" + llvm::Twine(index))))
      return error;
  return llvm::Error::success();
}

llvm::Expected<int> runInProcess(llvm::ArrayRef<std::string> objects,
                                 llvm::StringRef resources,
                                 const MappedImage &image,
                                 llvm::ArrayRef<std::string> arguments) {
  llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>> jit = createHostJit();
  if (!jit)
    return cannotLoad(jit.takeError());
  if (llvm::Error error = addInputs(**jit, objects, resources))
    return cannotLoad(std::move(error));
  llvm::Expected<llvm::orc::ExecutorAddr> entry = (*jit)->lookup("tritc_main");
  if (!entry)
    return cannotLoad(entry.takeError());
  llvm::Expected<llvm::orc::ExecutorAddr> programs =
      (*jit)->lookup("tritc_programs");
  if (!programs)
    return cannotLoad(programs.takeError());

  std::vector<std::string> storage(arguments.begin(), arguments.end());
  std::vector<char *> argv;
  for (std::string &argument : storage)
    argv.push_back(argument.data());
  argv.push_back(nullptr);
  return entry->toPtr<decltype(tritc_main) *>()(
      int(storage.size()), argv.data(),
      programs->toPtr<const TritcProgram *const *>(), image.header());
}

} // namespace tritc::codegen
