//===- Json.h - Reading JSON from strangers -------------------------------===//
//
// Strict (RFC 8259), without a tree: the caller says what it expects next, and
// what it does not need is checked and skipped. After the first mistake every
// step fails; problem() says what was expected there.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Array.h"

#include <string_view>

namespace tritc::text {

class JsonReader {
public:
  /// `text` outlives the reader. A byte order mark is not JSON.
  explicit JsonReader(std::string_view text);

  /// Enters a list or an object.
  bool beginList() { return expect('[', "a list"); }
  bool beginObject() { return expect('{', "an object"); }
  /// In a list: true in front of its next element, false behind its end.
  bool nextElement() { return next(']'); }
  /// In an object: true in front of the value of `key`, false behind its end.
  bool nextKey(base::Array<char> &key);
  /// Replaces `out` by a string's characters.
  bool string(base::Array<char> &out);
  /// Checks any value and passes it.
  bool skip();
  /// The same, and where it is: `found` is its text.
  bool value(std::string_view &found);
  /// True if only white space is left.
  bool finish();

  bool failed() const { return message != nullptr; }
  /// What was expected; null if nothing was missed.
  const char *problem() const { return message; }
  /// Where: a line, from 1 on.
  size_t line() const;

private:
  static constexpr unsigned maxDepth = 64;

  bool fail(const char *expected);
  char peek(); ///< behind white space; 0 at the end
  std::string_view rest() const { return {text.data() + at, text.size() - at}; }
  bool expect(char c, const char *what);
  bool next(char close);
  bool escape(base::Array<char> &out);
  bool hexUnit(uint32_t &unit);
  bool skipNumber();
  bool skipWord(std::string_view word);
  bool skipAt(unsigned depth);

  std::string_view text;
  size_t at = 0;
  bool isFirst = false; ///< no element of the innermost list was read yet
  const char *message = nullptr;
};

} // namespace tritc::text
