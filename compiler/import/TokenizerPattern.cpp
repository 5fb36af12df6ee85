//===- TokenizerPattern.cpp - Regular expressions as runs of characters ---===//

#include "compiler/import/TokenizerPattern.h"

#include "compiler/import/Error.h"
#include "compiler/import/TokenizerPatternText.h"

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
  PatternAlternative character(bool ignoreCase);
  void quantify(PatternItem &item);
  std::optional<uint32_t> number();

  size_t depth = 0;
};

} // namespace

Alternatives Parser::parse() {
  Alternatives alternatives = alternation(/*ignoreCase=*/false);
  if (!atEnd())
    refuse("an unmatched )");
  for (const PatternAlternative &items : alternatives)
    if (llvm::none_of(items, [](const PatternItem &item) {
          return item.kind == PatternItem::Run && item.least > 0;
        }))
      refuse("an alternative that matches nothing");
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

Alternatives Parser::sequence(bool ignoreCase) {
  Alternatives made = {{}};
  while (!atEnd() && peek() != '|' && peek() != ')') {
    if (take("(?!"))
      made = append(made, {{look(PatternItem::NotFollowed, ignoreCase)}});
    else if (take("(?="))
      made = append(made, {{look(PatternItem::Followed, ignoreCase)}});
    else if (peek() == '(')
      made = append(made, group(ignoreCase));
    else
      made = append(made, {character(ignoreCase)});
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
    options.push_back({});
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
    if (option.size() == 1 && option[0].kind == PatternItem::Run &&
        option[0].least == 1 && option[0].most == 1)
      item.set.add(option[0].set);
    else
      refuse("a look ahead at other than one character");
  return item;
}

/// The characters that a text may begin with for `items` to match it.
static CodePointSet firstOf(const PatternAlternative &items) {
  CodePointSet first;
  for (const PatternItem &item : items) {
    if (item.kind != PatternItem::Run)
      continue;
    first.add(item.set);
    if (item.least > 0)
      return first;
  }
  return items.empty() ? first : CodePointSet().complement();
}

/// True if a text has one match of `prefix` at most that goes on with
/// `options`. Then it does not matter whether an engine tries all lengths of a
/// run before the next option, or all options before the next length.
static bool isUnique(const PatternAlternative &prefix,
                     const Alternatives &options) {
  for (auto item = prefix.begin(); item != prefix.end(); ++item) {
    if (item->least == item->most)
      continue;
    auto meets = [&](const CodePointSet &set) { return item->set.meets(set); };
    for (auto later = std::next(item); later != prefix.end(); ++later)
      if (meets(later->set))
        return false;
    for (const PatternAlternative &option : options)
      if (meets(firstOf(option)))
        return false;
  }
  return true;
}

Alternatives Parser::append(Alternatives prefixes,
                            const Alternatives &options) {
  auto longest = [](const Alternatives &list) {
    return llvm::max_element(
               list,
               [](const auto &x, const auto &y) { return x.size() < y.size(); })
        ->size();
  };
  if (longest(prefixes) + longest(options) > mostItems)
    refuse("more than " + llvm::Twine(mostItems) + " runs in a row");
  if (prefixes.size() * options.size() > mostAlternatives)
    refuse("more than " + llvm::Twine(mostAlternatives) + " alternatives");
  if (!refused().empty())
    return prefixes;
  if (options.size() == 1) {
    for (PatternAlternative &prefix : prefixes)
      llvm::append_range(prefix, options[0]);
    return prefixes;
  }
  Alternatives all;
  for (const PatternAlternative &prefix : prefixes) {
    if (!isUnique(prefix, options))
      refuse("a choice behind a run that could be shorter");
    for (const PatternAlternative &option : options) {
      all.push_back(prefix);
      llvm::append_range(all.back(), option);
    }
  }
  return all;
}

/// Where case does not matter, "ss" is also U+00DF: one character for two.
static bool foldsWithOthers(uint32_t codePoint) { return codePoint >= 0x80; }

PatternAlternative Parser::character(bool ignoreCase) {
  PatternItem item;
  uint32_t first = next();
  if (first == '[')
    item.set = readBracket(*this);
  else if (first == '\\')
    item.set = readEscape(*this);
  else if (first == '.')
    item.set = CodePointSet::of('\n').complement();
  else if (first < 0x80 && StringRef("^$?*+{}]").contains(char(first)))
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
  return {item};
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
  if (take("?")) {
    item.least = 0;
  } else if (take("*")) {
    item.least = 0;
    item.most = PatternItem::unbounded;
  } else if (take("+")) {
    item.most = PatternItem::unbounded;
  } else if (take("{")) {
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
  PatternAlternative items;
  for (uint32_t point : codePointsOf(text)) {
    items.emplace_back();
    items.back().set = CodePointSet::of(point);
  }
  return {{items}};
}

SplitPattern patternOfSet(CodePointSet set) {
  PatternItem item;
  item.set = std::move(set);
  return {{{item}}};
}

} // namespace tritc::import
