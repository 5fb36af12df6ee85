//===- Batch.cpp - Many prompts, one a line -------------------------------===//
//
// JSON lines in, JSON lines out, in the same order. Each line is answered as if
// it were alone, with the same seed; what its beginning has in common with the
// line before is not computed twice. A line that cannot be answered says why
// and does not stop the others.
//
//===----------------------------------------------------------------------===//

#include "runtime/chat/AnswerRecord.h"
#include "runtime/chat/Messages.h"
#include "runtime/chat/Prompt.h"
#include "runtime/text/Json.h"

using namespace tritc;
using namespace tritc::chat;

/// Members of a line that are settings, and the settings they are.
static constexpr struct {
  std::string_view member;
  std::string_view setting;
} settingMembers[] = {
    {"max_tokens", "predict"},
    {"n_predict", "predict"},
    {"temperature", "temp"},
    {"temp", "temp"},
    {"top_k", "top-k"},
    {"top_p", "top-p"},
    {"min_p", "min-p"},
    {"repeat_penalty", "repeat-penalty"},
    {"repeat_last_n", "repeat-last-n"},
    {"frequency_penalty", "frequency-penalty"},
    {"presence_penalty", "presence-penalty"},
    {"seed", "seed"},
};

namespace {
/// The settings that a line may change, to be put back behind it.
class SavedSettings {
public:
  explicit SavedSettings(Settings &settings)
      : settings(settings), options(settings), predict(settings.predict),
        seed(settings.seed) {}
  ~SavedSettings() {
    static_cast<sample::SamplerOptions &>(settings) = options;
    settings.predict = predict;
    settings.seed = seed;
  }
  SavedSettings(const SavedSettings &) = delete;
  SavedSettings &operator=(const SavedSettings &) = delete;

private:
  Settings &settings;
  const sample::SamplerOptions options;
  const int64_t predict, seed;
};

/// Answers the lines of one batch.
class Batch {
public:
  Batch(Context context, std::string_view system)
      : context(context), system(system),
        session(context.model, context.settings) {}

  base::Failure start() { return session.start(); }
  /// False once Ctrl-C came, or the output is closed.
  bool answer(std::string_view line, size_t number);

  size_t lines = 0, failures = 0;
  bool wasInterrupted = false;

private:
  base::Failure readLine(std::string_view line, size_t number,
                         Conversation &conversation);
  base::Failure readMember(std::string_view key, std::string_view value,
                           size_t number, Conversation &conversation);
  base::Failure answerLine(std::string_view line, size_t number);

  Context context;
  std::string_view system; ///< of lines that have none of their own
  Session session;
  std::string_view id; ///< of the line, as it is written
  base::Array<char> key, text;
  base::Array<int32_t> prompt;
  AnswerRecord record;
};
} // namespace

static base::Failure wrong(size_t number, const char *expected) {
  return base::fail(base::Malformed, "line %zu: expected %s", number, expected);
}

/// \param value as it is written
base::Failure Batch::readMember(std::string_view key, std::string_view value,
                                size_t number, Conversation &conversation) {
  if (key == "id") {
    id = value;
    return {};
  }
  bool isConversation = key == "prompt" || key == "messages";
  if (isConversation && !conversation.isEmpty())
    return wrong(number, "a prompt or messages, once");
  if (key == "messages")
    return readMessages(value, "messages", conversation, number);
  if (key == "prompt" || key == "system") {
    if (!text::JsonReader(value).string(text))
      return wrong(number, "a string as prompt and as system");
    if (key == "system")
      return giveSystem(conversation, text.view());
    conversation.addUser(text.view());
    return {};
  }
  for (const auto &[member, setting] : settingMembers)
    if (key == member)
      return setByName(setting, value, context.settings);
  return base::fail(base::Malformed, "line %zu: unknown member '%.*s'", number,
                    static_cast<int>(std::min<size_t>(key.size(), 40)),
                    key.data());
}

base::Failure Batch::readLine(std::string_view line, size_t number,
                              Conversation &conversation) {
  text::JsonReader json(line);
  if (line.starts_with('"')) {
    if (!json.string(text) || !json.finish())
      return wrong(number, json.problem());
    conversation.addUser(text.view());
    return {};
  }
  if (!json.beginObject())
    return wrong(number, "an object or a string");
  std::string_view value;
  while (json.nextKey(key)) {
    if (!json.value(value))
      break;
    if (base::Failure failure =
            readMember(key.view(), value, number, conversation))
      return failure;
  }
  if (json.failed() || !json.finish())
    return wrong(number, json.problem());
  if (conversation.isEmpty())
    return wrong(number, "a prompt or messages");
  return {};
}

base::Failure Batch::answerLine(std::string_view line, size_t number) {
  SavedSettings saved(context.settings);
  Conversation conversation(context.model);
  id = {};
  if (base::Failure failure = giveSystem(conversation, system))
    return failure;
  if (base::Failure failure = readLine(line, number, conversation))
    return failure;
  conversation.render(prompt);
  if (prompt.empty() || prompt.size() > session.contextSize())
    return base::fail(base::Usage,
                      "line %zu: makes %zu tokens, the context holds %u",
                      number, prompt.size(), session.contextSize());
  session.reseed();
  answerInto(context, session, prompt, record);
  return {};
}

bool Batch::answer(std::string_view line, size_t number) {
  ++lines;
  Output &out = context.out;
  base::Failure failure = answerLine(line, number);
  wasInterrupted = !failure && record.ending == Ending::Interrupted;
  if (wasInterrupted)
    return false;
  out.write("{");
  if (!id.empty()) {
    out.write("\"id\": ");
    out.write(id);
    out.write(", ");
  }
  if (failure) {
    ++failures;
    out.write("\"error\": ");
    writeJsonString(out, failure.message);
  } else {
    writeAnswer(out, context, session, record);
  }
  out.write("}\n");
  out.flush();
  return !out.hasFailed();
}

base::Failure chat::runBatch(Context context) {
  const Settings &settings = context.settings;
  if (settings.raw || settings.sessionFile.data() || settings.hasPrompt())
    return base::fail(base::Usage, "--batch: has all prompts; leave out -p, "
                                   "-f, --raw and --session");
  base::Array<char> lines, system;
  if (base::Failure failure = readSystemPrompt(context, system))
    return failure;
  if (base::Failure failure =
          readTextFile(settings.batchFile, largestBatch, lines))
    return failure;
  noteMissingTemplate(context.model);
  Batch batch(context, system.view());
  if (base::Failure failure = batch.start())
    return failure;
  std::string_view rest = lines.view();
  for (size_t number = 1; !rest.empty(); ++number) {
    size_t length = std::min(rest.find('\n'), rest.size());
    std::string_view line(rest.data(), length);
    rest.remove_prefix(std::min(length + 1, rest.size()));
    bool isBlank = line.find_first_not_of(" \t") == line.npos;
    if (!isBlank && !batch.answer(line, number))
      break;
  }
  if (batch.wasInterrupted)
    return base::fail(base::Interrupted, "%s", "");
  if (batch.failures)
    return base::fail(base::Malformed,
                      "--batch: %zu of %zu lines have no "
                      "answer, their errors say why",
                      batch.failures, batch.lines);
  return {};
}
