//===- ChatTemplateDerive.cpp - The pieces that a template must have ------===//

#include "compiler/import/template/ChatTemplateProbe.h"

#include "compiler/support/Error.h"
#include "runtime/abi/ChatTemplate.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace tritc::import {

namespace {
/// Contents of a probe. Marks stand in them, by which they are found again.
enum Slot : unsigned { System, U0, A0, U1, A1, U2, SlotCount };
constexpr const char *marks[SlotCount] = {"QxS0", "QxU0", "QxA0",
                                          "QxU1", "QxA1", "QxU2"};

constexpr const char *leavesOutSystem = "it leaves out the system message";

/// What is written around each mark: the same for all, or for answers only.
struct Around {
  std::string before, behind;
  bool answersOnly = false;
};

/// Derives the turns of conversations with, or without, a system message.
class TurnsReader {
public:
  TurnsReader(const ChatProbe &probe, bool hasSystem, ChatTemplate &chat)
      : probe(probe), hasSystem(hasSystem), chat(chat),
        turns(chat.turns[hasSystem]) {}

  llvm::Error readPieces();
  llvm::Error checkPrompt();
  llvm::Error readTrims();
  /// Sets chat.cutAfter if answers are cut.
  llvm::Error readCut();
  llvm::Error readCutTrims();

private:
  ProbeConversation conversation(unsigned users, const Around &around) const;
  llvm::SmallVector<Slot> order(unsigned users) const;
  llvm::Expected<std::vector<std::string>>
  split(unsigned users, const Around &around = {}) const;
  llvm::Expected<std::array<bool, SlotCount>>
  stripped(char32_t character, bool leading, const Around &around,
           llvm::ArrayRef<std::string> plain) const;
  llvm::Error readSides(const Around &around, TritcTrim *(&trims)[SlotCount]);

  const ChatProbe &probe;
  bool hasSystem;
  ChatTemplate &chat;
  ChatTurns &turns;
};
} // namespace

ProbeConversation TurnsReader::conversation(unsigned users,
                                            const Around &around) const {
  auto content = [&](Slot slot) {
    bool isPlain = around.answersOnly && slot != A0 && slot != A1;
    return isPlain ? std::string(marks[slot])
                   : around.before + marks[slot] + around.behind;
  };
  ProbeConversation result;
  if (hasSystem)
    result.system = content(System);
  for (unsigned i = 0; i < users; ++i) {
    result.users.push_back(content(Slot(U0 + 2 * i)));
    if (i + 1 < users)
      result.answers.push_back(content(Slot(A0 + 2 * i)));
  }
  return result;
}

/// Contents as they follow one another.
llvm::SmallVector<Slot> TurnsReader::order(unsigned users) const {
  llvm::SmallVector<Slot> slots;
  unsigned last = U0 + 2 * (users - 1);
  if (hasSystem && !chat.rules.systemIsLast)
    slots.push_back(System);
  for (unsigned slot = U0; slot < last; ++slot)
    slots.push_back(Slot(slot));
  if (hasSystem && chat.rules.systemIsLast)
    slots.push_back(System);
  slots.push_back(Slot(last));
  return slots;
}

/// What stands before, between and behind the marks.
llvm::Expected<std::vector<std::string>>
TurnsReader::split(unsigned users, const Around &around) const {
  llvm::Expected<std::string> text = probe.render(conversation(users, around));
  if (!text)
    return text.takeError();
  llvm::StringRef rest = *text;
  std::vector<std::string> parts;
  for (Slot slot : order(users)) {
    llvm::StringRef mark = marks[slot];
    size_t found = rest.find(mark);
    if (found == llvm::StringRef::npos)
      return because(slot == System ? leavesOutSystem
                                    : "it leaves out or changes contents");
    parts.push_back(rest.take_front(found).str());
    rest = rest.drop_front(found + mark.size());
  }
  parts.push_back(rest.str());
  return parts;
}

