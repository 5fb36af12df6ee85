//===- Embed.cpp - Print the vectors of texts -----------------------------===//

#include "runtime/chat/Commands.h"
#include "runtime/chat/Interrupt.h"
#include "runtime/chat/Lines.h"
#include "runtime/chat/Prompt.h"
#include "runtime/chat/Session.h"
#include "runtime/exec/Pooling.h"

#include <cerrno>
#include <cmath>
#include <cstring>
#include <unistd.h>

using namespace tritc;
using namespace tritc::chat;
using base::Failure;

/// The prompt that --prompt-name names, or the model's default.
static Failure findPrompt(const Context &context, std::string_view &prompt) {
  const TritcImageHeader &image = context.model.image;
  std::span<const TritcPrompt> prompts = exec::promptsOf(image);
  std::string_view name = context.settings.promptName;
  if (!name.data()) {
    if (image.defaultPrompt)
      prompt = exec::textAt(image, prompts[image.defaultPrompt - 1].text);
    return {};
  }
  if (name.empty()) // --prompt-name=: none, whatever the default
    return {};
  base::Array<char> known;
  for (const TritcPrompt &candidate : prompts) {
    std::string_view other = exec::textAt(image, candidate.name);
    if (other == name) {
      prompt = exec::textAt(image, candidate.text);
      return {};
    }
    known.append(known.empty() ? "" : ", ");
    known.append(other);
  }
  return base::fail(
      base::Usage, "--prompt-name: expected %s%.*s, found '%.*s'",
      known.empty() ? "none, the model has no prompts" : "one of ",
      static_cast<int>(std::min<size_t>(known.size(), 100)), known.data(),
      static_cast<int>(std::min<size_t>(name.size(), 40)), name.data());
}

Failure chat::encodeForVector(const Context &context, std::string_view text,
                              base::Array<int32_t> &ids) {
  std::string_view prompt;
  if (Failure failure = findPrompt(context, prompt))
    return failure;
  base::Array<char> whole;
  whole.append(prompt);
  whole.append(text);
  encodePlain(context, whole.view(), ids);
  int32_t end = context.model.tokenizer.eosId();
  if (end >= 0 && (ids.empty() || ids.back() != end))
    ids.push(end);
  return {};
}

namespace {

/// Prints vectors, of one text after the other.
class Embedder {
public:
  explicit Embedder(Context context)
      : context(context), engine(context.model.program, context.model.image),
        pooler(context.model.image.pooling, engine.rowSize()) {}

  Failure start();
  /// `where` begins what is said of a text that has no vector: "line 3: ".
  Failure embed(std::string_view text, const char *where);
  Failure embed(std::span<const int32_t> ids, const char *where);
  /// A text of the command line.
  Failure embedArgument(std::string_view argument);
  /// Every line of a file; with --whole all of it, as one text.
  Failure embedFile(OpenFile file);
  size_t texts() const { return count; }

private:
  Failure embedLines(OpenFile file);
  void print(size_t tokens, std::span<const float> vector);

  Context context;
  exec::Engine engine;
  exec::Pooler pooler;
  size_t count = 0; ///< texts that have their vector
};

} // namespace

Failure Embedder::start() {
  if (Failure failure = checkContextSize(context.model, context.settings))
    return failure;
  return engine.start(engineOptions(context.settings));
}

/// The numbers on a line, or {"tokens": n, "vector": [...]}. Nine digits give
/// the float back.
void Embedder::print(size_t tokens, std::span<const float> vector) {
  Output &out = context.out;
  bool json = context.settings.json;
  if (json)
    out.print("{\"tokens\": %zu, \"vector\": [", tokens);
  const char *separator = "";
  for (float value : vector) {
    if (json && !std::isfinite(value))
      out.print("%snull", separator);
    else
      out.print("%s%.9g", separator, static_cast<double>(value));
    separator = json ? ", " : " ";
  }
  out.write(json ? "]}\n" : "\n");
  out.flush(); // who sends text by text gets vector by vector
}

Failure Embedder::embed(std::span<const int32_t> ids, const char *where) {
  if (ids.size() > engine.contextSize())
    return base::fail(base::Usage,
                      "%sthe text has %zu tokens, the context holds %u", where,
                      ids.size(), engine.contextSize());
  pooler.begin();
  size_t done = engine.forward(
      ids, 0, pooler.firstNeeded(ids.size()), &Interrupt::flag(),
      [&](size_t, std::span<const float> state) { pooler.add(state); });
  if (done < ids.size())
    return base::fail(base::Interrupted, "%s", "");
  print(ids.size(), pooler.finish());
  ++count;
  return context.out.failure();
}

Failure Embedder::embed(std::string_view text, const char *where) {
  if (text.empty())
    return base::fail(base::Usage, "%sthe text is empty", where);
  base::Array<int32_t> ids;
  if (Failure failure = encodeForVector(context, text, ids))
    return failure;
  return embed(ids, where);
}

Failure Embedder::embedArgument(std::string_view argument) {
  base::Array<char> text;
  appendArgument(context.settings, argument, text);
  return embed(text.view(), "");
}

Failure Embedder::embedLines(OpenFile file) {
  Lines lines(file.descriptor);
  char where[160];
  for (size_t number = 1;; ++number) {
    snprintf(where, sizeof(where), "%.100s: line %zu: ", file.name, number);
    std::string_view text;
    switch (lines.next(text)) {
    case Lines::Result::Line:
      break;
    case Lines::Result::End:
      return {};
    case Lines::Result::Interrupted:
      return base::fail(base::Interrupted, "%s", "");
    case Lines::Result::Failed:
      return base::fail(base::Unreadable, "%s: cannot read: %s", file.name,
                        strerror(errno));
    case Lines::Result::TooLong:
      return base::fail(base::Usage, "%sthe text is longer than %zu bytes",
                        where, Lines::longest);
    }
    if (Failure failure = embed(text, where))
      return failure;
  }
}

Failure Embedder::embedFile(OpenFile file) {
  if (!context.settings.whole)
    return embedLines(file);
  base::Array<char> text;
  TextLimit limit = contextLimit(context);
  if (Failure failure = readText(file, limit, text))
    return failure;
  if (text.size() > limit.bytes)
    return tooLong(file.name, limit);
  char where[160];
  snprintf(where, sizeof(where), "%.100s: ", file.name);
  return text.empty() ? Failure() : embed(text.view(), where);
}

/// The vector of every text on a line of its own, in the order of the texts:
/// those of the command line, the lines of files, the lines of standard input.
Failure chat::runEmbed(Context context) {
  const Settings &settings = context.settings;
  bool hasText = settings.hasPrompt() || settings.ids.data();
  if (!hasText && isatty(STDIN_FILENO))
    return base::fail(base::Usage,
                      "this model makes vectors of texts: -p TEXT, "
                      "-f FILE with a text on each line, or a "
                      "pipe; --help says more");
  Embedder embedder(context);
  if (Failure failure = embedder.start())
    return failure;
  if (settings.ids.data()) {
    base::Array<int32_t> ids;
    if (Failure failure = readIds(context, ids))
      return failure;
    return embedder.embed(ids, "");
  }
  Failure failure = forEachPart(
      settings,
      [&](std::string_view text) { return embedder.embedArgument(text); },
      [&](OpenFile file) { return embedder.embedFile(file); });
  if (!failure && embedder.texts() == 0)
    return base::fail(base::Usage, "there is no text");
  return failure;
}
