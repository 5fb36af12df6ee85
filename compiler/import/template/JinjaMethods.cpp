//===- JinjaMethods.cpp - Methods of texts, lists and mappings ------------===//

#include "compiler/import/template/JinjaSyntax.h"
#include "runtime/abi/ChatTemplate.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace tritc::import::jinja {

using Kind = Value::Kind;

std::vector<llvm::StringRef> charactersOf(llvm::StringRef text) {
  std::vector<llvm::StringRef> characters;
  while (!text.empty()) {
    size_t length = 1;
    while (length < text.size() && (text[length] & 0xc0) == 0x80)
      ++length;
    characters.push_back(text.take_front(length));
    text = text.drop_front(length);
  }
  return characters;
}

/// strip(), or strip(set), at either side or both.
static Value stripped(llvm::StringRef text, std::optional<llvm::StringRef> set,
                      bool left, bool right) {
  if (!set) {
    uint64_t begin = 0, end = text.size();
    tritc_strip(text.data(), &begin, &end, left ? TRITC_ALL_SPACES : 0,
                right ? TRITC_ALL_SPACES : 0);
    return Value::of(text.slice(begin, end).str());
  }
  std::vector<llvm::StringRef> all = charactersOf(*set);
  std::vector<llvm::StringRef> characters = charactersOf(text);
  llvm::ArrayRef<llvm::StringRef> rest = characters;
  while (left && !rest.empty() && llvm::is_contained(all, rest.front()))
    rest = rest.drop_front();
  while (right && !rest.empty() && llvm::is_contained(all, rest.back()))
    rest = rest.drop_back();
  return Value::of(llvm::join(rest, ""));
}

static Value listOf(llvm::ArrayRef<llvm::StringRef> parts) {
  Value::List list;
  for (llvm::StringRef part : parts)
    list.push_back(Value::of(part.str()));
  return Value::of(std::move(list));
}

/// text.split(at, most), from the right if that is asked for.
static std::optional<Value> splitAt(llvm::StringRef text, llvm::StringRef at,
                                    int64_t most, bool fromRight) {
  if (at.empty())
    return std::nullopt;
  std::vector<llvm::StringRef> parts;
  for (; most != 0 && parts.size() < maxList; --most) {
    size_t found = fromRight ? text.rfind(at) : text.find(at);
    if (found == llvm::StringRef::npos)
      break;
    parts.push_back(fromRight ? text.drop_front(found + at.size())
                              : text.take_front(found));
    text =
        fromRight ? text.take_front(found) : text.drop_front(found + at.size());
  }
  parts.push_back(text);
  if (parts.size() > maxList)
    return std::nullopt;
  if (fromRight)
    std::reverse(parts.begin(), parts.end());
  return listOf(parts);
}

/// text.split(): at runs of white space.
static std::optional<Value> splitAtSpace(llvm::StringRef text) {
  std::vector<llvm::StringRef> parts;
  const char *begin = text.data(), *end = text.data() + text.size();
  for (const char *at = begin; at <= end;) {
    uint32_t space =
        at < end ? tritc_space_at(at, uint64_t(end - at), TRITC_ALL_SPACES) : 0;
    if (at == end || space) {
      if (at > begin)
        parts.push_back({begin, size_t(at - begin)});
      at += std::max(space, 1u);
      begin = at;
    } else {
      ++at;
    }
  }
  return parts.size() > maxList ? std::nullopt : std::optional(listOf(parts));
}

static std::optional<Value> splitLines(llvm::StringRef text) {
  std::vector<llvm::StringRef> parts;
  while (!text.empty() && parts.size() <= maxList) {
    size_t end = text.find_first_of("\n\r");
    parts.push_back(text.take_front(end));
    if (end == llvm::StringRef::npos)
      break;
    text = text.drop_front(end + 1 + text.substr(end).starts_with("\r\n"));
  }
  return parts.size() > maxList ? std::nullopt : std::optional(listOf(parts));
}

/// text.replace(from, to, most)
static std::optional<Value> replaced(llvm::StringRef text, llvm::StringRef from,
                                     llvm::StringRef to, int64_t most) {
  if (from.empty() || text.count(from) * to.size() > maxText)
    return std::nullopt;
  std::string result;
  for (size_t at; most != 0 && (at = text.find(from)) != llvm::StringRef::npos;
       text = text.drop_front(at + from.size()), --most)
    (result += text.take_front(at)) += to;
  return Value::of(result + text.str());
}

/// upper(), lower(), capitalize() and title() of ASCII.
static std::optional<Value> inCase(llvm::StringRef name, llvm::StringRef text) {
  if (!llvm::isASCII(text))
    return std::nullopt;
  std::string result = text.lower();
  bool upper = name != "lower";
  for (char &c : result) {
    bool wasLetter = llvm::isAlpha(c);
    if (upper)
      c = llvm::toUpper(c);
    upper = name == "upper" || (name == "title" && !wasLetter);
  }
  return Value::of(result);
}

/// Position of a text in characters, -1 if it is not there.
static Value positionOf(llvm::StringRef text, llvm::StringRef part,
                        bool fromRight) {
  size_t found = fromRight ? text.rfind(part) : text.find(part);
  return Value::of(found == llvm::StringRef::npos
                       ? int64_t(-1)
                       : int64_t(charactersOf(text.take_front(found)).size()));
}

