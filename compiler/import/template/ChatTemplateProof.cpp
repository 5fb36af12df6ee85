//===- ChatTemplateProof.cpp - A template is known by what it does --------===//

#include "compiler/import/template/ChatTemplateProbe.h"

#include "compiler/support/Error.h"
#include "runtime/abi/ChatTemplate.h"

#include "llvm/ADT/STLExtras.h"

namespace tritc::import {

//===----------------------------------------------------------------------===//
// Conversations that tell templates apart
//===----------------------------------------------------------------------===//

/// All white space around a word, and within.
#define SPACE                                                                  \
  "\t\n\v\f\r \x1c\x1d\x1e\x1f\u0085\u00a0\u1680\u2000\u200a\u2028\u2029"      \
  "\u202f\u205f\u3000"

/// Contents with white space around and inside, capital letters, markup, the
/// separators that some templates cut at, and characters of every length.
static constexpr llvm::StringLiteral contents[] = {
    "How are you?",
    " \n How are YOU? \n ",
    "a\n\nb <b>\"it's\"</b> & so on\n",
    SPACE "a" SPACE "b" SPACE,
    "\n\nFour: five",
    "user: assistant",
    "7",
    "\u3000Gr\u00fc\u00dfe, \u4f60\u597d \U0001f600\u00a0",
    "None",
    "{{ x }} {% if %} {# c #} %s",
    "[INST] [/INST] <|im_end|> <s>",
    "\tTab\r\nand return\r\n",
    // Not for system messages, where some templates know such words.
    "</think>\n\n a </think>\n b \n",
    "<think>x</think> Two ",
    "</think>",
    "<think>\nwhy\n</think>\n\nso\n",
};

static constexpr unsigned thoughts = 4; ///< so many at the end

/// A conversation of `users` messages of a user whose contents are taken from
/// `texts` in an order of its own.
static ProbeConversation converse(bool hasSystem, unsigned users,
                                  unsigned rotation) {
  constexpr unsigned count = std::size(contents);
  unsigned next = rotation;
  auto take = [&] { return contents[(next += 5) % count].str(); };
  ProbeConversation result;
  if (hasSystem)
    result.system = contents[rotation % (count - thoughts)].str();
  for (unsigned i = 0; i < users; ++i) {
    result.users.push_back(take());
    if (i + 1 < users)
      result.answers.push_back(take());
  }
  return result;
}

static bool agrees(const ChatProbe &probe, const ChatTemplate &chat,
                   const ProbeConversation &conversation,
                   const struct tm *time = nullptr) {
  llvm::Expected<std::string> text = probe.render(conversation, time);
  if (text)
    return *text == compose(chat, conversation, time);
  llvm::consumeError(text.takeError());
  return false;
}

/// Conversations tried of each length.
static constexpr unsigned rotationsOf[] = {16, 8, 8, 4, 2};

/// Many conversations, at one time.
static llvm::Error proveAt(const ChatProbe &probe, const ChatTemplate &chat,
                           const struct tm *time) {
  for (unsigned users = 1; users <= 5; ++users)
    for (bool hasSystem : {false, true}) {
      if (hasSystem && !chat.rules.takesSystem)
        continue;
      unsigned rotations = rotationsOf[users - 1];
      for (unsigned i = 0; i < rotations; ++i) {
        unsigned rotation = i * unsigned(std::size(contents)) / rotations;
        ProbeConversation conversation = converse(hasSystem, users, rotation);
        llvm::Expected<std::string> text = probe.render(conversation, time);
        if (!text)
          return text.takeError();
        if (*text != compose(chat, conversation, time))
          return because("more than roles and positions decides what it "
                         "writes around the contents");
      }
    }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Contents that a template knows
//===----------------------------------------------------------------------===//

namespace {
enum class Role { System, User, Assistant };
}
static constexpr const char *roleWords[] = {
    "a system message", "a message of the user", "an answer"};

/// A conversation in which `role` says `content`.
static ProbeConversation saying(Role role, const std::string &content,
                                bool hasSystem) {
  ProbeConversation result = {std::nullopt, {"u", "v", "w"}, {"a", "b"}};
  if (hasSystem)
    result.system = role == Role::System ? content : "s";
  if (role == Role::User)
    result.users.assign(3, content);
  if (role == Role::Assistant)
    result.answers.assign(2, content);
  return result;
}

static bool agreesOn(const ChatProbe &probe, const ChatTemplate &chat,
                     Role role, const std::string &content) {
  for (bool hasSystem : {false, true})
    if ((hasSystem || role != Role::System) &&
        (!hasSystem || chat.rules.takesSystem) &&
        !agrees(probe, chat, saying(role, content, hasSystem)))
      return false;
  return true;
}

/// What the template does to a content that it looks for, or to one that is
/// empty, no piece can say.
static std::string knownContents(const ChatProbe &probe,
                                 const ChatTemplate &chat) {
  std::string list;
  auto add = [&](Role role, const std::string &what) {
    list += (list.empty() ? "" : ", ") +
            std::string(roleWords[unsigned(role)]) + what;
  };
  const std::vector<std::string> &sought = probe.soughtTexts();
  for (Role role : {Role::System, Role::User, Role::Assistant}) {
    if (role == Role::System && !chat.rules.takesSystem)
      continue;
    if (!agreesOn(probe, chat, role, ""))
      add(role, " that is empty");
    if (!agreesOn(probe, chat, role, " \n "))
      add(role, " of white space");
    for (const std::string &text : sought)
      if (!agreesOn(probe, chat, role, text) ||
          !agreesOn(probe, chat, role, "p " + text + " q") ||
          llvm::any_of(sought, [&](const std::string &end) {
            return !agreesOn(probe, chat, role, text + "p" + end);
          })) {
        std::string shown;
        llvm::raw_string_ostream(shown).write_escaped(text);
        add(role, " with \"" + shown + "\"");
      }
  }
  return list;
}

llvm::Error proveChatTemplate(const ChatProbe &probe, ChatTemplate &chat) {
  if (llvm::Error error = proveAt(probe, chat, nullptr))
    return error;
  bool hasTime = llvm::any_of(chat.turns, [](const ChatTurns &turns) {
    return llvm::any_of(turns.pieces, [](llvm::StringRef piece) {
      return piece.contains(TRITC_TIME_MARK);
    });
  });
  if (hasTime)
    for (int day : {1, 17, 364}) {
      struct tm time = {};
      time.tm_hour = day % 24;
      time.tm_mday = 1 + day % 28;
      time.tm_mon = day % 12;
      time.tm_year = 126;
      time.tm_wday = day % 7;
      time.tm_yday = day;
      if (llvm::Error error = proveAt(probe, chat, &time))
        return error;
    }
  if (std::string list = knownContents(probe, chat); !list.empty())
    chat.remark += (chat.remark.empty() ? "" : "; ") +
                   ("the template has rules of its own for " + list +
                    "; here these are texts like any other");
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

static bool sameTrim(const TritcTrim &a, const TritcTrim &b) {
  return a.leading == b.leading && a.trailing == b.trailing &&
         a.reachesBack == b.reachesBack;
}

/// Whether `chat` is `known`, but for a beginning-of-sequence token in front.
static bool isCalled(const ChatTemplate &chat, const ChatTemplate &known,
                     const SpecialTexts &special) {
  auto bos = special.find("bos_token");
  if (!chat.cutAfter.empty() || !chat.rules.takesSystem)
    return false;
  for (auto [own, other] : llvm::zip_equal(chat.turns, known.turns)) {
    const TritcChatTrims &a = own.trims, &b = other.trims;
    llvm::StringRef open = own.pieces[TRITC_CHAT_OPEN];
    if (bos != special.end())
      open.consume_front(bos->second);
    if (open != other.pieces[TRITC_CHAT_OPEN] ||
        !llvm::equal(llvm::drop_begin(own.pieces),
                     llvm::drop_begin(other.pieces)) ||
        !sameTrim(a.firstUser, b.firstUser) ||
        !sameTrim(a.laterUser, b.laterUser) || !sameTrim(a.answer, b.answer) ||
        !sameTrim(a.system, b.system))
      return false;
  }
  return true;
}

llvm::Error unknownChatTemplate(llvm::StringRef file, const llvm::Twine &why) {
  return makeError(ExitCode::Unreadable,
                   file + ": chat_template: unknown template (" + why +
                       "); choose one with --chat-template=" +
                       chatTemplateNames("|") + " or a file");
}

llvm::Expected<ChatTemplate>
recogniseChatTemplate(llvm::StringRef jinja, llvm::StringRef file,
                      const SpecialTexts &special) {
  llvm::Expected<jinja::Template> program = jinja::Template::parse(jinja);
  if (!program)
    return unknownChatTemplate(file, toFailure(program.takeError()).message);
  ChatProbe probe(std::move(*program), special);
  llvm::Expected<ChatTemplate> chat = deriveChatTemplate(probe);
  if (!chat)
    return unknownChatTemplate(file, toFailure(chat.takeError()).message);
  if (llvm::Error error = proveChatTemplate(probe, *chat))
    return unknownChatTemplate(file, toFailure(std::move(error)).message);
  for (const ChatTemplate &known : knownChatTemplates())
    if (isCalled(*chat, known, special))
      chat->name = known.name;
  if (!chat->remark.empty())
    chat->remark = (file + ": chat_template: " + chat->remark).str();
  return chat;
}

} // namespace tritc::import
