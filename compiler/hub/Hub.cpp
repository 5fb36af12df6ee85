//===- Hub.cpp - From a model's name to its files -------------------------===//

#include "compiler/hub/Hub.h"

#include "compiler/hub/Blob.h"
#include "compiler/hub/Cache.h"
#include "compiler/support/Error.h"
#include "compiler/support/Json.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cstdlib>

namespace tritc::hub {

namespace fs = llvm::sys::fs;

//===----------------------------------------------------------------------===//
// The environment
//===----------------------------------------------------------------------===//

static llvm::StringRef variable(const char *name) {
  const char *value = std::getenv(name);
  return value ? value : "";
}

static bool isOffline() {
  std::string value = variable("HF_HUB_OFFLINE").lower();
  return value == "1" || value == "true" || value == "yes" || value == "on";
}

static std::string endpoint() {
  llvm::StringRef given = variable("HF_ENDPOINT").rtrim('/');
  return given.empty() ? "https://huggingface.co" : given.str();
}

/// None where what is given cannot stand in a header.
static std::string token() {
  llvm::StringRef given = variable("HF_TOKEN").trim();
  std::unique_ptr<llvm::MemoryBuffer> buffer;
  if (given.empty()) {
    llvm::StringRef path = variable("HF_TOKEN_PATH");
    auto text = llvm::MemoryBuffer::getFile(
        path.empty() ? homeFolder() + "/token" : path.str());
    if (text) {
      buffer = std::move(*text);
      given = buffer->getBuffer().trim();
    }
  }
  bool isPlain =
      llvm::all_of(given, [](char c) { return c > 0x20 && c < 0x7f; });
  return isPlain ? given.str() : "";
}

//===----------------------------------------------------------------------===//
// What the hub says
//===----------------------------------------------------------------------===//

namespace {
struct Hub {
  const Name &name;
  const std::string endpoint;
  const std::string token;

