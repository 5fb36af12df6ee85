//===- OpenCheckpoint.cpp - Map a checkpoint and prove it complete --------===//

#include "compiler/import/CheckpointStorage.h"

#include "compiler/import/Error.h"
#include "compiler/import/MappedFile.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace tritc::import {

/// Maps `path` if something of that name is there.
static llvm::Expected<std::optional<MappedFile>>
openOptional(const std::string &path) {
  llvm::sys::fs::file_status status;
  if (llvm::sys::fs::status(path, status, /*follow=*/false))
    return std::optional<MappedFile>();
  llvm::Expected<MappedFile> file = MappedFile::open(path);
  if (!file)
    return file.takeError();
  return std::optional<MappedFile>(std::move(*file));
}

/// The last component of the directory's real path.
static std::string nameOf(llvm::StringRef directory) {
  llvm::SmallString<256> real;
  if (llvm::sys::fs::real_path(directory, real))
    real = directory;
  return llvm::sys::path::filename(real).str();
}

llvm::Error Checkpoint::Storage::readConfig() {
  llvm::Expected<MappedFile> file = MappedFile::open(path("config.json"));
  if (!file)
    return file.takeError();
  llvm::Expected<ModelConfig> parsed = parseConfig(file->text(), file->path());
  if (!parsed)
    return parsed.takeError();
  config = std::move(*parsed);
  config.name = nameOf(directory);

  llvm::Expected<std::optional<MappedFile>> second =
      openOptional(path("generation_config.json"));
  if (!second)
    return second.takeError();
  if (!*second)
    return llvm::Error::success();
  llvm::Expected<GenerationDefaults> defaults =
      parseGenerationConfig((*second)->text(), (*second)->path(), config);
  if (!defaults)
    return defaults.takeError();
  generation = *defaults;
  return llvm::Error::success();
}

llvm::Error Checkpoint::Storage::readChatTemplate(const OpenOptions &options) {
  if (options.chatTemplate) {
    std::optional<ChatTemplate> named =
        chatTemplateByName(*options.chatTemplate);
    if (!named)
      return makeError(ExitCode::Usage,
                       "--chat-template=" + *options.chatTemplate +
                           ": expected one of " + chatTemplateNames());
    chat = std::move(*named);
    return llvm::Error::success();
  }
  llvm::Expected<std::optional<MappedFile>> config =
      openOptional(path("tokenizer_config.json"));
  if (!config)
    return config.takeError();
  llvm::Expected<std::optional<MappedFile>> jinja =
      openOptional(path("chat_template.jinja"));
  if (!jinja)
    return jinja.takeError();
  llvm::Expected<ChatTemplate> read = readChatTemplateFiles(
      *config ? (*config)->text() : "{}", path("tokenizer_config.json"),
      *jinja ? std::optional((*jinja)->text()) : std::nullopt,
      path("chat_template.jinja"));
  if (!read)
    return read.takeError();
  chat = std::move(*read);
  return llvm::Error::success();
}

/// True if `shape` is `expected`; a single number may also have rank 0.
static bool hasShape(llvm::ArrayRef<uint64_t> shape,
                     llvm::ArrayRef<uint64_t> expected, TensorRole role) {
  return shape == expected || (role == TensorRole::Scale && shape.empty());
}

llvm::Error Checkpoint::Storage::addTensor(const ModelTensor &expected) {
  bool packed = expected.role == TensorRole::Ternary &&
                config.scaleRule != ScaleRule::Absmean;
  llvm::SmallVector<uint64_t, 4> shape(expected.shape.begin(),
                                       expected.shape.end());
  if (packed)
    shape[0] = packedRows(shape[0]);
  std::string wanted =
      (packed ? "U8 " : "BF16, F16 or F32 ") + shapeText(shape);

  std::optional<TensorSet::Item> item = files.find(expected.file);
  if (!item)
    return makeError(ExitCode::Malformed, files.path() + ": " + expected.file +
                                              ": missing, expected " + wanted +
                                              ", found nothing");
  const SafetensorsEntry &entry = *item->entry;
  // The type decides what is packed. Shapes cannot: a packed matrix has the
  // shape of an unpacked one with a quarter of the rows.
  bool rightType = entry.dtype &&
                   (packed ? *entry.dtype == DType::U8 : isFloat(*entry.dtype));
  if (!rightType || !hasShape(entry.shape, shape, expected.role))
    return makeError(ExitCode::Malformed,
                     item->file->path() + ": " + expected.file + ": expected " +
                         wanted + ", found " + entry.storedType + " " +
                         shapeText(entry.shape));
  tensors.try_emplace(expected.name,
                      TensorView{entry.name, *entry.dtype, entry.shape,
                                 item->file->bytes(entry), item->file->path(),
                                 item->file->dataOffset() + entry.begin});
  return llvm::Error::success();
}

llvm::Error Checkpoint::Storage::readTensors() {
  llvm::Expected<TensorSet> set = TensorSet::open(directory);
  if (!set)
    return set.takeError();
  files = std::move(*set);

  std::vector<ModelTensor> expected = modelTensors(config);
  for (const ModelTensor &tensor : expected)
    if (llvm::Error error = addTensor(tensor))
      return error;
  for (const ModelTensor &tensor : expected) {
    if (tensor.role != TensorRole::Ternary)
      continue;
    auto matrix = std::make_unique<TernaryMatrix>();
    matrix->shape = {tensor.shape[0], tensor.shape[1]};
    matrix->weight = &tensors.find(tensor.name)->second;
    if (config.scaleRule != ScaleRule::Absmean)
      matrix->scale = &tensors.find(scaleName(tensor.name))->second;
    matrices.try_emplace(tensor.name, std::move(matrix));
  }
  llvm::StringSet<> used;
  for (const ModelTensor &tensor : expected)
    used.insert(tensor.file);
  for (const TensorSet::Item &item : files.items())
    if (!used.contains(item.entry->name))
      unexpected.push_back(item.entry->name);
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<Checkpoint>>
Checkpoint::open(llvm::StringRef directory, const OpenOptions &options) {
  llvm::sys::fs::file_status status;
  if (std::error_code code = llvm::sys::fs::status(directory, status))
    return makeError(ExitCode::Unreadable,
                     directory + ": cannot open: " + code.message());
  if (!llvm::sys::fs::is_directory(status))
    return makeError(ExitCode::Unreadable,
                     directory + ": expected a checkpoint directory (with "
                                 "config.json and model.safetensors), found a "
                                 "file");
  auto storage = std::make_unique<Storage>();
  storage->directory = directory.rtrim('/').str();
  if (storage->directory.empty()) // "/" itself
    storage->directory = "/.";
  if (llvm::Error error = storage->readConfig())
    return error;
  if (llvm::Error error = storage->readChatTemplate(options))
    return error;
  if (llvm::Error error = storage->readTensors())
    return error;

  std::unique_ptr<Checkpoint> checkpoint(new Checkpoint(std::move(storage)));
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
               config().scaleRule != ScaleRule::Absmean) {
      llvm::Expected<float> scale = weightScale(tensor.name);
      if (!scale)
        return scale.takeError();
    }
  }
  return llvm::Error::success();
}

} // namespace tritc::import
