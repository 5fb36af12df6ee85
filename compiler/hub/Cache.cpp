//===- Cache.cpp - Hugging Face's cache of this machine -------------------===//

#include "compiler/hub/Cache.h"

#include "compiler/support/Error.h"
#include "compiler/support/Json.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdlib>
#include <unistd.h>

namespace tritc::hub {

namespace fs = llvm::sys::fs;

static std::string variable(const char *name) {
  const char *value = std::getenv(name);
  return value ? value : "";
}

static std::string expanded(llvm::StringRef path) {
  llvm::SmallString<256> result;
  fs::expand_tilde(path, result);
  return result.str().str();
}

std::string homeFolder() {
  if (std::string home = variable("HF_HOME"); !home.empty())
    return expanded(home);
  std::string cache = variable("XDG_CACHE_HOME");
  return expanded((cache.empty() ? "~/.cache" : cache) + "/huggingface");
}

std::string cacheRoot() {
  for (const char *name : {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"})
    if (std::string root = variable(name); !root.empty())
      return expanded(root);
  return homeFolder() + "/hub";
}

std::string folderOf(llvm::StringRef root, llvm::StringRef repository) {
  auto [organisation, name] = repository.split('/');
  return (root + "/models--" + organisation + "--" + name).str();
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// Files in `snapshot` and one folder below, whose contents are there.
static std::vector<std::string> filesIn(const std::string &snapshot,
                                        llvm::StringRef below = "") {
  std::vector<std::string> paths;
  std::error_code code;
  for (fs::directory_iterator it(snapshot + "/" + below.str(), code), end;
       it != end && !code && paths.size() < 65536; it.increment(code)) {
    std::string path = (below + llvm::sys::path::filename(it->path())).str();
    if (fs::is_regular_file(it->path()))
      paths.push_back(path);
    else if (below.empty() && fs::is_directory(it->path()))
      llvm::append_range(paths, filesIn(snapshot, path + "/"));
  }
  return paths;
}

/// Whether all the shards that the index names are among `paths`, and there is
/// a tokenizer.
static bool isComplete(const std::string &snapshot,
                       llvm::ArrayRef<std::string> paths) {
  if (!llvm::is_contained(paths, "tokenizer.json") &&
      !llvm::is_contained(paths, "tokenizer.model"))
    return false;
  std::string name = "model.safetensors.index.json";
  if (!llvm::is_contained(paths, name))
    return true;
  auto text = llvm::MemoryBuffer::getFile(snapshot + "/" + name);
  if (!text)
    return false;
  llvm::Expected<llvm::json::Object> index =
      parseJsonObject((*text)->getBuffer(), name);
  if (!index) {
    llvm::consumeError(index.takeError());
    return true; // for the importer to refuse
  }
  const llvm::json::Object *shards = index->getObject("weight_map");
  return !shards || llvm::all_of(*shards, [&](const auto &entry) {
    std::optional<llvm::StringRef> shard = entry.second.getAsString();
    return !shard || llvm::is_contained(paths, *shard);
  });
}

std::optional<std::string> findCached(llvm::StringRef root, const Name &name) {
  std::string folder = folderOf(root, name.repository);
  std::string commit = name.revision;
  if (!isHex(commit, 40)) {
    auto text = llvm::MemoryBuffer::getFile(folder + "/refs/" + name.revision);
    if (!text)
      return std::nullopt;
    commit = (*text)->getBuffer().trim().str();
  }
  if (!isHex(commit, 40))
    return std::nullopt;
  std::string snapshot = folder + "/snapshots/" + commit;
  std::vector<std::string> paths = filesIn(snapshot);
  llvm::Expected<Choice> choice = choose(name, paths);
  if (!choice) {
    llvm::consumeError(choice.takeError());
    return std::nullopt;
  }
  if (!choice->entry.empty())
    return snapshot + "/" + choice->entry;
  if (!isComplete(snapshot, paths))
    return std::nullopt;
  return snapshot;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static llvm::Error cannotWrite(const llvm::Twine &file, std::error_code code) {
  return makeError(ExitCode::Output,
                   file + ": cannot write: " + code.message());
}

llvm::Error writeWhole(const std::string &file, llvm::StringRef text) {
  if (std::error_code code =
          fs::create_directories(llvm::sys::path::parent_path(file)))
    return cannotWrite(file, code);
  std::string temporary = file + "." + std::to_string(::getpid()) + ".tmp";
  std::error_code code;
  {
    llvm::raw_fd_ostream stream(temporary, code);
    if (!code) {
      stream << text;
      stream.flush();
      code = stream.error();
      stream.clear_error();
    }
  }
  if (!code)
    code = fs::rename(temporary, file);
  if (!code)
    return llvm::Error::success();
  fs::remove(temporary);
  return cannotWrite(file, code);
}

llvm::Error linkBlob(llvm::StringRef snapshot, llvm::StringRef path,
                     llvm::StringRef hash) {
  std::string link = (snapshot + "/" + path).str();
  if (std::error_code code =
          fs::create_directories(llvm::sys::path::parent_path(link)))
    return cannotWrite(link, code);
  std::string target = "../../";
  for (size_t depth = path.count('/'); depth > 0; --depth)
    target += "../";
  target += ("blobs/" + hash).str();
  // Another name first: somebody else may make the same link now.
  std::string temporary = link + "." + std::to_string(::getpid()) + ".tmp";
  ::unlink(temporary.c_str());
  if (::symlink(target.c_str(), temporary.c_str()) != 0)
    return cannotWrite(link, std::error_code(errno, std::generic_category()));
  if (std::error_code code = fs::rename(temporary, link)) {
    fs::remove(temporary);
    return cannotWrite(link, code);
  }
  return llvm::Error::success();
}

} // namespace tritc::hub
