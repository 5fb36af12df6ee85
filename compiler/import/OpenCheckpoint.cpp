//===- OpenCheckpoint.cpp - Map a checkpoint and prove it complete --------===//

#include "compiler/import/Checkpoint.h"
#include "compiler/import/CheckpointStorage.h"
#include "compiler/import/safetensors/CheckpointPath.h"
#include "compiler/support/Error.h"
#include "compiler/support/FileKind.h"

#include "llvm/Support/FileSystem.h"

namespace tritc::import {

/// Why a file is no checkpoint, if we know the kind.
static llvm::Error notACheckpoint(llvm::StringRef path, llvm::StringRef text) {
  std::string known = fileKind(text, Expects::Bytes);
  if (known.empty())
    known = "another file";
  return makeError(ExitCode::Unreadable,
                   path +
                       ": expected a checkpoint directory (with config.json "
                       "and model.safetensors) or a GGUF file, found " +
                       known);
}

static llvm::Expected<Accounted> openFile(MappedFile file,
                                          const OpenOptions &options,
                                          CheckpointStorage &storage) {
  if (!file.text().starts_with(GgufFile::magic))
    return notACheckpoint(file.path(), file.text());
  llvm::Expected<GgufSet> set = GgufSet::open(std::move(file));
  if (!set)
    return set.takeError();
  return openGguf(std::move(*set), options, storage);
}

static llvm::Expected<Accounted> openFile(llvm::StringRef path,
                                          const OpenOptions &options,
                                          CheckpointStorage &storage) {
  llvm::Expected<MappedFile> file = MappedFile::open(path);
  if (!file)
    return file.takeError();
  return openFile(std::move(*file), options, storage);
}

static llvm::Expected<Accounted> openPath(llvm::StringRef path,
                                          const OpenOptions &options,
                                          CheckpointStorage &storage) {
  llvm::sys::fs::file_status status;
  if (std::error_code code = llvm::sys::fs::status(path, status))
    return makeError(ExitCode::Unreadable,
                     path + ": cannot open: " + code.message());
  if (!llvm::sys::fs::is_directory(status))
    return openFile(path, options, storage);
  path = path.rtrim('/');
  if (path.empty()) // "/" itself
    path = "/.";
  llvm::Expected<std::string> directory = findSnapshot(path);
  if (!directory)
    return directory.takeError();
  path = *directory;
  if (llvm::Error error = refuseAdapter(path))
    return std::move(error);
  llvm::Expected<std::optional<std::string>> gguf = findGguf(path);
  if (!gguf)
    return gguf.takeError();
  if (*gguf)
    return openFile(**gguf, options, storage);
  return openDirectory(path, options, storage);
}

llvm::Expected<std::unique_ptr<Checkpoint>>
Checkpoint::open(llvm::StringRef path, const OpenOptions &options) {
  return readWith(
      [&](CheckpointStorage &storage) {
        return openPath(path, options, storage);
      },
      options);
}

llvm::Expected<std::unique_ptr<Checkpoint>>
Checkpoint::open(MappedFile file, const OpenOptions &options) {
  return readWith(
      [&](CheckpointStorage &storage) {
        return openFile(std::move(file), options, storage);
      },
      options);
}

llvm::Expected<std::unique_ptr<Checkpoint>>
Checkpoint::readWith(Reader read, const OpenOptions &options) {
  auto storage = std::make_unique<CheckpointStorage>();
  if (options.chatTemplate)
    if (llvm::Error error = checkChosenTemplate(*options.chatTemplate))
      return std::move(error);
  llvm::Expected<Accounted> tensors = read(*storage);
  if (!tensors)
    return tensors.takeError();
  if (storage->config.embeds && options.chatTemplate.value_or("none") != "none")
    return makeError(ExitCode::Usage,
                     "--chat-template=" + *options.chatTemplate +
                         ": expected none, this model makes vectors");
  std::unique_ptr<Checkpoint> checkpoint(
      new Checkpoint(std::move(storage), *tensors));
  if (llvm::Error error = checkpoint->checkNumbers())
    return error;
  return checkpoint;
}

/// Norms and stored scales are small enough to be read now: a NaN in them is
/// reported before any work is done.
llvm::Error Checkpoint::checkNumbers() const {
  std::vector<float> values;
  for (const ModelTensor &tensor : modelTensors(config())) {
    if (tensor.role == TensorRole::Vector) {
      values.resize(tensor.shape[0]);
      if (llvm::Error error = floats(tensor.name, 0, values))
        return error;
    } else if (tensor.role == TensorRole::Ternary &&
               storage->matrices.find(tensor.name)->second->hasStoredScale()) {
      llvm::Expected<float> scale = weightScale(tensor.name);
      if (!scale)
        return scale.takeError();
    }
  }
  return llvm::Error::success();
}

} // namespace tritc::import
