//===- Json.cpp - Reading JSON from strangers -----------------------------===//

#include "runtime/text/Json.h"

#include "runtime/text/Utf8.h"

#include <algorithm>

namespace tritc::text {

JsonReader::JsonReader(std::string_view text) : text(text) {
  size_t good = wellFormedPrefix(text);
  if (good < text.size()) {
    at = good;
    fail("UTF-8");
  }
}

bool JsonReader::fail(const char *expected) {
  if (!failed())
    message = expected;
  return false;
}

size_t JsonReader::line() const {
  return 1 +
         static_cast<size_t>(std::count(text.data(), text.data() + at, '\n'));
}

char JsonReader::peek() {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t' ||
                              text[at] == '\n' || text[at] == '\r'))
    ++at;
  return at < text.size() ? text[at] : '\0';
}

bool JsonReader::expect(char c, const char *what) {
  if (failed() || peek() != c)
    return fail(what);
  ++at;
  isFirst = true;
  return true;
}

bool JsonReader::next(char close) {
  if (failed())
    return false;
  bool wasFirst = isFirst;
  isFirst = false;
  if (peek() == close) {
    ++at;
    return false;
  }
  if (wasFirst)
    return true;
  if (peek() != ',')
    return fail(close == ']' ? ", or ]" : ", or }");
  ++at;
  return true;
}

bool JsonReader::nextKey(base::Array<char> &key) {
  if (!next('}') || !string(key))
    return false;
  if (peek() != ':')
    return fail(":");
  ++at;
  return true;
}

bool JsonReader::hexUnit(uint32_t &unit) {
  unit = 0;
  for (int digit = 0; digit < 4; ++digit, ++at) {
    char c = at < text.size() ? text[at] : '\0';
    uint32_t value =
        c >= '0' && c <= '9'   ? static_cast<uint32_t>(c - '0')
        : c >= 'a' && c <= 'f' ? static_cast<uint32_t>(c - 'a') + 10
        : c >= 'A' && c <= 'F' ? static_cast<uint32_t>(c - 'A') + 10
                               : 16;
    if (value == 16)
      return fail("four hexadecimal digits");
    unit = unit * 16 + value;
  }
  return true;
}

/// What follows a backslash.
bool JsonReader::escape(base::Array<char> &out) {
  constexpr std::string_view names = "\"\\/bfnrt", values = "\"\\/\b\f\n\r\t";
  char c = at < text.size() ? text[at++] : '\0';
  if (size_t known = names.find(c); known != names.npos && c) {
    out.push(values[known]);
    return true;
  }
  uint32_t unit, low;
  if (c != 'u')
    return fail("an escape that JSON knows");
  if (!hexUnit(unit))
    return false;
  if (unit >= 0xd800 && unit < 0xdc00) {
    if (!rest().starts_with("\\u"))
      return fail("the second half of a surrogate pair");
    at += 2;
    if (!hexUnit(low))
      return false;
    if (low < 0xdc00 || low >= 0xe000)
      return fail("the second half of a surrogate pair");
    unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
  } else if (unit >= 0xdc00 && unit < 0xe000) {
    return fail("the first half of a surrogate pair");
  }
  appendUtf8(unit, out);
  return true;
}

bool JsonReader::string(base::Array<char> &out) {
  out.clear();
  if (!expect('"', "a string"))
    return false;
  while (at < text.size()) {
    size_t end = at;
    while (end < text.size() && text[end] != '"' && text[end] != '\\' &&
           static_cast<unsigned char>(text[end]) >= 0x20)
      ++end;
    out.append(text.data() + at, end - at);
    at = end;
    if (at == text.size() || static_cast<unsigned char>(text[at]) < 0x20)
      break;
    isFirst = false;
    if (text[at++] == '"')
      return true;
    if (!escape(out))
      return false;
  }
  return fail("a string that ends on its line");
}

bool JsonReader::skipNumber() {
  auto digits = [&] {
    size_t before = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9')
      ++at;
    return at - before;
  };
  auto eat = [&](char c) {
    bool found = at < text.size() && text[at] == c;
    at += found;
    return found;
  };
  eat('-');
  bool zero = at < text.size() && text[at] == '0';
  size_t count = digits();
  if (count == 0 || (zero && count > 1))
    return fail("a value");
  if (eat('.') && digits() == 0)
    return fail("digits");
  if (eat('e') || eat('E')) {
    if (!eat('-'))
      eat('+');
    if (digits() == 0)
      return fail("digits");
  }
  return true;
}

bool JsonReader::skipWord(std::string_view word) {
  if (!rest().starts_with(word))
    return fail("a value");
  at += word.size();
  return true;
}

bool JsonReader::skip() { return skipAt(0); }

bool JsonReader::value(std::string_view &found) {
  peek(); // behind white space
  size_t begin = at;
  if (!skip())
    return false;
  found = {text.data() + begin, at - begin};
  return true;
}

bool JsonReader::skipAt(unsigned depth) {
  if (failed())
    return false;
  if (depth == maxDepth)
    return fail("less nesting");
  base::Array<char> ignored;
  switch (peek()) {
  case '[':
    beginList();
    while (nextElement())
      skipAt(depth + 1);
    break;
  case '{':
    beginObject();
    while (nextKey(ignored))
      skipAt(depth + 1);
    break;
  case '"':
    string(ignored);
    break;
  case 't':
    skipWord("true");
    break;
  case 'f':
    skipWord("false");
    break;
  case 'n':
    skipWord("null");
    break;
  default:
    skipNumber();
  }
  isFirst = false;
  return !failed();
}

bool JsonReader::finish() {
  if (failed())
    return false;
  peek();
  return at == text.size() || fail("nothing more");
}

} // namespace tritc::text
