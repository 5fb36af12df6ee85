//===- grammar.cpp - A grammar or a schema, and a walk through it ---------===//
//
// The first byte says which; the text ends at a zero byte, what follows leads
// the walk.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/tokenizer/Tokenizer.h"
#include "compiler/import/tokenizer/TokenizerTables.h"
#include "runtime/grammar/Matcher.h"
#include "test/fuzz/Input.h"
#include "test/unit/text/SmallTokenizer.h"

#include <cstring>
#include <vector>

using namespace tritc;

static const grammar::Vocabulary &vocabulary() {
  static const std::vector<uint8_t> tables = [] {
    auto model = import::parseTokenizerJson(
        test::textOf(test::smallTokenizer()), "tokenizer.json", {});
    return import::buildTokenizerTables(*model);
  }();
  static const text::Tokenizer tokenizer(tables.data());
  static const uint32_t stop = static_cast<uint32_t>(tokenizer.vocabSize());
  static const grammar::Vocabulary words(tokenizer, stop + 1, {&stop, 1});
  return words;
}

/// Follows the grammar as `lead` says. It may only end where a text may.
static void walk(const grammar::Grammar &rules, std::string_view lead) {
  // Little memory: states are forgotten on the way.
  grammar::Automaton automaton(rules, vocabulary(), 100000, 4000);
  grammar::Matcher matcher(automaton);
  std::vector<uint64_t> bits(vocabulary().words());
  for (size_t step = 0; step < std::min<size_t>(lead.size(), 32); ++step) {
    bool isAny = matcher.allowed(bits);
    uint32_t wanted = static_cast<uint8_t>(lead[step]);
    size_t size = vocabulary().size();
    uint32_t next = UINT32_MAX;
    for (uint32_t i = 0; i < size && next == UINT32_MAX; ++i) {
      uint32_t id = static_cast<uint32_t>((wanted + i) % size);
      if (bits[id / 64] >> (id % 64) & 1)
        next = id;
    }
    // The vocabulary has every byte, so nothing ends before its end.
    if (isAny != (next != UINT32_MAX) || (!isAny && !matcher.hasEnded()))
      std::abort();
    if (!isAny)
      return;
    if (!matcher.accept(static_cast<int32_t>(next)))
      std::abort();
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0)
    return 0;
  std::string_view text(reinterpret_cast<const char *>(data) + 1, size - 1);
  size_t end = std::min(text.find('\0'), text.size());
  std::string_view lead = text.substr(std::min(end + 1, text.size()));
  text = text.substr(0, end);
  grammar::Grammar rules;
  base::Failure failure = data[0] & 1
                              ? grammar::Grammar::fromGbnf(text, rules)
                              : grammar::Grammar::fromJsonSchema(text, rules);
  if (!failure) {
    walk(rules, lead);
    return 0;
  }
  // The text is at fault, and it is said in one line.
  bool isInputs =
      failure.code == base::Usage || failure.code == base::Malformed;
  if (!isInputs || !failure.message[0] || strchr(failure.message, '\n'))
    std::abort();
  return 0;
}
