//===- Analysis.cpp - What holds of a whole grammar -----------------------===//

#include "runtime/grammar/Analysis.h"

using namespace tritc;
using namespace tritc::grammar;

static constexpr uint32_t none = UINT32_MAX;

void Analysis::Lists::reset(size_t keys) {
  links.clear();
  heads.resize(keys);
  for (uint32_t &head : heads)
    head = none;
}

void Analysis::Lists::add(uint32_t key, uint32_t value) {
  links.push({value, heads[key]});
  heads[key] = static_cast<uint32_t>(links.size() - 1);
}

void Analysis::reach(uint32_t state, uint32_t owner) {
  if (owners[state] != none)
    return;
  owners[state] = owner;
  stack.push(state);
}

/// Which rules have the empty text, and which states their starts lead to
/// without a byte. A step whose rule is not known to be empty waits for it.
void Analysis::findEmpty() {
  size_t ruleCount = grammar.starts.size();
  isNullable.resize(0);
  isNullable.resize(ruleCount);
  owners.resize(grammar.ends.size());
  for (uint32_t &owner : owners)
    owner = none;
  waiting.reset(ruleCount);
  stack.clear();
  for (uint32_t rule = 0; rule < ruleCount; ++rule)
    reach(grammar.starts[rule], rule);
  while (!stack.empty()) {
    uint32_t state = stack.back();
    stack.pop();
    uint32_t owner = owners[state];
    if (grammar.ends[state] && !isNullable[owner]) {
      isNullable[owner] = true;
      for (uint32_t link = waiting.heads[owner]; link != none;
           link = waiting.links[link].next) {
        // The target belongs to the rule of whoever waits: found below.
        uint32_t from = waiting.links[link].value;
        for (const Edge &edge : grammar.edgesOf(from))
          if (edge.kind != Edge::Bytes && edge.kind != Edge::Jump &&
              ruleOf(edge) == owner)
            reach(edge.target, owners[from]);
      }
      waiting.heads[owner] = none;
    }
    for (const Edge &edge : grammar.edgesOf(state)) {
      if (edge.kind == Edge::Bytes)
        continue;
      bool isOptional =
          edge.kind == Edge::Jump || isNullable[ruleOf(edge)] ||
          (edge.kind == Edge::Repeat && grammar.repeats[edge.rule].least == 0);
      if (isOptional)
        reach(edge.target, owner);
      else
        waiting.add(ruleOf(edge), state);
    }
  }
}

base::Failure Analysis::expandEmptyRepeats() {
  findEmpty();
  bool isChanged = false;
  for (size_t i = 0, count = builder.edges.size(); i < count; ++i) {
    Builder::From from = builder.edges[i];
    if (from.edge.kind != Edge::Repeat)
      continue;
    Repeat repeat = builder.repeats[from.edge.rule];
    if (!isNullable[repeat.rule])
      continue;
    isChanged = true;
    uint32_t at = builder.state();
    builder.edges[i].edge = {
        .kind = Edge::Jump, .first = 0, .last = 0, .target = at, .rule = 0};
    builder.jump(at, repeat.target);
    if (repeat.most == Grammar::unbounded) {
      builder.call(at, repeat.rule, at);
      continue;
    }
    if (repeat.most > Builder::mostEmptyRepeats)
      return base::fail(base::Usage,
                        "rule '%.*s': a part that may be empty is repeated up "
                        "to %u times, expected at most %u",
                        static_cast<int>(builder.nameOf(repeat.rule).size()),
                        builder.nameOf(repeat.rule).data(), repeat.most,
                        Builder::mostEmptyRepeats);
    for (uint32_t copy = 0; copy < repeat.most && !builder.isFull(); ++copy) {
      uint32_t next = builder.state();
      builder.call(at, repeat.rule, next);
      builder.jump(next, repeat.target);
      at = next;
    }
  }
  if (isChanged && !builder.isFull()) {
    builder.sortInto(grammar);
    findEmpty();
  }
  return {};
}

base::Failure Analysis::refuseCircle(uint32_t rule) const {
  std::string_view name = builder.nameOf(rule);
  uint32_t line = builder.lineOf(rule);
  int length = static_cast<int>(std::min<size_t>(name.size(), 100));
  if (line)
    return base::fail(base::Malformed,
                      "line %u: rule '%.*s' begins with itself", line, length,
                      name.data());
  return base::fail(base::Usage,
                    "%.*s: expected a schema, found one that "
                    "refers to itself without anything between",
                    length, name.data());
}

base::Failure Analysis::refuseLeftRecursion() {
  size_t ruleCount = grammar.starts.size();
  Lists first; // by rule: the rules that may stand at its beginning
  first.reset(ruleCount);
  for (uint32_t state = 0; state < owners.size(); ++state)
    if (owners[state] != none)
      for (const Edge &edge : grammar.edgesOf(state))
        if (edge.kind == Edge::Call || edge.kind == Edge::Repeat)
          first.add(owners[state], ruleOf(edge));

  enum Color : uint8_t { New, Open, Done };
  base::Array<Color> colors;
  colors.resize(ruleCount);
  // first.heads[rule] is the next one to look at.
  for (uint32_t rule = 0; rule < ruleCount; ++rule) {
    if (colors[rule] != New)
      continue;
    stack.clear();
    stack.push(rule);
    colors[rule] = Open;
    while (!stack.empty()) {
      uint32_t at = stack.back();
      uint32_t link = first.heads[at];
      if (link == none) {
        colors[at] = Done;
        stack.pop();
        continue;
      }
      first.heads[at] = first.links[link].next;
      uint32_t next = first.links[link].value;
      if (colors[next] == Open)
        return refuseCircle(next);
      if (colors[next] == New) {
        colors[next] = Open;
        stack.push(next);
      }
    }
  }
  return {};
}

