//===- Blob.cpp - One file, downloaded and checked ------------------------===//

#include "compiler/hub/Blob.h"

#include "compiler/support/Error.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA1.h"
#include "llvm/Support/SHA256.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace tritc::hub {

namespace fs = llvm::sys::fs;

//===----------------------------------------------------------------------===//
// Answers
//===----------------------------------------------------------------------===//

llvm::Error refusal(const Answer &answer, llvm::StringRef what,
                    llvm::StringRef page) {
  std::string status = " (HTTP " + std::to_string(answer.status) + ")";
  switch (answer.status) {
  case 401:
  case 403:
    return makeError(ExitCode::Unreadable,
                     what + ": access refused" + status +
                         ": if the model exists, accept its terms at " + page +
                         " and set HF_TOKEN to a token that may read it");
  case 404:
    return makeError(ExitCode::Unreadable,
                     what + ": not found" + status +
                         ": neither a path here nor a model or revision there; "
                         "see " +
                         page);
  default:
    return makeError(ExitCode::Unreadable,
                     what + ": cannot download: " +
                         (answer.problem.empty() ? "unexpected answer" + status
                                                 : answer.problem));
  }
}

//===----------------------------------------------------------------------===//
// Hashes
//===----------------------------------------------------------------------===//

namespace {
/// The hash that names a blob, over its bytes as they come.
class BlobHash {
public:
  explicit BlobHash(const File &file) : isLarge(file.blob.size() == 64) {
    if (!isLarge) { // git's: "blob SIZE\0", then the contents
      git.update("blob " + std::to_string(file.size));
      git.update(llvm::StringRef("\0", 1));
    }
  }
  void update(llvm::StringRef bytes) {
    isLarge ? sha.update(bytes) : git.update(bytes);
  }
  std::string hex() {
    return isLarge ? llvm::toHex(sha.final(), /*LowerCase=*/true)
                   : llvm::toHex(git.final(), /*LowerCase=*/true);
  }

private:
  bool isLarge;
  llvm::SHA1 git;
  llvm::SHA256 sha;
};

/// An `.incomplete` file, hashed as far as it goes.
class Partial {
public:
  Partial(const File &file, std::string path)
      : file(file), path(std::move(path)), hash(file) {}
  ~Partial() {
    if (fd >= 0)
      ::close(fd);
  }
  Partial(const Partial &) = delete;
  Partial &operator=(const Partial &) = delete;

  /// Opens it, and reads what is there.
  bool open() {
    fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd < 0)
      return false;
    std::vector<char> buffer(1 << 20);
    for (ssize_t got; (got = ::read(fd, buffer.data(), buffer.size())) > 0;) {
      hash.update({buffer.data(), size_t(got)});
      bytes += uint64_t(got);
    }
    return bytes <= file.size || restart();
  }

  bool restart() {
    bytes = 0;
    hash = BlobHash(file);
    return ::ftruncate(fd, 0) == 0 && ::lseek(fd, 0, SEEK_SET) == 0;
  }

  bool append(llvm::StringRef data) {
    hash.update(data);
    bytes += data.size();
    while (!data.empty()) {
      ssize_t put = ::write(fd, data.data(), data.size());
      if (put < 0 && errno == EINTR)
        continue;
      if (put <= 0)
        return false;
      data = data.drop_front(size_t(put));
    }
    return true;
  }

  uint64_t size() const { return bytes; }
  std::string hashHex() { return hash.hex(); }

private:
  const File &file;
  const std::string path;
  BlobHash hash;
  uint64_t bytes = 0;
  int fd = -1;
};
} // namespace

//===----------------------------------------------------------------------===//
// fetchBlob
//===----------------------------------------------------------------------===//

static llvm::Error cannotWrite(const llvm::Twine &file, int number) {
  return makeError(
      ExitCode::Output,
      file + ": cannot write: " + std::generic_category().message(number));
}

