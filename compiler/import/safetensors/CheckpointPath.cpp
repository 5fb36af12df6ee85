//===- CheckpointPath.cpp - Where a checkpoint lies, and where not --------===//

#include "compiler/import/safetensors/CheckpointPath.h"

#include "compiler/support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <vector>

namespace tritc::import {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static std::string within(llvm::StringRef directory, llvm::StringRef name) {
  llvm::SmallString<256> joined(directory);
  path::append(joined, name);
  return joined.str().str();
}

/// The names in `directory`, ascending; none if it cannot be listed. So many
/// that a message can be made of them, never all of a large folder.
static std::vector<std::string> namesIn(llvm::StringRef directory) {
  constexpr size_t most = 4096;
  std::vector<std::string> names;
  std::error_code code;
  for (fs::directory_iterator it(directory, code), end;
       it != end && !code && names.size() < most; it.increment(code))
    names.push_back(path::filename(it->path()).str());
  llvm::sort(names);
  return names;
}

/// "a, b, c and 2 more".
static std::string listed(llvm::ArrayRef<std::string> names) {
  constexpr size_t shown = 3;
  std::string text = llvm::join(names.take_front(shown), ", ");
  if (names.size() > shown)
    text += " and " + std::to_string(names.size() - shown) + " more";
  return text;
}

llvm::Expected<std::string> findSnapshot(llvm::StringRef directory) {
  std::string snapshots = within(directory, "snapshots");
  if (!fs::is_directory(snapshots) ||
      fs::exists(within(directory, "config.json")))
    return directory.str();
  std::vector<std::string> names = namesIn(snapshots);
  if (names.size() == 1)
    return within(snapshots, names.front());
  if (names.empty())
    return makeError(ExitCode::Unreadable,
                     snapshots + ": expected a snapshot, found none; run the "
                                 "download again");
  std::string hint;
  auto main = llvm::MemoryBuffer::getFile(within(directory, "refs/main"));
  if (main && llvm::is_contained(names, (*main)->getBuffer().trim()))
    hint = ", of which " + (*main)->getBuffer().trim().str() + " is main";
  return makeError(ExitCode::Unreadable,
                   snapshots + ": expected one snapshot, found " +
                       llvm::Twine(names.size()) + " (" + listed(names) + ")" +
                       hint + "; give the folder of one");
}

namespace {
/// Files that are no checkpoint, by the ends of their names.
struct Stray {
  std::initializer_list<llvm::StringLiteral> suffixes;
  llvm::StringLiteral kind;
  llvm::StringLiteral advice;
};
} // namespace

/// Those that say most first.
static const Stray strays[] = {
    {{".incomplete", ".part", ".crdownload", ".aria2"},
     "an unfinished download",
     "run the download again"},
    {{".gguf"}, "GGUF", "give this file instead of the folder"},
    {{".safetensors"},
     "weights alone",
     "they need the config.json they came with"},
    {{".bin", ".pt", ".pth", ".ckpt"},
     "pickles, which would run programs of their own while they are read",
     "convert them to safetensors"},
    {{".onnx"}, "ONNX", "get the model as safetensors"},
    {{".msgpack", ".h5", ".tflite", ".npz"},
     "another format",
     "get the model as safetensors"},
    {{".zip", ".tar", ".gz", ".tgz", ".xz", ".zst", ".7z"},
     "an archive",
     "unpack it"},
};

static std::string describeFiles(llvm::ArrayRef<std::string> names,
                                 const Stray &stray) {
  std::vector<std::string> found;
  llvm::copy_if(names, std::back_inserter(found), [&](llvm::StringRef name) {
    return llvm::any_of(stray.suffixes, [&](llvm::StringRef suffix) {
      return name.ends_with(suffix);
    });
  });
  if (found.empty())
    return "";
  return (stray.kind + " (" + listed(found) + "); " + stray.advice).str();
}

std::string describeDirectory(llvm::StringRef directory) {
  std::vector<std::string> names = namesIn(directory);
  if (names.empty())
    return "an empty folder";
  // Where huggingface_hub keeps what it has not finished.
  for (llvm::StringRef folder : {".cache/huggingface/download", "../../blobs"})
    if (std::string found =
            describeFiles(namesIn(within(directory, folder)), strays[0]);
        !found.empty())
      return found;
  for (const Stray &stray : strays)
    if (std::string found = describeFiles(names, stray); !found.empty())
      return found;
  std::vector<std::string> folders;
  for (const std::string &name : names)
    for (llvm::StringRef part : {"config.json", "snapshots"})
      if (fs::exists(within(within(directory, name), part)))
        folders.push_back(name);
  return folders.empty()
             ? "none"
             : "a folder that has one (" + listed(folders) + "); give that";
}

llvm::Error refuseAdapter(llvm::StringRef directory) {
  for (llvm::StringRef name :
       {"adapter_config.json", "adapter_model.safetensors",
        "adapter_model.bin"})
    if (std::string path = (directory + "/" + name).str();
        llvm::sys::fs::exists(path))
      return makeError(ExitCode::Unreadable,
                       path +
                           ": expected weights alone, found an adapter "
                           "(LoRA): merge it into them first, with peft's "
                           "merge_and_unload, and give the merged directory");
  return llvm::Error::success();
}

} // namespace tritc::import
