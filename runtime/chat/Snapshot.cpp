//===- Snapshot.cpp - A conversation in a file ----------------------------===//

#include "runtime/chat/Snapshot.h"
#include "runtime/exec/ReplacedFile.h"

// XXH3, the hash of an image's content as well; the one that is as fast as
// memory.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace tritc;
using namespace tritc::chat;

namespace {
/// First bytes of a snapshot, little-endian. Behind it come the name of the
/// model, the conversation (Conversation::write), the ids that are in the
/// cache as int32_t, and the cache's pages.
struct Header {
  char magic[8];
  uint32_t version;
  uint32_t headerBytes;
  uint64_t fileBytes;
  uint64_t checksum;    ///< xxh3-64 of all bytes behind this field
  uint64_t contentHash; ///< TritcImageHeader::contentHash
  uint64_t pageBytes;   ///< of the cache, for TRITC_KV_PAGE tokens
  uint64_t nameBytes;
  uint64_t conversationBytes;
  uint64_t idCount;
  sample::Random random{0};
};
constexpr char magic[8] = {'T', 'R', 'I', 'T', 'C', 'H', 'A', 'T'};
constexpr uint32_t version = 1;
constexpr size_t checkedFrom =
    offsetof(Header, checksum) + sizeof(Header::checksum);
static_assert(sizeof(Header) == 104 &&
              std::is_trivially_copyable_v<sample::Random>);

/// A mapped file; empty where it cannot be mapped.
class MappedFile {
public:
  explicit MappedFile(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0) {
      errorNumber = errno;
    } else if (S_ISDIR(status.st_mode)) {
      errorNumber = EISDIR;
    } else if (S_ISREG(status.st_mode) && status.st_size > 0) {
      size = static_cast<size_t>(status.st_size);
      void *mapped = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
      if (mapped == MAP_FAILED)
        errorNumber = errno;
      else
        data = static_cast<const uint8_t *>(mapped);
    }
    if (file >= 0)
      close(file);
  }
  ~MappedFile() {
    if (data)
      munmap(const_cast<uint8_t *>(data), size);
  }
  MappedFile(const MappedFile &) = delete;
  MappedFile &operator=(const MappedFile &) = delete;

  const uint8_t *data = nullptr;
  size_t size = 0;
  int errorNumber = 0;
};

/// The parts of a snapshot, one behind the other.
struct Parts {
  std::string_view conversation;
  std::span<const uint8_t> ids; ///< not aligned
  std::span<const uint8_t> cache;
};
} // namespace

