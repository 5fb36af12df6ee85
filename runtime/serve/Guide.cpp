//===- Guide.cpp - What a job's answer has to look like -------------------===//

#include "runtime/serve/Guide.h"

using namespace tritc;
using namespace tritc::serve;

// There may be as many as jobs run side by side; more is forgotten and made
// again.
static constexpr size_t stateBytes = 8 << 20, maskBytes = 4 << 20;

void Guide::begin() {
  matcher.reset(); // it refers to the automaton
  automaton.reset(base::create<grammar::Automaton>(grammar, vocabulary,
                                                   stateBytes, maskBytes));
  matcher.reset(base::create<grammar::Matcher>(*automaton));
  mask.resize(vocabulary.words());
}

bool Guide::allowed(std::span<const uint64_t> &bits) {
  bits = mask;
  return matcher->allowed(mask);
}
