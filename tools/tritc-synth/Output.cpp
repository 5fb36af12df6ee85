//===- Output.cpp - A directory that appears whole or not at all ----------===//

#include "tools/tritc-synth/Output.h"

#include "compiler/support/Error.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <cerrno>
#include <unistd.h>
#include <utility>

namespace tritc::synth {

namespace fs = llvm::sys::fs;

static llvm::Error cannot(llvm::StringRef verb, llvm::StringRef path,
                          std::error_code reason) {
  return makeError(ExitCode::Output,
                   path + ": cannot " + verb + ": " + reason.message());
}

static std::error_code lastError() {
  return std::error_code(errno, std::generic_category());
}

static std::string pathOf(llvm::StringRef directory, llvm::StringRef name) {
  llvm::SmallString<128> path(directory);
  llvm::sys::path::append(path, name);
  return std::string(path);
}

OutputFile::OutputFile(OutputFile &&other)
    : path(std::move(other.path)),
      descriptor(std::exchange(other.descriptor, -1)) {}

OutputFile::~OutputFile() {
  if (descriptor >= 0)
    ::close(descriptor);
}

llvm::Error OutputFile::write(uint64_t offset,
                              llvm::ArrayRef<uint8_t> bytes) const {
  while (!bytes.empty()) {
    ssize_t written =
        ::pwrite(descriptor, bytes.data(), bytes.size(), off_t(offset));
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return cannot("write", path, lastError());
    offset += uint64_t(written);
    bytes = bytes.drop_front(size_t(written));
  }
  return llvm::Error::success();
}

llvm::Error OutputFile::close() {
  if (::close(std::exchange(descriptor, -1)) != 0)
    return cannot("write", path, lastError());
  return llvm::Error::success();
}

llvm::Expected<OutputDirectory> OutputDirectory::create(llvm::StringRef path) {
  path = path.rtrim('/').empty() ? path : path.rtrim('/');
  if (fs::exists(path) && !fs::is_directory(path))
    return cannot("write", path,
                  std::make_error_code(std::errc::not_a_directory));
  llvm::SmallString<128> parent(path);
  if (std::error_code error = fs::make_absolute(parent))
    return cannot("write", path, error);
  llvm::SmallString<128> staging(parent);
  llvm::sys::path::remove_filename(parent);
  if (std::error_code error = fs::create_directories(parent))
    return cannot("create", path, error);
  staging += ".partial-" + std::to_string(::getpid());
  if (std::error_code error =
          fs::create_directory(staging, /*IgnoreExisting=*/false))
    return cannot("create", path, error);
  return OutputDirectory(path.str(), std::string(staging));
}

OutputDirectory::OutputDirectory(OutputDirectory &&other)
    : path(std::move(other.path)),
      staging(std::exchange(other.staging, std::string())),
      names(std::move(other.names)) {}

OutputDirectory::~OutputDirectory() {
  if (!staging.empty())
    (void)fs::remove_directories(staging);
}

llvm::Expected<OutputFile> OutputDirectory::createFile(llvm::StringRef name) {
  int descriptor;
  std::string file = pathOf(staging, name);
  if (std::error_code error = fs::openFileForWrite(file, descriptor))
    return cannot("create", pathOf(path, name), error);
  names.push_back(name.str());
  return OutputFile(pathOf(path, name), descriptor);
}

llvm::Error OutputDirectory::writeText(llvm::StringRef name,
                                       llvm::StringRef text) {
  auto file = createFile(name);
  if (!file)
    return file.takeError();
  if (llvm::Error error =
          file->write(0, llvm::arrayRefFromStringRef<uint8_t>(text)))
    return error;
  return file->close();
}

/// Weight files of an earlier run.
static std::vector<std::string> weightFilesIn(llvm::StringRef directory) {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; it != end && !error;
       it.increment(error)) {
    llvm::StringRef name = llvm::sys::path::filename(it->path());
    if (name == "model.safetensors.index.json" ||
        (name.starts_with("model") &&
         (name.ends_with(".safetensors") || name.ends_with(".gguf"))))
      found.push_back(it->path());
  }
  return found;
}

llvm::Error OutputDirectory::commit() {
  if (!fs::exists(path)) {
    if (std::error_code error = fs::rename(staging, path))
      return cannot("create", path, error);
    staging.clear();
    return llvm::Error::success();
  }
  for (const std::string &file : weightFilesIn(path))
    if (std::error_code error = fs::remove(file))
      return cannot("replace", file, error);
  for (const std::string &name : names)
    if (std::error_code error =
            fs::rename(pathOf(staging, name), pathOf(path, name)))
      return cannot("write", pathOf(path, name), error);
  return llvm::Error::success();
}

} // namespace tritc::synth
