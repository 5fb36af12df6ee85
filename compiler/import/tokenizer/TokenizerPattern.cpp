//===- TokenizerPattern.cpp - Regular expressions as runs of characters ---===//

#include "compiler/import/tokenizer/TokenizerPattern.h"

#include "compiler/import/tokenizer/TokenizerPatternRules.h"
#include "compiler/import/tokenizer/TokenizerPatternText.h"
#include "compiler/support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using llvm::StringRef;
using llvm::Twine;

namespace tritc::import {

/// Far above the thirteen alternatives of Llama 3 and the two groups of others.
static constexpr size_t mostAlternatives = 64, mostItems = 16, mostGroups = 8;
static constexpr uint32_t highestCount = 1000;

/// Bytes of an expression in a message.
static constexpr size_t longestQuote = 400;

using Alternatives = std::vector<PatternAlternative>;

namespace {

class Parser : PatternText {
public:
  explicit Parser(StringRef regex) : PatternText(regex) {}

  Alternatives parse();
  using PatternText::refused;

private:
  Alternatives alternation(bool ignoreCase);
  Alternatives sequence(bool ignoreCase);
  Alternatives group(bool ignoreCase);
  PatternItem look(PatternItem::Kind kind, bool ignoreCase);
  Alternatives append(Alternatives prefixes, const Alternatives &options);
  PatternItem character(bool ignoreCase);
  void quantify(PatternItem &item);
  std::optional<uint32_t> number();

