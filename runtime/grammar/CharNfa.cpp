//===- CharNfa.cpp - Sets of texts, by characters -------------------------===//

#include "runtime/grammar/CharNfa.h"
#include "runtime/grammar/Table.h"
#include "runtime/text/Utf8.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::grammar;

namespace {
/// Steps and jumps of each state.
struct Index {
  base::Array<uint32_t> firstStep, firstJump;
  base::Array<CharNfa::Step> steps;
  base::Array<CharNfa::Jump> jumps;

  explicit Index(const CharNfa &nfa) {
    sort(nfa.steps, nfa.stateCount, firstStep, steps);
    sort(nfa.jumps, nfa.stateCount, firstJump, jumps);
  }
  std::span<const CharNfa::Step> stepsOf(uint32_t state) const {
    return {steps.begin() + firstStep[state],
            steps.begin() + firstStep[state + 1]};
  }
  std::span<const CharNfa::Jump> jumpsOf(uint32_t state) const {
    return {jumps.begin() + firstJump[state],
            jumps.begin() + firstJump[state + 1]};
  }

private:
  template <typename T>
  static void sort(const base::Array<T> &all, uint32_t stateCount,
                   base::Array<uint32_t> &first, base::Array<T> &sorted) {
    first.resize(stateCount + 1);
    for (const T &one : all)
      ++first[one.from + 1];
    for (uint32_t state = 0; state < stateCount; ++state)
      first[state + 1] += first[state];
    base::Array<uint32_t> next;
    next.append(first);
    sorted.resize(all.size());
    for (const T &one : all)
      sorted[next[one.from]++] = one;
  }
};
} // namespace

bool CharNfa::has(std::string_view text) const {
  Index index(*this);
  base::Array<uint32_t> current, next;
  base::Array<bool> isIn;
  auto reach = [&](base::Array<uint32_t> &list, uint32_t state) {
    if (isIn[state])
      return;
    isIn[state] = true;
    list.push(state);
  };
  auto close = [&](base::Array<uint32_t> &list) {
    for (size_t i = 0; i < list.size(); ++i)
      for (const Jump &jump : index.jumpsOf(list[i]))
        reach(list, jump.to);
  };
  isIn.resize(stateCount);
  reach(current, start);
  close(current);
  for (size_t at = 0; at < text.size();) {
    text::CodePoint found = text::decodeUtf8(text, at);
    at += found.length;
    next.clear();
    isIn.resize(0);
    isIn.resize(stateCount);
    for (uint32_t state : current)
      for (const Step &step : index.stepsOf(state))
        if (step.range.first <= found.value && found.value <= step.range.last)
          reach(next, step.to);
    close(next);
    std::swap(current, next);
  }
  return std::find(current.begin(), current.end(), end) != current.end();
}

bool CharNfa::isNothing() const {
  Index index(*this);
  base::Array<uint32_t> reached;
  base::Array<bool> isIn;
  isIn.resize(stateCount);
  isIn[start] = true;
  reached.push(start);
  auto reach = [&](uint32_t state) {
    if (!isIn[state])
      reached.push(state);
    isIn[state] = true;
  };
  for (size_t i = 0; i < reached.size(); ++i) {
    uint32_t state = reached[i];
    for (const Step &step : index.stepsOf(state))
      reach(step.to);
    for (const Jump &jump : index.jumpsOf(state))
      reach(jump.to);
  }
  return !isIn[end];
}

bool CharNfa::ofLength(uint32_t least, uint32_t most, CharNfa &made) {
  bool isEndless = most == UINT32_MAX;
  uint32_t last = isEndless ? least : most;
  if (last >= mostStates)
    return false;
  made = CharNfa();
  made.end = last + 1;
  made.stateCount = last + 2;
  for (uint32_t length = 0; length <= last; ++length) {
    if (length < last)
      made.step(length, everyChar, length + 1);
    if (length >= least)
      made.jump(length, made.end);
  }
  if (isEndless)
    made.step(last, everyChar, last);
  return true;
}

