//===- History.h - What was written before, across sessions ---------------===//
#pragma once

#include "runtime/base/Array.h"

#include <string_view>

namespace tritc::terminal {

/// Texts that were sent, oldest first, and a file that keeps them. An entry is
/// a line of the file; line feeds and backslashes in it are escaped.
class History {
public:
  static constexpr size_t mostEntries = 1000;
  /// Longer ones are not written to the file.
  static constexpr size_t longestKept = 16384;

  /// Reads the file and appends to it from now on. Folder and file are made
  /// when there is something to keep, for this user alone. Without a call, or
  /// where the file cannot be used, entries last as long as the process.
  void open(std::string_view path);
  /// Adds an entry, unless it is empty or the same as the last.
  void add(std::string_view text);

  size_t size() const { return entries.size(); }
  /// \pre index < size(); 0 is the oldest
  std::string_view operator[](size_t index) const {
    return {texts.data() + entries[index].begin, entries[index].bytes};
  }
  /// The newest entry before `end` that contains `words` whatever the case of
  /// its ASCII letters. \returns false if there is none.
  bool findBefore(size_t end, std::string_view words, size_t &index) const;
  /// The oldest entry after `begin` that contains `words`.
  bool findAfter(size_t begin, std::string_view words, size_t &index) const;

private:
  struct Entry {
    size_t begin, bytes; ///< in `texts`
  };
  void remember(std::string_view text);
  void load(std::string_view file);
  int openFile(bool creates);
  void rewrite(std::string_view content);

  base::Array<Entry> entries;
  base::Array<char> texts;
  base::Array<char> path; ///< with a zero at its end; empty: no file
};

/// $XDG_STATE_HOME/tritc/history, or ~/.local/state/tritc/history; empty when
/// the environment names neither by an absolute path.
void historyPath(base::Array<char> &path);

} // namespace tritc::terminal
