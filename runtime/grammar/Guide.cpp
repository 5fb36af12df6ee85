//===- Guide.cpp - What one answer has to look like -----------------------===//

#include "runtime/grammar/Guide.h"

using namespace tritc;
using namespace tritc::grammar;

void Guide::begin(std::span<const int32_t> said) {
  if (matcher) {
    matcher->restart();
  } else {
    automaton.reset(
        base::create<Automaton>(grammar, vocabulary, stateBytes, maskBytes));
    matcher.reset(base::create<Matcher>(*automaton));
    mask.resize(vocabulary.words());
  }
  for (int32_t id : said)
    matcher->accept(id);
}

bool Guide::allowed(std::span<const uint64_t> &bits) {
  bits = mask;
  return matcher->allowed(mask);
}
