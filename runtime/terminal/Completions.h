//===- Completions.h - What Tab may put in --------------------------------===//
#pragma once

#include "runtime/base/Array.h"

#include <string_view>

namespace tritc::terminal {

/// Candidates for the word that ends the text.
class Completions {
public:
  /// The text up to `start` stays, a candidate takes the place of the rest.
  explicit Completions(std::string_view text) : text(text) {}

  /// What is to be completed. Cut it to the last word with startAt().
  std::string_view word() const {
    return {text.data() + from, text.size() - from};
  }
  size_t start() const { return from; }
  void startAt(size_t position) { from = position; }

  /// Adds a candidate, if it begins with word().
  void offer(std::string_view candidate);
  /// Adds names of files that begin with word(); those of folders end in '/'.
  void offerFiles();

  size_t size() const { return candidates.size(); }
  std::string_view operator[](size_t index) const {
    return {names.data() + candidates[index].begin, candidates[index].bytes};
  }
  /// What all candidates begin with.
  std::string_view common() const;

private:
  struct Candidate {
    size_t begin, bytes; ///< in `names`
  };
  std::string_view text;
  size_t from = 0;
  base::Array<Candidate> candidates;
  base::Array<char> names;
};

} // namespace tritc::terminal
