//===- Guides.cpp - Which texts answers may be ----------------------------===//

#include "runtime/schedule/Guides.h"

using namespace tritc;
using namespace tritc::schedule;

const grammar::Vocabulary &Guides::tokens() {
  pthread_mutex_lock(&lock);
  if (!vocabulary)
    vocabulary.reset(base::create<grammar::Vocabulary>(
        model.tokenizer, model.image.vocabSize, model.stopTokens()));
  pthread_mutex_unlock(&lock);
  return *vocabulary;
}

base::Failure Guides::make(Format format, std::string_view text,
                           base::Owned<grammar::Guide> &guide) {
  if (format == Format::Text)
    return {};
  // There may be as many as jobs run side by side; more is forgotten and made
  // again.
  constexpr size_t stateBytes = 8 << 20, maskBytes = 4 << 20;
  guide.reset(base::create<grammar::Guide>(tokens(), stateBytes, maskBytes));
  grammar::Grammar &grammar = guide->grammar;
  if (format == Format::Gbnf)
    return grammar::Grammar::fromGbnf(text, grammar);
  if (format == Format::Schema)
    return grammar::Grammar::fromJsonSchema(text, grammar);
  grammar = grammar::Grammar::anyJson();
  return {};
}