static std::span<const uint8_t> bytesOf(std::string_view text) {
  return {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
}

static std::span<const uint8_t> bytesOf(std::span<const int32_t> ids) {
  return {reinterpret_cast<const uint8_t *>(ids.data()), ids.size_bytes()};
}

base::Failure chat::saveSnapshot(std::string_view path, const Model &model,
                                 const Conversation &conversation,
                                 Session &session) {
  base::Array<char> said;
  conversation.write(said);
  const std::span<const uint8_t> parts[] = {
      bytesOf(model.name()), bytesOf(said.view()), bytesOf(session.cachedIds()),
      session.cacheBytes()};
  Header header = {};
  memcpy(header.magic, magic, sizeof(magic));
  header.version = version;
  header.headerBytes = sizeof(Header);
  header.fileBytes = sizeof(Header);
  for (std::span<const uint8_t> part : parts)
    header.fileBytes += part.size();
  header.contentHash = model.image.contentHash;
  header.pageBytes = exec::kvPageBytes(model.program);
  header.nameBytes = model.name().size();
  header.conversationBytes = said.size();
  header.idCount = session.cachedIds().size();
  header.random = session.random();

  auto headerBytes = reinterpret_cast<const uint8_t *>(&header);
  XXH3_state_t hash;
  XXH3_64bits_reset(&hash);
  XXH3_64bits_update(&hash, headerBytes + checkedFrom,
                     sizeof(Header) - checkedFrom);
  for (std::span<const uint8_t> part : parts)
    XXH3_64bits_update(&hash, part.data(), part.size());
  header.checksum = XXH3_64bits_digest(&hash);

  exec::ReplacedFile file(path);
  file.write({headerBytes, sizeof(Header)});
  for (std::span<const uint8_t> part : parts)
    file.write(part);
  return file.keep();
}

/// Whether the sizes in `header` make up the file, without overflow.
static bool sizesAgree(const Header &header) {
  uint64_t left = header.fileBytes - sizeof(Header);
  auto take = [&](uint64_t bytes) {
    if (bytes > left)
      return false;
    left -= bytes;
    return true;
  };
  return take(header.nameBytes) && take(header.conversationBytes) &&
         header.idCount <= UINT32_MAX && take(header.idCount * 4) &&
         header.pageBytes <= UINT32_MAX &&
         tritc_kv_pages(header.idCount) * header.pageBytes == left;
}

/// Checks everything but what was said.
static base::Failure check(const char *path, const MappedFile &file,
                           const Model &model, Header &header) {
  auto wrong = [&](const char *problem) {
    return base::fail(base::Malformed, "%s: %s", path, problem);
  };
  if (file.errorNumber)
    return base::fail(base::Unreadable, "%s: cannot read: %s", path,
                      strerror(file.errorNumber));
  if (file.size < sizeof(magic) || memcmp(file.data, magic, sizeof(magic)) != 0)
    return wrong("not a saved conversation");
  if (file.size < sizeof(Header))
    return wrong("incomplete: a part of the saved conversation is missing");
  memcpy(&header, file.data, sizeof(Header));
  if (header.version != version || header.headerBytes != sizeof(Header))
    return wrong("saved by another version of tritc");
  if (header.fileBytes != file.size)
    return base::fail(
        base::Malformed, "%s: incomplete: expected %llu bytes, found %zu", path,
        static_cast<unsigned long long>(header.fileBytes), file.size);
  if (!sizesAgree(header) ||
      XXH3_64bits(file.data + checkedFrom, file.size - checkedFrom) !=
          header.checksum)
    return wrong("damaged: its checksum does not agree");
  if (header.contentHash != model.image.contentHash)
    return base::fail(
        base::Malformed, "%s: saved by another model, %.*s", path,
        static_cast<int>(std::min<uint64_t>(header.nameBytes, 60)),
        reinterpret_cast<const char *>(file.data + sizeof(Header)));
  if (header.pageBytes != exec::kvPageBytes(model.program))
    return wrong("saved by a program with another form of the cache (--kv=)");
  return {};
}

static Parts partsOf(const Header &header, const uint8_t *data) {
  auto take = [&](uint64_t bytes) {
    data += bytes;
    return data - bytes;
  };
  take(sizeof(Header) + header.nameBytes);
  Parts parts;
  parts.conversation = {
      reinterpret_cast<const char *>(take(header.conversationBytes)),
      header.conversationBytes};
  parts.ids = {take(header.idCount * 4), header.idCount * 4};
  parts.cache = {take(0), tritc_kv_pages(header.idCount) * header.pageBytes};
  return parts;
}

base::Failure chat::loadSnapshot(std::string_view path, const Model &model,
                                 Conversation &conversation, Session &session) {
  base::Array<char> name;
  name.append(path);
  name.push(0);
  MappedFile file(name.data());
  Header header;
  if (base::Failure failure = check(name.data(), file, model, header))
    return failure;
  if (header.idCount > session.contextSize())
    return base::fail(
        base::Usage, "%s: has %llu tokens, the context holds %u", name.data(),
        static_cast<unsigned long long>(header.idCount), session.contextSize());
  Parts parts = partsOf(header, file.data);
  base::Array<int32_t> ids;
  ids.resize(header.idCount);
  if (!parts.ids.empty())
    memcpy(ids.data(), parts.ids.data(), parts.ids.size());
  bool areIds = std::all_of(ids.begin(), ids.end(), [&](int32_t id) {
    return id >= 0 && static_cast<uint32_t>(id) < model.image.vocabSize;
  });
  if (!areIds || !conversation.read(parts.conversation))
    return base::fail(base::Malformed,
                      "%s: damaged: what was said cannot be "
                      "read",
                      name.data());
  session.restore(ids, parts.cache, header.random);
  return {};
}

base::Failure chat::resume(const Context &context, std::string_view system,
                           Conversation &conversation, Session &session) {
  base::Array<char> path;
  path.append(context.settings.sessionFile);
  path.push(0);
  bool isThere =
      path.size() > 1 && (access(path.data(), F_OK) == 0 || errno != ENOENT);
  if (isThere)
    if (base::Failure failure = loadSnapshot(
            context.settings.sessionFile, context.model, conversation, session))
      return failure;
  return isThere && system.empty() ? base::Failure()
                                   : giveSystem(conversation, system);
}

base::Failure chat::suspend(const Context &context,
                            const Conversation &conversation,
                            Session &session) {
  if (!context.settings.sessionFile.data())
    return {};
  return saveSnapshot(context.settings.sessionFile, context.model, conversation,
                      session);
}
