//===- Builder.cpp - Putting a grammar together ---------------------------===//

#include "runtime/grammar/Builder.h"

using namespace tritc;
using namespace tritc::grammar;

uint32_t Builder::state() {
  if (stateCount >= mostStates) {
    full = "states";
    return 0;
  }
  return static_cast<uint32_t>(stateCount++);
}

void Builder::add(uint32_t from, Edge edge) {
  if (edges.size() >= mostEdges)
    full = "steps";
  if (!full)
    edges.push({from, edge});
}

void Builder::repeat(uint32_t from, uint32_t rule, uint32_t least,
                     uint32_t most, uint32_t to) {
  uint32_t index = static_cast<uint32_t>(repeats.size());
  repeats.push({rule, least, most, to});
  add(from, {.kind = Edge::Repeat,
             .first = 0,
             .last = 0,
             .target = to,
             .rule = index});
}

uint32_t Builder::literal(uint32_t from, std::string_view text) {
  for (char c : text) {
    uint32_t next = state();
    uint8_t byte = static_cast<uint8_t>(c);
    bytes(from, byte, byte, next);
    from = next;
  }
  return from;
}

uint32_t Builder::rule(std::string_view name, uint32_t line) {
  if (rules.size() >= mostRules) {
    full = "rules";
    return 0;
  }
  // A part of a rule has its name, and shares it.
  uint32_t begin = static_cast<uint32_t>(names.size());
  bool isShared = name.data() >= names.data() &&
                  name.data() + name.size() <= names.data() + names.size();
  if (isShared)
    begin = static_cast<uint32_t>(name.data() - names.data());
  else
    names.append(name);
  rules.push({.start = UINT32_MAX,
              .end = UINT32_MAX,
              .nameBegin = begin,
              .nameEnd = begin + static_cast<uint32_t>(name.size()),
              .line = line});
  return static_cast<uint32_t>(rules.size() - 1);
}

void Builder::define(uint32_t rule, Fragment body) {
  if (full)
    return;
  rules[rule].start = body.start;
  rules[rule].end = body.end;
}

std::string_view Builder::nameOf(uint32_t rule) const {
  return {names.data() + rules[rule].nameBegin,
          rules[rule].nameEnd - rules[rule].nameBegin};
}

/// Lays the edges out by the state they leave, in the order they came.
void Builder::sortInto(Grammar &grammar) {
  auto &first = grammar.firstEdges;
  first.resize(0);
  first.resize(stateCount + 1);
  for (const From &from : edges)
    ++first[from.state + 1];
  for (size_t state = 0; state < stateCount; ++state)
    first[state + 1] += first[state];
  base::Array<uint32_t> next;
  next.append(first);
  grammar.edges.resize(edges.size());
  for (const From &from : edges)
    grammar.edges[next[from.state]++] = from.edge;

  grammar.ends.resize(0);
  grammar.ends.resize(stateCount);
  grammar.starts.clear();
  for (const Rule &rule : rules) {
    grammar.ends[rule.end] = true;
    grammar.starts.push(rule.start);
  }
  grammar.repeats.clear();
  grammar.repeats.append(repeats);
}