llvm::Error TurnsReader::readPieces() {
  if (hasSystem) {
    llvm::Expected<std::string> text = probe.render(conversation(3, {}));
    if (!text)
      return text.takeError();
    chat.rules.systemIsLast = text->find(marks[System]) != std::string::npos &&
                              text->find(marks[System]) > text->find(marks[A1]);
  }
  llvm::Expected<std::vector<std::string>> one = split(1), three = split(3);
  if (!one || !three) {
    llvm::Error first = one ? llvm::Error::success() : one.takeError();
    llvm::Error second = three ? llvm::Error::success() : three.takeError();
    if (!first)
      return second;
    llvm::consumeError(std::move(second));
    return first;
  }
  std::vector<TritcChatPiece> names = {
      TRITC_CHAT_TO_ANSWER, TRITC_CHAT_TO_USER, TRITC_CHAT_TO_ANSWER_LATER,
      TRITC_CHAT_TO_LAST_USER, TRITC_CHAT_PROMPT_LATER};
  if (hasSystem)
    names.insert(chat.rules.systemIsLast ? names.end() - 1 : names.begin(),
                 TRITC_CHAT_AFTER_SYSTEM);
  names.insert(names.begin(), TRITC_CHAT_OPEN);
  for (auto [name, part] : llvm::zip_equal(names, *three))
    turns.pieces[name] = std::move(part);
  turns.pieces[TRITC_CHAT_PROMPT] = one->back();

  return checkPrompt();
}

/// The text in front of an answer must tell that one begins.
llvm::Error TurnsReader::checkPrompt() {
  llvm::StringRef past = turns.pieces[TRITC_CHAT_TO_ANSWER_LATER],
                  now = turns.pieces[TRITC_CHAT_PROMPT_LATER],
                  user = turns.pieces[TRITC_CHAT_TO_USER];
  bool tellsLess = past.consume_front(now) && !past.trim().empty() &&
                   (user.starts_with(now) || now.trim().empty());
  if (!tellsLess &&
      turns.pieces[TRITC_CHAT_TO_ANSWER] != turns.pieces[TRITC_CHAT_TO_USER])
    return llvm::Error::success();
  // Some answers begin with more than the template asks of the model.
  llvm::Expected<std::string> open = probe.render(conversation(3, {})),
                              closed = probe.render(conversation(3, {}),
                                                    /*time=*/nullptr,
                                                    /*addsPrompt=*/false);
  bool asks = open && closed && *open != *closed;
  llvm::consumeError(open.takeError());
  llvm::consumeError(closed.takeError());
  return asks ? llvm::Error::success()
              : because("nothing marks the beginning of an answer");
}

static std::string utf8(char32_t character) {
  if (character < 0x80)
    return std::string(1, char(character));
  if (character < 0x800)
    return {char(0xc0 | character >> 6), char(0x80 | (character & 0x3f))};
  return {char(0xe0 | character >> 12), char(0x80 | (character >> 6 & 0x3f)),
          char(0x80 | (character & 0x3f))};
}

/// By slot: whether `character`, written at one side of it, is missing.
/// \param plain  what split() gives without it
llvm::Expected<std::array<bool, SlotCount>>
TurnsReader::stripped(char32_t character, bool leading, const Around &around,
                      llvm::ArrayRef<std::string> plain) const {
  std::string space = utf8(character);
  Around more = around;
  (leading ? more.before : more.behind) += space;
  llvm::Expected<std::vector<std::string>> found = split(3, more);
  if (!found)
    return found.takeError();
  std::array<bool, SlotCount> result{};
  for (auto [i, slot] : llvm::enumerate(order(3))) {
    if (around.answersOnly && slot != A0 && slot != A1)
      continue;
    const std::string &part = plain[leading ? i : i + 1];
    llvm::StringRef now = (*found)[leading ? i : i + 1];
    result[slot] = now == part;
    if (!result[slot] && now != (leading ? part + space : space + part))
      return because("it changes the white space of contents");
  }
  return result;
}

/// Finds which white space each slot loses, at either side.
llvm::Error TurnsReader::readSides(const Around &around,
                                   TritcTrim *(&trims)[SlotCount]) {
  static constexpr char32_t samples[] = {'\n', ' ', '\t', '\r', 0xa0, 0x3000};
  llvm::Expected<std::vector<std::string>> plain = split(3, around);
  if (!plain)
    return plain.takeError();
  for (bool leading : {true, false}) {
    std::array<uint32_t, SlotCount> sets{}, counts{};
    for (char32_t sample : samples) {
      llvm::Expected<std::array<bool, SlotCount>> gone =
          stripped(sample, leading, around, *plain);
      if (!gone)
        return gone.takeError();
      auto bit = llvm::find(tritc_spaces, sample) - std::begin(tritc_spaces);
      for (unsigned slot = 0; slot < SlotCount; ++slot) {
        sets[slot] |= uint32_t((*gone)[slot]) << bit;
        counts[slot] += (*gone)[slot];
      }
    }
    for (unsigned slot = 0; slot < SlotCount; ++slot) {
      uint32_t set =
          counts[slot] == std::size(samples) ? TRITC_ALL_SPACES : sets[slot];
      if (trims[slot])
        (leading ? trims[slot]->leading : trims[slot]->trailing) = set;
    }
  }
  return llvm::Error::success();
}