CharNfa CharNfa::ofTexts(std::span<const std::string_view> texts) {
  CharNfa nfa;
  nfa.start = nfa.state();
  nfa.end = nfa.state();
  for (std::string_view text : texts) {
    uint32_t state = nfa.start;
    for (size_t at = 0; at < text.size();) {
      text::CodePoint found = text::decodeUtf8(text, at);
      at += found.length;
      uint32_t next = nfa.state();
      nfa.step(state, CharRange{found.value, found.value}, next);
      state = next;
    }
    nfa.jump(state, nfa.end);
  }
  return nfa;
}

/// A tree of the texts that are out, which every other character leaves for
/// where everything is in.
CharNfa CharNfa::butTexts(std::span<const std::string_view> texts) {
  CharNfa nfa;
  nfa.start = nfa.state();
  nfa.end = nfa.state();
  uint32_t anything = nfa.state();
  nfa.step(anything, everyChar, anything);
  nfa.jump(anything, nfa.end);
  struct Branch {
    uint32_t value, to;
  };
  struct Node {
    uint32_t state;
    bool isOut;
  };
  // Steps of the tree are found by their state and character.
  base::Array<Node> nodes;
  Table table;
  auto find = [&](uint32_t from, uint32_t value) {
    return table.find(Table::mix(from, value), [&](uint32_t i) {
      return nfa.steps[i].from == from && nfa.steps[i].range.first == value &&
             nfa.steps[i].to != anything;
    });
  };
  nodes.push({nfa.start, false});
  base::Array<uint32_t> nodeOf;
  nodeOf.resize(3);
  for (std::string_view text : texts) {
    uint32_t state = nfa.start;
    for (size_t at = 0; at < text.size();) {
      text::CodePoint found = text::decodeUtf8(text, at);
      at += found.length;
      uint32_t known = find(state, found.value);
      if (known == Table::none) {
        uint32_t next = nfa.state();
        table.insert(Table::mix(state, found.value),
                     static_cast<uint32_t>(nfa.steps.size()));
        nfa.step(state, CharRange{found.value, found.value}, next);
        nodeOf.push(static_cast<uint32_t>(nodes.size()));
        nodes.push({next, false});
        state = next;
      } else {
        state = nfa.steps[known].to;
      }
    }
    nodes[nodeOf[state]].isOut = true;
  }
  Index tree(nfa);
  CharSet others;
  for (const Node &node : nodes) {
    others.clear();
    for (const Step &step : tree.stepsOf(node.state))
      others.add(step.range.first, step.range.last);
    others.settle();
    others.complement();
    nfa.step(node.state, others.ranges(), anything);
    if (!node.isOut)
      nfa.jump(node.state, nfa.end);
  }
  return nfa;
}

bool CharNfa::both(const CharNfa &a, const CharNfa &b, CharNfa &made) {
  Index first(a), second(b);
  made = CharNfa();
  struct Pair {
    uint32_t a, b;
  };
  base::Array<Pair> pairs;
  Table table;
  auto stateOf = [&](uint32_t inA, uint32_t inB) {
    uint64_t hash = Table::mix(inA, inB);
    uint32_t known = table.find(hash, [&](uint32_t i) {
      return pairs[i].a == inA && pairs[i].b == inB;
    });
    if (known != Table::none)
      return known;
    table.insert(hash, made.stateCount);
    pairs.push({inA, inB});
    return made.state();
  };
  size_t compared = 0;
  made.start = stateOf(a.start, b.start);
  made.end = stateOf(a.end, b.end);
  for (uint32_t state = 0; state < made.stateCount; ++state) {
    if (made.isTooLarge())
      return false;
    auto [inA, inB] = pairs[state];
    for (const Jump &jump : first.jumpsOf(inA))
      made.jump(state, stateOf(jump.to, inB));
    for (const Jump &jump : second.jumpsOf(inB))
      made.jump(state, stateOf(inA, jump.to));
    compared += first.stepsOf(inA).size() * second.stepsOf(inB).size();
    if (compared > 20 * mostSteps)
      return false;
    for (const Step &one : first.stepsOf(inA))
      for (const Step &other : second.stepsOf(inB)) {
        CharRange range = {std::max(one.range.first, other.range.first),
                           std::min(one.range.last, other.range.last)};
        if (range.first <= range.last)
          made.step(state, range, stateOf(one.to, other.to));
      }
  }
  return true;
}
