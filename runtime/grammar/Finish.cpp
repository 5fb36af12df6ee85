//===- Finish.cpp - From parts to a grammar -------------------------------===//

#include "runtime/grammar/Analysis.h"

using namespace tritc;
using namespace tritc::grammar;

/// Where a step leads to a state that only jumps on, it leads there at once: so
/// a call that is the last thing in its rule is seen to be that.
void Builder::skipJumps(Grammar &grammar) const {
  // Each state once, so that a long chain is not walked from each of its
  // links: what is behind the last one is behind all.
  base::Array<uint32_t> final;
  final.resize(stateCount);
  for (uint32_t state = 0; state < stateCount; ++state)
    final[state] = UINT32_MAX;
  base::Array<uint32_t> chain;
  for (uint32_t state = 0; state < stateCount; ++state) {
    chain.clear();
    uint32_t last = state;
    while (final[last] == UINT32_MAX && chain.size() < stateCount) {
      auto next = grammar.edgesOf(last);
      if (grammar.ends[last] || next.size() != 1 || next[0].kind != Edge::Jump)
        break;
      chain.push(last);
      final[last] = last; // a circle of jumps ends here
      last = next[0].target;
    }
    uint32_t target = final[last] == UINT32_MAX ? last : final[last];
    final[last] = target;
    for (uint32_t link : chain)
      final[link] = target;
  }
  for (Edge &edge : grammar.edges)
    edge.target = final[edge.target];
  for (Repeat &repeat : grammar.repeats)
    repeat.target = final[repeat.target];
  for (uint32_t &start : grammar.starts)
    start = final[start];
}

void Builder::makeClasses(Grammar &grammar) {
  bool begins[257] = {true};
  for (const Edge &edge : grammar.edges)
    if (edge.kind == Edge::Bytes)
      begins[edge.first] = begins[edge.last + 1] = true;
  uint32_t current = 0;
  for (unsigned byte = 0; byte < 256; ++byte) {
    if (byte && begins[byte])
      ++current;
    if (begins[byte])
      grammar.examples[current] = static_cast<uint8_t>(byte);
    grammar.classes[byte] = static_cast<uint8_t>(current);
  }
  grammar.classCount = current + 1;
}

base::Failure Builder::finish(uint32_t root, Grammar &grammar) {
  auto tooLarge = [&] {
    return base::fail(base::Usage,
                      "the grammar is too large: expected at most %zu rules, "
                      "%zu states and %zu steps, found more %s",
                      mostRules, mostStates, mostEdges, full);
  };
  if (full)
    return tooLarge();
  grammar.root = root;
  sortInto(grammar);
  Analysis analysis(*this, grammar);
  if (base::Failure failure = analysis.expandEmptyRepeats())
    return failure;
  if (full)
    return tooLarge();
  if (base::Failure failure = analysis.refuseLeftRecursion())
    return failure;
  if (base::Failure failure = analysis.dropDeadEnds())
    return failure;
  skipJumps(grammar);
  makeClasses(grammar);
  return {};
}
