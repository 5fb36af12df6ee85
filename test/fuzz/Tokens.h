//===- Tokens.h - Mutations of textual IR ---------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"

#include <map>
#include <random>
#include <string>
#include <vector>

namespace tritc::fuzz {

enum class TokenKind {
  Space, ///< with comments, but for RUN lines
  Flag,  ///< "--lut-plan-image", with its options
  Number,
  Name, ///< of operations, keys, types, values, symbols
  Text, ///< in quotation marks
  Other
};

struct Token {
  TokenKind kind;
  std::string text;
};

std::vector<Token> tokensOf(llvm::StringRef text);

/// Exchanges tokens of a text, also for those of texts that it has been shown,
/// and makes numbers extreme.
class TokenMutator {
public:
  /// Keeps the tokens of `text`, each once.
  void learn(llvm::StringRef text);
  /// One to eight changes.
  std::string mutate(llvm::StringRef text, unsigned seed);

private:
  using Tokens = std::vector<Token>;
  void change(Tokens &tokens);
  void replace(Token &token);
  void erasePhrase(Tokens &tokens, size_t from);
  size_t below(size_t count) { return random() % count; }

  std::map<TokenKind, std::vector<std::string>> known;
  llvm::StringSet<> seen;
  std::mt19937 random;
};

} // namespace tritc::fuzz
