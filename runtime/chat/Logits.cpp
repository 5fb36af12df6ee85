//===- Logits.cpp - Print the best token after each, and a hash -----------===//

#include "runtime/chat/Commands.h"
#include "runtime/chat/Interrupt.h"
#include "runtime/chat/Prompt.h"
#include "runtime/chat/Session.h"
#include "runtime/sample/VectorMath.h"

#include <cerrno>
#include <cinttypes>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace tritc;
using namespace tritc::chat;

namespace {

/// The file of --dump: the bytes that the hash covers. It is removed again
/// unless the run succeeds.
class Dump {
public:
  base::Failure open(std::string_view name) {
    if (!name.data())
      return {};
    path.append(name);
    path.push('\0');
    descriptor =
        ::open(path.data(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    return descriptor < 0 ? failure(errno) : base::Failure();
  }

  ~Dump() {
    if (descriptor < 0)
      return;
    struct stat status;
    // Never a device: /dev/null and its like are not ours to remove.
    bool isOurs = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    close(descriptor);
    if (isOurs)
      unlink(path.data());
  }

  void add(std::span<const float> values) {
    auto bytes = reinterpret_cast<const char *>(values.data());
    size_t left = descriptor < 0 || errorNumber ? 0 : values.size_bytes();
    while (left) {
      ssize_t written = write(descriptor, bytes, left);
      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0) {
        errorNumber = errno;
        return;
      }
      bytes += written;
      left -= static_cast<size_t>(written);
    }
  }

  base::Failure finish() {
    if (errorNumber)
      return failure(errorNumber);
    int file = descriptor;
    descriptor = -1;
    return file >= 0 && close(file) ? failure(errno) : base::Failure();
  }

private:
  base::Failure failure(int reason) const {
    return base::fail(base::OutputFailed, "%s: cannot write: %s", path.data(),
                      strerror(reason));
  }

  base::Array<char> path;
  int descriptor = -1; ///< below zero: there is no file
  int errorNumber = 0;
};

} // namespace

static base::Failure parseIds(std::string_view list, uint32_t vocabSize,
                              base::Array<int32_t> &ids) {
  size_t at = 0;
  while (true) {
    size_t start = at;
    uint64_t id = 0;
    for (; at < list.size() && list[at] >= '0' && list[at] <= '9'; ++at)
      id = std::min<uint64_t>(id * 10 + static_cast<uint64_t>(list[at] - '0'),
                              UINT32_MAX);
    bool isEnd = at == list.size();
    if (at == start || id >= vocabSize || (!isEnd && list[at] != ','))
      return base::fail(
          base::Usage,
          "--ids: expected ids below %u separated by commas, "
          "found '%.*s'",
          vocabSize,
          static_cast<int>(std::min<size_t>(list.size() - start, 40)),
          list.data() + start);
    ids.push(static_cast<int32_t>(id));
    if (isEnd)
      return {};
    ++at;
  }
}

base::Failure chat::readIds(const Context &context, base::Array<int32_t> &ids) {
  if (context.settings.ids.data())
    return parseIds(context.settings.ids, context.model.image.vocabSize, ids);
  base::Array<char> text;
  if (base::Failure failure = readPrompt(context, contextLimit(context), text))
    return failure;
  encodePlain(context, text.view(), ids);
  if (ids.empty())
    return base::fail(base::Usage, "the prompt is empty");
  return {};
}

/// A line `position id argmax max-logit` per token and `hash <16 hex digits>`,
/// or the same as JSON.
base::Failure chat::runLogits(Context context) {
  if (base::Failure failure = checkContextSize(context.model, context.settings))
    return failure;
  base::Array<int32_t> ids;
  if (base::Failure failure = readIds(context, ids))
    return failure;
  exec::Engine engine(context.model.program, context.model.image);
  if (base::Failure failure = engine.start(engineOptions(context.settings)))
    return failure;
  if (ids.size() > engine.contextSize())
    return base::fail(base::Usage,
                      "the prompt has %zu tokens, the context holds %u",
                      ids.size(), engine.contextSize());
  Dump dump;
  if (base::Failure failure = dump.open(context.settings.dumpFile))
    return failure;

  Output &out = context.out;
  bool json = context.settings.json;
  const char *format =
      json ? "%s\n  {\"position\": %zu, \"id\": %d, \"argmax\": %zu, "
             "\"max_logit\": %s}"
           : "%s%zu %d %zu %s\n";
  const char *separator = "";
  uint64_t hash = TRITC_HASH_START; // over all logits, by position, then id
  out.write(json ? "{\"tokens\": [" : "");
  size_t done = engine.forward(
      ids, 0, 0, &Interrupt::flag(),
      [&](size_t position, std::span<const float> row) {
        hash = tritc_hash(hash, row.data(), row.size());
        dump.add(row);
        size_t best = sample::indexOfMaximum(row);
        char logit[32];
        snprintf(logit, sizeof(logit), "%.9g", static_cast<double>(row[best]));
        bool isNull = json && !std::isfinite(row[best]);
        out.print(format, separator, position, ids[position], best,
                  isNull ? "null" : logit);
        separator = json ? "," : "";
      });
  if (done < ids.size())
    return base::fail(base::Interrupted, "%s", "");
  if (base::Failure failure = dump.finish())
    return failure;
  out.print(json ? "\n], \"hash\": \"%016" PRIx64 "\"}\n"
                 : "hash %016" PRIx64 "\n",
            hash);
  return {};
}