llvm::Error TurnsReader::readTrims() {
  TritcChatTrims &t = turns.trims;
  TritcTrim *trims[SlotCount] = {&t.system,    &t.firstUser, &t.answer,
                                 &t.laterUser, nullptr,      nullptr};
  if (llvm::Error error = readSides({}, trims))
    return error;
  // Does stripping an empty message reach the piece in front of it?
  if (!t.firstUser.trailing)
    return llvm::Error::success();
  ProbeConversation empty = conversation(1, {});
  empty.users[0].clear();
  llvm::Expected<std::string> text = probe.render(empty);
  if (!text)
    return text.takeError();
  t.firstUser.reachesBack = compose(chat, empty) != *text;
  if (t.firstUser.reachesBack && compose(chat, empty) != *text)
    t.firstUser.reachesBack = 0;
  return llvm::Error::success();
}

llvm::Error TurnsReader::readCut() {
  for (const std::string &marker : probe.soughtTexts()) {
    Around around = {"QxL" + marker, "", /*answersOnly=*/true};
    llvm::Expected<std::string> text = probe.render(conversation(3, around));
    if (!text) {
      llvm::consumeError(text.takeError());
      continue;
    }
    llvm::StringRef found = *text;
    size_t left = found.count("QxL");
    bool sparesLast = left == 1 && found.contains("QxL" + marker + marks[A1]);
    if ((left && !sparesLast) || !found.contains(marks[A0]))
      continue;
    if (!chat.cutAfter.empty() &&
        (chat.cutAfter != marker || chat.rules.sparesLast != sparesLast))
      return because("it cuts answers in several ways");
    chat.cutAfter = marker;
    chat.rules.sparesLast = sparesLast;
    return llvm::Error::success();
  }
  return llvm::Error::success();
}

llvm::Error TurnsReader::readCutTrims() {
  TritcTrim *trims[SlotCount] = {nullptr, nullptr, &turns.trims.cutAnswer,
                                 nullptr, nullptr, nullptr};
  return readSides({"QxL" + chat.cutAfter, "", /*answersOnly=*/true}, trims);
}

/// Whether a system message that is there but shows nothing counts.
static void readEmptySystem(const ChatProbe &probe, ChatTemplate &chat) {
  ProbeConversation without = {std::nullopt, {"QxU0"}, {}};
  for (auto [content, flag] : {std::pair("", &chat.rules.emptyIsNone),
                               std::pair(" \n ", &chat.rules.blankIsNone)}) {
    ProbeConversation with = {std::string(content), {"QxU0"}, {}};
    llvm::Expected<std::string> text = probe.render(with);
    if (text)
      *flag = *text != compose(chat, with) && *text == compose(chat, without);
    else
      llvm::consumeError(text.takeError());
  }
}

llvm::Expected<ChatTemplate> deriveChatTemplate(const ChatProbe &probe) {
  ChatTemplate chat;
  chat.name = "own";
  chat.rules.hasTemplate = true;
  for (bool hasSystem : {false, true}) {
    TurnsReader reader(probe, hasSystem, chat);
    llvm::Error error = reader.readPieces();
    if (error && hasSystem) {
      // No place for a system message: the others are as good without.
      std::string why = toFailure(std::move(error)).message;
      if (why != jinja::refusal && why != leavesOutSystem)
        chat.remark = "no system message can be given: " + why;
      chat.rules.takesSystem = chat.rules.systemIsLast = 0;
      chat.turns[1] = {};
      return chat;
    }
    if (!error)
      error = reader.readTrims();
    if (!error)
      error = reader.readCut();
    if (!error && !chat.cutAfter.empty())
      error = reader.readCutTrims();
    if (error)
      return std::move(error);
  }
  readEmptySystem(probe, chat);
  return chat;
}

} // namespace tritc::import