/// Waits for the lock, as huggingface_hub does; its number, or -1. Who held it
/// may have removed the file: then it is another one now.
static int lockFile(const std::string &path) {
  for (;;) {
    int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
      return -1;
    struct stat held, named;
    if (::flock(fd, LOCK_EX) == 0 && ::fstat(fd, &held) == 0 &&
        ::stat(path.c_str(), &named) == 0 && held.st_ino == named.st_ino)
      return fd;
    ::close(fd);
  }
}

/// One try to bring what is missing. Fails with what will not get better.
static llvm::Error goOn(const File &file, const BlobPlace &place,
                        Partial &partial, Answer &answer,
                        llvm::function_ref<void(uint64_t)> progress) {
  Request request = place.request;
  request.from = partial.size();
  bool isFirst = true, isTooLong = false, isOtherRange = false;
  int writeError = 0;
  auto take = [&](const Answer &head, llvm::StringRef data) {
    if (isFirst && request.from > 0) {
      std::string begin = "bytes " + std::to_string(request.from) + "-";
      if (head.status == 200 && !partial.restart())
        writeError = errno;
      isOtherRange =
          head.status != 200 && !llvm::StringRef(head.range).starts_with(begin);
    }
    isFirst = false;
    isTooLong = data.size() > file.size - partial.size();
    if (isOtherRange || isTooLong || writeError)
      return false;
    if (!partial.append(data)) {
      writeError = errno;
      return false;
    }
    progress(partial.size());
    return true;
  };
  llvm::Expected<Answer> got = transfer(request, take);
  if (!got)
    return got.takeError();
  answer = *got;
  if (writeError)
    return cannotWrite(place.blob, writeError);
  if (isTooLong || isOtherRange)
    return makeError(ExitCode::Malformed,
                     request.url + ": expected " + llvm::Twine(file.size) +
                         " bytes, found " +
                         (isTooLong ? "more" : "another part of the file"));
  return llvm::Error::success();
}

llvm::Error fetchBlob(const File &file, const BlobPlace &place,
                      llvm::function_ref<void(uint64_t)> progress) {
  for (llvm::StringRef path : {place.blob, place.lock})
    if (std::error_code code =
            fs::create_directories(llvm::sys::path::parent_path(path)))
      return cannotWrite(path, code.value());
  int lock = lockFile(place.lock);
  if (lock < 0)
    return cannotWrite(place.lock, errno);
  llvm::scope_exit unlock([&] { ::close(lock); });
  uint64_t present = 0;
  if (!fs::file_size(place.blob, present) && present == file.size) {
    progress(file.size); // by another process, which checked it
    return llvm::Error::success();
  }
  std::string incomplete = place.blob + ".incomplete";
  Partial partial(file, incomplete);
  if (!partial.open())
    return cannotWrite(incomplete, errno);
  bool resumed = partial.size() > 0;
  Answer answer;
  constexpr unsigned tries = 8; // in vain: half a minute
  for (unsigned fruitless = 0; partial.size() < file.size;) {
    uint64_t before = partial.size();
    if (llvm::Error error = goOn(file, place, partial, answer, progress)) {
      fs::remove(incomplete);
      return error;
    }
    if (partial.size() == file.size)
      break;
    bool isShort = answer.status / 100 == 2;
    if (!isShort && !mayGoBetter(answer))
      return refusal(answer, place.request.url, place.request.url);
    fruitless = partial.size() > before ? 0 : fruitless + 1;
    if (fruitless >= tries)
      return makeError(ExitCode::Unreadable,
                       place.request.url + ": cannot download: expected " +
                           llvm::Twine(file.size) + " bytes, found " +
                           llvm::Twine(partial.size()) +
                           "; run tritc again to go on");
    pauseAfter(fruitless);
  }
  if (std::string found = partial.hashHex(); found != file.blob) {
    fs::remove(incomplete);
    return makeError(
        ExitCode::Malformed,
        place.request.url + ": expected the hash " + file.blob + ", found " +
            found + (resumed ? "; run tritc again to download it anew" : ""));
  }
  if (std::error_code code = fs::rename(incomplete, place.blob))
    return cannotWrite(place.blob, code.value());
  return llvm::Error::success();
}

} // namespace tritc::hub