  size_t depth = 0;
};

} // namespace

Alternatives Parser::parse() {
  Alternatives alternatives = alternation(/*ignoreCase=*/false);
  if (!atEnd())
    refuse("an unmatched )");
  if (llvm::any_of(alternatives, mayBeEmpty))
    refuse("an alternative that matches nothing");
  if (llvm::any_of(alternatives, givesBackTwice))
    refuse("a run that gives back to another that gives back");
  if (llvm::any_of(alternatives, keepsWhatIsNeeded))
    refuse("a possessive run of what stands behind it");
  return alternatives;
}

Alternatives Parser::alternation(bool ignoreCase) {
  Alternatives all;
  do {
    llvm::append_range(all, sequence(ignoreCase));
    if (all.size() > mostAlternatives)
      refuse("more than " + Twine(mostAlternatives) + " alternatives");
  } while (take("|"));
  return all;
}

/// Where Oniguruma's `$` matches: a line break follows, or nothing.
static PatternItem endOfLine() {
  PatternItem item;
  item.kind = PatternItem::NotFollowed;
  item.set = CodePointSet::of('\n').complement();
  return item;
}

Alternatives Parser::sequence(bool ignoreCase) {
  Alternatives made(1);
  while (!atEnd() && peek() != '|' && peek() != ')') {
    if (take("(?!"))
      made = append(made, {{{look(PatternItem::NotFollowed, ignoreCase)}, {}}});
    else if (take("(?="))
      made = append(made, {{{look(PatternItem::Followed, ignoreCase)}, {}}});
    else if (take("$"))
      made = append(made, {{{endOfLine()}, {}}});
    else if (peek() == '(')
      made = append(made, group(ignoreCase));
    else
      made = append(made, {{{character(ignoreCase)}, {}}});
  }
  return made;
}

/// "(?:x)", "(?i:x)" or "(x)", perhaps with a "?" behind it.
Alternatives Parser::group(bool ignoreCase) {
  if (++depth > mostGroups)
    refuse("groups in more than " + Twine(mostGroups) + " groups");
  next();
  if (take("?i:"))
    ignoreCase = true;
  else if (!take("?:") && peek() == '?')
    refuse("a group of the kind (" + spell(next()) + spell(next()));
  Alternatives options = alternation(ignoreCase);
  if (!take(")"))
    refuse("a group without its )");
  --depth;
  if (take("?"))
    options.emplace_back();
  if (peekIs("?*+{"))
    refuse("a group that repeats");
  return options;
}

PatternItem Parser::look(PatternItem::Kind kind, bool ignoreCase) {
  ++depth;
  Alternatives options = alternation(ignoreCase);
  if (!take(")"))
    refuse("a group without its )");
  --depth;
  PatternItem item;
  item.kind = kind;
  for (const PatternAlternative &option : options)
    if (option.choices.empty() && option.items.size() == 1 &&
        option.items[0].kind == PatternItem::Run &&
        option.items[0].least == 1 && option.items[0].most == 1)
      item.set.add(option.items[0].set);
    else
      refuse("a look ahead at other than one character");
  return item;
}

/// The characters that a text may begin with for `alternative` to take some.
static CodePointSet firstOf(const PatternAlternative &alternative) {
  CodePointSet first;
  for (const PatternItem &item : alternative.items) {
    if (item.kind != PatternItem::Run)
      continue;
    first.add(item.set);
    if (item.least > 0)
      return first;
  }
  for (const PatternAlternative &choice : alternative.choices)
    first.add(firstOf(choice));
  return first;
}

/// True if it makes no difference whether an engine tries all lengths of the
/// runs in `prefix` before the next option, or all options before the next
/// length: no run could be shorter and meet what stands behind it.
static bool isUnique(const PatternAlternative &prefix,
                     const Alternatives &options) {
  if (!prefix.choices.empty())
    return false;
  for (auto item = prefix.items.begin(); item != prefix.items.end(); ++item) {
    if (item->least == item->most)
      continue;
    auto meets = [&](const CodePointSet &set) { return item->set.meets(set); };
    for (auto later = std::next(item); later != prefix.items.end(); ++later)
      if (meets(later->set))
        return false;
    for (const PatternAlternative &option : options)
      if (meets(firstOf(option)) ||
          llvm::any_of(option.items, [](const PatternItem &other) {
            return other.kind != PatternItem::Run;
          }))
        return false;
  }
  return true;
}

/// Puts `options` behind every way through `prefix`.
static void putBehind(PatternAlternative &prefix, const Alternatives &options) {
  for (PatternAlternative &choice : prefix.choices)
    putBehind(choice, options);
  if (!prefix.choices.empty())
    return;
  if (options.size() > 1) {
    prefix.choices = options;
    return;
  }
  llvm::append_range(prefix.items, options[0].items);
  prefix.choices = options[0].choices;
}

/// Items in a row, and alternatives in all.
static std::pair<size_t, size_t> sizeOf(const Alternatives &alternatives) {
  size_t longest = 0, count = alternatives.size();
  for (const PatternAlternative &alternative : alternatives) {
    auto [behind, inside] = sizeOf(alternative.choices);
    longest = std::max(longest, alternative.items.size() + behind);
    count += inside;
  }
  return {longest, count};
}

Alternatives Parser::append(Alternatives prefixes,
                            const Alternatives &options) {
  auto [longest, count] = sizeOf(prefixes);
  auto [longestOption, optionCount] = sizeOf(options);
  if (longest + longestOption > mostItems)
    refuse("more than " + llvm::Twine(mostItems) + " runs in a row");
  if (optionCount > 1 && count * optionCount > mostAlternatives)
    refuse("more than " + llvm::Twine(mostAlternatives) + " alternatives");
  if (!refused().empty())
    return prefixes;
  Alternatives all;
  for (PatternAlternative &prefix : prefixes) {
    if (options.size() == 1 || !isUnique(prefix, options)) {
      putBehind(prefix, options);
      all.push_back(std::move(prefix));
      continue;
    }
    for (const PatternAlternative &option : options) {
      all.push_back(prefix);
      putBehind(all.back(), {option});
    }
  }
  return all;
}

/// Where case does not matter, "ss" is also U+00DF: one character for two.
static bool foldsWithOthers(uint32_t codePoint) { return codePoint >= 0x80; }

PatternItem Parser::character(bool ignoreCase) {
  PatternItem item;
  uint32_t first = next();
  if (first == '[')
    item.set = readBracket(*this);
  else if (first == '\\')
    item.set = readEscape(*this);
  else if (first == '.')
    item.set = CodePointSet::of('\n').complement();
  else if (first < 0x80 && StringRef("^?*+{}]").contains(char(first)))
    refuse(spell(first));
  else
    item.set = CodePointSet::of(first);
  if (ignoreCase) {
    if (foldsWithOthers(first))
      refuse(spell(first) + " where case does not matter");
    if ((first == 's' && (peek() == 's' || peek() == 't')) ||
        (first == 'f' && (peek() == 'f' || peek() == 'i' || peek() == 'l')))
      refuse(spell(first) + spell(peek()) + " where case does not matter");
    item.set = item.set.ignoringCase();
  }
  quantify(item);
  return item;
}

std::optional<uint32_t> Parser::number() {
  if (!llvm::isDigit(char(peek())) || peek() >= 0x80)
    return std::nullopt;
  uint32_t value = 0;
  while (peek() < 0x80 && llvm::isDigit(char(peek())) && value <= highestCount)
    value = value * 10 + (next() - '0');
  return value;
}

void Parser::quantify(PatternItem &item) {
  bool isCounted = false;
  if (take("?")) {
    item.least = 0;
  } else if (take("*")) {
    item.least = 0;
    item.most = PatternItem::unbounded;
  } else if (take("+")) {
    item.most = PatternItem::unbounded;
  } else if (take("{")) {
    isCounted = true;
    std::optional<uint32_t> least = number(), most = least;
    if (take(",")) {
      most = number();
      if (!least && !most)
        refuse("{,}");
      most = most.value_or(PatternItem::unbounded);
    }
    item.least = least.value_or(0);
    item.most = most.value_or(0);
    if (!take("}") || item.most == 0 || item.least > item.most ||
        item.least > highestCount)
      refuse("{" + Twine(item.least) + " without a count of that form");
  } else {
    return;
  }
  item.keeps = !isCounted && take("+"); // behind {2} it would be another count
  if (peekIs("?+*{"))
    refuse("a quantifier with " + spell(peek()) + " behind it");
}

llvm::Expected<SplitPattern> parsePattern(StringRef regex, const Twine &where) {
  Parser parser(regex);
  SplitPattern pattern = {parser.parse()};
  if (parser.refused().empty())
    return pattern;
  std::string found;
  llvm::raw_string_ostream os(found);
  llvm::printEscapedString(parser.refused(), os);
  os << " in the expression ";
  llvm::printEscapedString(regex.take_front(longestQuote), os);
  return makeError(ExitCode::Unreadable,
                   where +
                       ": not supported, expected alternatives of runs of "
                       "characters, found " +
                       found);
}

SplitPattern patternOfText(StringRef text) {
  PatternAlternative alternative;
  for (uint32_t point : codePointsOf(text)) {
    alternative.items.emplace_back();
    alternative.items.back().set = CodePointSet::of(point);
  }
  return {{alternative}};
}

SplitPattern patternOfSet(CodePointSet set) {
  PatternItem item;
  item.set = std::move(set);
  return {{{{item}, {}}}};
}

} // namespace tritc::import