/// startswith and endswith also take several texts.
static std::optional<Value> edge(bool atEnd, llvm::StringRef text,
                                 const Value &wanted) {
  auto has = [&](const Value &one) {
    return atEnd ? text.ends_with(one.string) : text.starts_with(one.string);
  };
  if (wanted.is(Kind::String))
    return Value::of(has(wanted));
  if (!wanted.is(Kind::List) || !llvm::all_of(*wanted.list, [](const Value &v) {
        return v.is(Kind::String);
      }))
    return std::nullopt;
  return Value::of(llvm::any_of(*wanted.list, has));
}

std::optional<Value> applyTextMethod(llvm::StringRef name, llvm::StringRef text,
                                     llvm::ArrayRef<Value> arguments) {
  size_t count = arguments.size();
  auto isText = [&](size_t i) {
    return i < count && arguments[i].is(Kind::String);
  };
  auto textAt = [&](size_t i) { return llvm::StringRef(arguments[i].string); };
  // An integer at the end that says how many times.
  int64_t most = -1;
  if ((name == "split" || name == "rsplit" || name == "replace") && count > 0 &&
      arguments.back().is(Kind::Integer)) {
    most = arguments.back().integer;
    --count;
  }
  if (name == "strip" || name == "lstrip" || name == "rstrip") {
    bool none = count == 0 || (count == 1 && arguments[0].is(Kind::None));
    if (count > 1 || !(none || isText(0)))
      return std::nullopt;
    return stripped(text, none ? std::nullopt : std::optional(textAt(0)),
                    name != "rstrip", name != "lstrip");
  }
  if (count == 0) {
    if (name == "upper" || name == "lower" || name == "capitalize" ||
        name == "title")
      return inCase(name, text);
    if (name == "split" && most < 0)
      return splitAtSpace(text);
    if (name == "splitlines")
      return splitLines(text);
    if (name == "isdigit")
      return Value::of(!text.empty() && llvm::all_of(text, llvm::isDigit));
    return std::nullopt;
  }
  if (count == 1 && (name == "startswith" || name == "endswith"))
    return edge(name == "endswith", text, arguments[0]);
  if (count == 1 && name == "join") {
    Arguments separator;
    separator.values.push_back(Value::of(text.str()));
    return applyFilter("join", arguments[0], separator);
  }
  if (!isText(0) || (count == 2 && !isText(1)) || count > 2)
    return std::nullopt;
  if (count == 2)
    return name == "replace" ? replaced(text, textAt(0), textAt(1), most)
                             : std::nullopt;
  if (name == "split" || name == "rsplit")
    return splitAt(text, textAt(0), most, name == "rsplit");
  if (name == "find" || name == "rfind")
    return positionOf(text, textAt(0), name == "rfind");
  if (name == "count")
    return textAt(0).empty()
               ? std::nullopt
               : std::optional(Value::of(int64_t(text.count(textAt(0)))));
  if (name == "removeprefix" || name == "removesuffix") {
    name == "removeprefix" ? text.consume_front(textAt(0))
                           : text.consume_back(textAt(0));
    return Value::of(text.str());
  }
  return std::nullopt;
}

/// Pairs, names or values of a mapping, one by one.
static Value entriesOf(const Mapping &mapping, llvm::StringRef what) {
  Value::List entries;
  for (const auto &[name, value] : mapping) {
    if (what == "items")
      entries.push_back(Value::of(Value::List{Value::of(name), value}));
    else
      entries.push_back(what == "keys" ? Value::of(name) : value);
  }
  return Value::of(std::move(entries));
}

std::optional<Value> applyMethod(llvm::StringRef name, const Value &self,
                                 const Arguments &arguments) {
  if (!arguments.keywords.empty())
    return std::nullopt;
  llvm::ArrayRef<Value> values = arguments.values;
  if (self.is(Kind::Mapping) && !self.isSpecial) {
    if (values.empty() &&
        (name == "items" || name == "keys" || name == "values"))
      return entriesOf(*self.mapping, name);
    if (name != "get" || values.empty() || values.size() > 2 ||
        !values[0].is(Kind::String))
      return std::nullopt;
    if (const Value *found = self.mapping->find(values[0].string))
      return *found;
    return values.size() == 2 ? values[1] : Value::none();
  }
  if (!self.is(Kind::String))
    return std::nullopt;
  return applyTextMethod(name, self.string, values);
}

std::optional<Value> applyFunction(llvm::StringRef name,
                                   const Arguments &arguments) {
  llvm::ArrayRef<Value> values = arguments.values;
  if (name == "namespace" || name == "dict") {
    if (!values.empty())
      return std::nullopt;
    Value made = Value::of(arguments.keywords);
    made.isSpecial = name == "namespace";
    return made;
  }
  if (name != "range" || values.empty() || values.size() > 3 ||
      !arguments.keywords.empty() ||
      !llvm::all_of(values, [](const Value &v) { return v.is(Kind::Integer); }))
    return std::nullopt;
  int64_t begin = values.size() > 1 ? values[0].integer : 0;
  int64_t end = values[values.size() > 1].integer;
  int64_t step = values.size() > 2 ? values[2].integer : 1;
  constexpr int64_t limit = 1 << 30;
  if (step == 0 || std::max({begin, end, step}) > limit ||
      std::min({begin, end, step}) < -limit)
    return std::nullopt;
  Value::List list;
  for (int64_t i = begin; step > 0 ? i < end : i > end; i += step) {
    if (list.size() == maxList)
      return std::nullopt;
    list.push_back(Value::of(i));
  }
  return Value::of(std::move(list));
}

} // namespace tritc::import::jinja