namespace {
/// Values to be looked at, those of the lowest height first.
class ByHeight {
public:
  ByHeight() {
    for (uint32_t &head : heads)
      head = none;
  }
  void push(uint32_t value, uint32_t height) {
    if (height > Grammar::mostDepth)
      return;
    links.push({value, heads[height]});
    heads[height] = static_cast<uint32_t>(links.size() - 1);
  }
  /// The next one; false if there is none. None is pushed below `height`.
  bool pop(uint32_t &value, uint32_t &height) {
    for (; current <= Grammar::mostDepth; ++current) {
      uint32_t head = heads[current];
      if (head == none)
        continue;
      heads[current] = links[head].next;
      value = links[head].value;
      height = current;
      return true;
    }
    return false;
  }

private:
  struct Link {
    uint32_t value, next;
  };
  uint32_t heads[Grammar::mostDepth + 1];
  base::Array<Link> links;
  uint32_t current = 0;
};
} // namespace

base::Failure Analysis::dropDeadEnds() {
  constexpr uint16_t unknown = UINT16_MAX;
  size_t stateCount = grammar.ends.size(), ruleCount = grammar.starts.size();
  auto &heights = grammar.heights;
  heights.resize(stateCount);
  for (uint16_t &height : heights)
    height = unknown;

  Lists into;    // by state: edges that lead to it, as indices
  Lists callers; // by rule: edges that need it
  Lists starts;  // by state: rules that begin there
  into.reset(stateCount);
  callers.reset(ruleCount);
  starts.reset(stateCount);
  base::Array<uint32_t> sources;
  sources.resize(grammar.edges.size());
  for (uint32_t state = 0; state < stateCount; ++state)
    for (const Edge &edge : grammar.edgesOf(state)) {
      uint32_t index = static_cast<uint32_t>(&edge - grammar.edges.data());
      sources[index] = state;
      into.add(edge.target, index);
      if (edge.kind == Edge::Call || edge.kind == Edge::Repeat)
        callers.add(ruleOf(edge), index);
    }
  for (uint32_t rule = 0; rule < ruleCount; ++rule)
    starts.add(grammar.starts[rule], rule);

  ByHeight order;
  auto consider = [&](uint32_t index) {
    const Edge &edge = grammar.edges[index];
    uint32_t behind = heights[edge.target];
    if (behind == unknown || heights[sources[index]] != unknown)
      return;
    bool needsRule =
        edge.kind == Edge::Call ||
        (edge.kind == Edge::Repeat && grammar.repeats[edge.rule].least > 0);
    if (needsRule) {
      uint32_t inside = heights[grammar.starts[ruleOf(edge)]];
      if (inside == unknown)
        return;
      behind = std::max(behind, inside + 1);
    }
    order.push(sources[index], behind);
  };
  for (uint32_t state = 0; state < stateCount; ++state)
    if (grammar.ends[state])
      order.push(state, 0);
  uint32_t state, height;
  while (order.pop(state, height)) {
    if (heights[state] != unknown)
      continue;
    heights[state] = static_cast<uint16_t>(height);
    for (uint32_t link = into.heads[state]; link != none;
         link = into.links[link].next)
      consider(into.links[link].value);
    for (uint32_t link = starts.heads[state]; link != none;
         link = starts.links[link].next) {
      uint32_t rule = starts.links[link].value;
      for (uint32_t call = callers.heads[rule]; call != none;
           call = callers.links[call].next)
        consider(callers.links[call].value);
    }
  }

  if (heights[grammar.starts[grammar.root]] == unknown)
    return base::fail(base::Usage, "the grammar has no text of an end");
  uint32_t kept = 0;
  for (uint32_t from = 0; from < stateCount; ++from) {
    auto old = grammar.edgesOf(from);
    grammar.firstEdges[from] = kept;
    for (const Edge &edge : old) {
      bool isDead = heights[edge.target] == unknown;
      if (edge.kind == Edge::Call || edge.kind == Edge::Repeat) {
        bool isRuleDead = heights[grammar.starts[ruleOf(edge)]] == unknown;
        isDead |= edge.kind == Edge::Call && isRuleDead;
        if (edge.kind == Edge::Repeat && isRuleDead && !isDead) {
          isDead = grammar.repeats[edge.rule].least > 0;
          grammar.repeats[edge.rule].most = 0;
        }
      }
      if (!isDead)
        grammar.edges[kept++] = edge;
    }
  }
  grammar.firstEdges[stateCount] = kept;
  grammar.edges.resize(kept);
  return {};
}