  std::string page() const { return endpoint + "/" + name.repository; }
};
} // namespace

static std::string escaped(llvm::StringRef text, bool keepSlashes) {
  std::string result;
  for (char c : text)
    if (llvm::isAlnum(c) || llvm::StringRef("-_.~").contains(c) ||
        (keepSlashes && c == '/'))
      result += c;
    else
      result += "%" + llvm::toHex(llvm::StringRef(&c, 1));
  return result;
}

/// The JSON text at `url`; `next` is where it goes on.
static llvm::Expected<std::string> ask(const Hub &hub, const std::string &url,
                                       std::string &next) {
  std::string text;
  llvm::Expected<Answer> answer =
      fetchText({url, hub.token, 0}, /*most=*/64 << 20, text);
  if (!answer)
    return answer.takeError();
  if (answer->status == 0)
    return makeError(ExitCode::Unreadable,
                     hub.name.repository + ": no such path here, and " +
                         hub.endpoint +
                         " cannot be asked for a model: " + answer->problem);
  if (answer->status != 200 || !answer->problem.empty())
    return refusal(*answer, hub.name.repository, hub.page());
  next = answer->next;
  return text;
}

static llvm::Expected<std::string> commitOf(const Hub &hub) {
  std::string next;
  std::string url = hub.endpoint + "/api/models/" + hub.name.repository +
                    "/revision/" + escaped(hub.name.revision, false);
  llvm::Expected<std::string> text = ask(hub, url, next);
  if (!text)
    return text.takeError();
  llvm::Expected<llvm::json::Object> object = parseJsonObject(*text, url);
  if (!object)
    return object.takeError();
  std::optional<llvm::StringRef> commit = object->getString("sha");
  if (!commit || !isHex(*commit, 40))
    return makeError(ExitCode::Malformed,
                     url + ": sha: expected a commit, found none");
  return commit->str();
}

static llvm::Expected<std::vector<File>> filesOf(const Hub &hub,
                                                 const std::string &commit) {
  constexpr unsigned mostPages = 100; // of a thousand files
  std::vector<File> files;
  std::string url = hub.endpoint + "/api/models/" + hub.name.repository +
                    "/tree/" + commit + "?recursive=true";
  for (unsigned page = 0; !url.empty(); ++page) {
    if (page == mostPages ||
        !llvm::StringRef(url).starts_with(hub.endpoint + "/"))
      return makeError(ExitCode::Malformed,
                       hub.page() + ": expected a list of files of at most " +
                           llvm::Twine(mostPages) +
                           " pages there, found a page at " + url);
    std::string next;
    llvm::Expected<std::string> text = ask(hub, url, next);
    if (!text)
      return text.takeError();
    if (llvm::Error error = readTree(*text, url, files))
      return std::move(error);
    url = next;
  }
  return files;
}

//===----------------------------------------------------------------------===//
// locate
//===----------------------------------------------------------------------===//

/// Files of `choice` in its order.
static std::vector<const File *> chosenFiles(const std::vector<File> &files,
                                             const Choice &choice) {
  std::vector<const File *> chosen;
  for (const std::string &path : choice.paths)
    chosen.push_back(&*llvm::find_if(
        files, [&](const File &file) { return file.path == path; }));
  return chosen;
}

static std::string blobPath(const std::string &folder, const File &file) {
  return folder + "/blobs/" + file.blob;
}

/// How many bytes are still to come. Fails if the disk has no room for them.
static llvm::Expected<uint64_t>
missingBytes(const std::string &folder, llvm::ArrayRef<const File *> files) {
  constexpr uint64_t most = uint64_t(1) << 50; // no model has a petabyte
  uint64_t missing = 0;
  for (const File *file : files) {
    uint64_t present = 0;
    std::string blob = blobPath(folder, *file);
    if (file->size > most || missing > most)
      return makeError(ExitCode::Malformed,
                       file->path + ": expected a size, found " +
                           llvm::Twine(file->size) + " bytes");
    if (fs::file_size(blob, present))
      if (fs::file_size(blob + ".incomplete", present))
        present = 0;
    missing += file->size - std::min(present, file->size);
  }
  llvm::ErrorOr<fs::space_info> space = fs::disk_space(folder);
  if (space && space->available < missing)
    return makeError(ExitCode::Output,
                     folder + ": expected room for " + llvm::Twine(missing) +
                         " bytes, found " + llvm::Twine(space->available));
  return missing;
}

static llvm::Error downloadFiles(const Hub &hub, const std::string &root,
                                 const std::string &commit,
                                 llvm::ArrayRef<const File *> files,
                                 const Listener &listener) {
  std::string folder = folderOf(root, hub.name.repository);
  if (std::error_code code = fs::create_directories(folder))
    return makeError(ExitCode::Output,
                     folder + ": cannot write: " + code.message());
  llvm::Expected<uint64_t> missing = missingBytes(folder, files);
  if (!missing)
    return missing.takeError();
  if (*missing > 0)
    listener.note(llvm::formatv("downloading {0}, {1:f1} MB, to {2}",
                                hub.name.repository, double(*missing) / 1e6,
                                folder)
                      .str());
  uint64_t all = 0, before = 0;
  for (const File *file : files)
    all += file->size;
  std::string locks = root + "/.locks" + folder.substr(root.size());
  for (const File *file : files) {
    std::string url = hub.page() + "/resolve/" + commit + "/" +
                      escaped(file->path, /*keepSlashes=*/true);
    BlobPlace place{{url, hub.token, 0},
                    blobPath(folder, *file),
                    locks + "/" + file->blob + ".lock"};
    if (llvm::Error error = fetchBlob(*file, place, [&](uint64_t done) {
          listener.progress(before + done, all);
        }))
      return error;
    if (llvm::Error error =
            linkBlob(folder + "/snapshots/" + commit, file->path, file->blob))
      return error;
    before += file->size;
  }
  if (hub.name.revision == commit)
    return llvm::Error::success();
  return writeWhole(folder + "/refs/" + hub.name.revision, commit);
}

llvm::Expected<std::string> locate(const Name &name, bool offline,
                                   const Listener &listener) {
  std::string root = cacheRoot();
  if (std::optional<std::string> found = findCached(root, name))
    return *found;
  std::string folder = folderOf(root, name.repository);
  if (offline || isOffline())
    return makeError(ExitCode::Unreadable,
                     name.repository + ": not a path, and not complete in " +
                         folder + "; offline, nothing is downloaded");
  Hub hub{name, endpoint(), token()};
  llvm::Expected<std::string> commit = commitOf(hub);
  if (!commit)
    return commit.takeError();
  llvm::Expected<std::vector<File>> files = filesOf(hub, *commit);
  if (!files)
    return files.takeError();
  std::vector<std::string> paths;
  for (const File &file : *files)
    paths.push_back(file.path);
  llvm::Expected<Choice> choice = choose(name, paths);
  if (!choice)
    return choice.takeError();
  if (llvm::Error error = downloadFiles(hub, root, *commit,
                                        chosenFiles(*files, *choice), listener))
    return std::move(error);
  std::string snapshot = folder + "/snapshots/" + *commit;
  return choice->entry.empty() ? snapshot : snapshot + "/" + choice->entry;
}

} // namespace tritc::hub
