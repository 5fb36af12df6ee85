//===- TensorSet.cpp - One safetensors file, or shards and their index ----===//

#include "compiler/import/safetensors/CheckpointPath.h"
#include "compiler/import/safetensors/Safetensors.h"
#include "compiler/support/Error.h"
#include "compiler/support/Json.h"

#include "llvm/Support/FileSystem.h"

#include <set>

namespace tritc::import {

static constexpr llvm::StringLiteral singleName = "model.safetensors";
static constexpr llvm::StringLiteral indexName = "model.safetensors.index.json";

/// True if something of that name is there, a dangling link included: opening
/// it says what is wrong with it.
static bool isThere(const llvm::Twine &path) {
  llvm::sys::fs::file_status status;
  return !llvm::sys::fs::status(path, status, /*follow=*/false);
}

/// A shard must lie in the directory of its index.
static bool isPlainName(llvm::StringRef name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(llvm::StringRef("/\\\0", 3)) ==
             llvm::StringRef::npos;
}

llvm::Error TensorSet::addFile(Safetensors opened) {
  files.push_back(std::make_unique<Safetensors>(std::move(opened)));
  const Safetensors &file = *files.back();
  for (const SafetensorsEntry &entry : file.entries())
    if (llvm::Error error = tensors.add({&file, &entry}))
      return error;
  return llvm::Error::success();
}

llvm::Error TensorSet::openShards(llvm::StringRef directory) {
  llvm::Expected<MappedFile> index = MappedFile::open(listing);
  if (!index)
    return index.takeError();
  llvm::Expected<llvm::json::Object> top = parseJsonObject(
      index->text(), listing, {.duplicates = DuplicateKeys::Reject});
  if (!top)
    return top.takeError();
  const llvm::json::Object *map = top->getObject("weight_map");
  if (!map)
    return makeError(ExitCode::Malformed,
                     listing + ": weight_map: expected an object");

  std::set<std::pair<std::string, std::string>> shardAndTensor;
  for (auto [tensor, value] : inOrder(*map)) {
    std::optional<llvm::StringRef> shard = value->getAsString();
    if (!shard || !isPlainName(*shard))
      return makeError(ExitCode::Malformed,
                       listing + ": " + tensor +
                           ": expected a plain file name, found " +
                           describe(*value));
    shardAndTensor.emplace(shard->str(), tensor.str());
  }

  llvm::StringRef last;
  for (const auto &[shard, tensor] : shardAndTensor) {
    if (shard == last)
      continue;
    last = shard;
    llvm::Expected<Safetensors> file =
        Safetensors::open(directory + "/" + shard);
    if (!file)
      return file.takeError();
    if (llvm::Error error = addFile(std::move(*file)))
      return error;
  }
  for (const auto &[shard, tensor] : shardAndTensor) {
    std::optional<Item> item = tensors.look(tensor);
    std::string path = (directory + "/" + shard).str();
    if (item && item->file->path() == path)
      continue;
    std::string found = "nothing";
    if (item)
      found = ("it in " + item->file->path()).str();
    return makeError(ExitCode::Malformed, llvm::Twine(listing) + ": " + tensor +
                                              ": expected it in " + shard +
                                              ", found " + found);
  }
  return llvm::Error::success();
}

llvm::Expected<TensorSet> TensorSet::open(llvm::StringRef directory) {
  TensorSet set;
  std::string single = (directory + "/" + singleName).str();
  std::string index = (directory + "/" + indexName).str();
  if (isThere(single)) {
    set.listing = single;
    llvm::Expected<Safetensors> file = Safetensors::open(single);
    if (!file)
      return file.takeError();
    if (llvm::Error error = set.addFile(std::move(*file)))
      return error;
    return set;
  }
  if (!isThere(index)) {
    std::string found = describeDirectory(directory);
    return makeError(ExitCode::Unreadable,
                     directory + ": expected " + singleName + " or " +
                         indexName + ", found neither" +
                         (found == "none" ? "" : ", but " + found));
  }
  set.listing = index;
  if (llvm::Error error = set.openShards(directory))
    return error;
  return set;
}

Leftover TensorSet::Item::leftover() const {
  return {entry->name,  file->path(), entry->storedType.str(),
          entry->shape, entry->dtype, file->bytes(*entry)};
}

} // namespace tritc::import
