//===- EditBuffer.h - A text with a cursor --------------------------------===//
#pragma once

#include "runtime/base/Array.h"

#include <string_view>

namespace tritc::terminal {

/// The text being written. It is well-formed UTF-8 without control characters
/// but line feeds and tabs, whatever is inserted. The cursor stands before a
/// grapheme cluster or at the end.
class EditBuffer {
public:
  std::string_view text() const { return bytes.view(); }
  size_t cursor() const { return at; }

  /// Replaces everything and moves to the end; undo brings the old text back.
  void assign(std::string_view text);
  /// As new: nothing to undo, but what was killed stays.
  void reset();
  /// Inserts at the cursor and moves behind it. Line ends become line feeds,
  /// other control characters are dropped, ill-formed parts become U+FFFD.
  void insert(std::string_view text);
  /// Replaces [begin, end) and moves behind the replacement.
  void replace(size_t begin, size_t end, std::string_view text);

  void moveTo(size_t position) { at = position; }
  /// Places to move to, or to erase up to, from the cursor.
  size_t start() const { return 0; }
  size_t end() const { return bytes.size(); }
  size_t left() const;
  size_t right() const;
  size_t lineStart() const;
  size_t lineEnd() const;
  size_t wordLeft() const;
  size_t wordRight() const;
  /// As Unix counts words: whatever is not blank.
  size_t blankLeft() const;

  /// Erases between the cursor and `position`.
  void eraseTo(size_t position);
  /// Erases as eraseTo and keeps the text for yank(); kills in a row, without
  /// another command in between, are kept together.
  void killTo(size_t position, bool isInARow);
  void yank();
  /// Exchanges the clusters on both sides of the cursor and moves on.
  void transpose();
  /// Takes back the last change; characters typed in a row are one.
  void undo();

private:
  /// One replacement: `removed` stood where `inserted` bytes stand now.
  struct Change {
    size_t position;
    size_t inserted;
    size_t removedAt, removedBytes; ///< in `removed`
    size_t cursorBefore;
  };
  void splice(size_t begin, size_t end, std::string_view text);
  void change(size_t begin, size_t end, std::string_view text);

  base::Array<char> bytes;
  size_t at = 0;
  base::Array<char> killed;
  base::Array<Change> changes;
  base::Array<char> removed;
  base::Array<char> cleaned; ///< working memory of insert()
};

/// Appends `text` as EditBuffer::insert takes it.
void appendClean(std::string_view text, base::Array<char> &out);

} // namespace tritc::terminal
