//===- Vocabulary.h - Tokens and merges of a synthetic tokenizer ----------===//
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tritc::synth {

struct Vocabulary {
  std::vector<std::string> tokens; ///< raw bytes; index = id
  /// Pairs of ids, the first has the lowest rank. Both parts and their
  /// concatenation are tokens.
  std::vector<std::pair<uint32_t, uint32_t>> merges;
  std::vector<std::string> specials; ///< ids continue after `tokens`
};

/// Builds a byte-level vocabulary of `vocab` ids in the manner of Llama-3: the
/// 256 bytes in the order of the byte alphabet, tokens learnt from a word list,
/// then compounds of learnt tokens for as long as ids are left, then special
/// tokens. Merges are every split of every token into two tokens, ordered by
/// the id of the result: the order in which published vocabularies were
/// converted from their rank lists, so that ranks and merges agree.
/// \param vocab  at least smallestVocab
Vocabulary buildVocabulary(uint64_t vocab);

/// The first `count` tokens of such a vocabulary, as raw bytes.
std::vector<std::string> learnTokens(uint64_t count);

/// The 256 byte values in the order of the byte alphabet's characters: first
/// the bytes that stand for themselves.
const std::vector<uint8_t> &alphabetOrder();

/// The character that stands for `byte` in tokenizer files, as UTF-8.
std::string alphabetCharacter(uint8_t byte);

} // namespace tritc::synth
