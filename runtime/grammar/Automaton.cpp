//===- Automaton.cpp - A grammar that is followed byte by byte ------------===//

#include "runtime/grammar/Automaton.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::grammar;

Automaton::Automaton(const Grammar &grammar, const Vocabulary &vocabulary,
                     size_t stateBytes, size_t maskBytes)
    : grammar(grammar), words(vocabulary), stateBytes(stateBytes),
      maskCount(std::max<size_t>(
          4, maskBytes / (8 * std::max<size_t>(vocabulary.words(), 1)))),
      mostItems(std::min<size_t>(grammar.ends.size(), 65536) + mostReadings) {
  size_t slots = 64;
  while (slots < 8 * mostItems)
    slots *= 2;
  marks.resize(slots);
  begin();
}

uint32_t Automaton::hold() {
  if (freePlaces.empty()) {
    held.push(startState);
    return static_cast<uint32_t>(held.size() - 1);
  }
  uint32_t place = freePlaces.back();
  freePlaces.pop();
  held[place] = startState;
  return place;
}

void Automaton::letGo(uint32_t place) {
  held[place] = dead;
  freePlaces.push(place);
}

bool Automaton::advance(uint32_t place, uint8_t byte) {
  forgetIfFull();
  uint32_t state = step(held[place], byte);
  if (state == dead)
    return false;
  held[place] = state;
  return true;
}

//===----------------------------------------------------------------------===//
// States
//===----------------------------------------------------------------------===//

/// The dead state, the bottom of all stacks, and the state before any byte.
void Automaton::begin() {
  usedBytes = 0;
  frames.push({.parent = 0, .place = 0, .count = 0, .depth = 0, .likeness = 0});
  foundEnd = false;
  found.clear();
  internState();
  if (grammar.isEmpty())
    return;
  beginStep();
  visit(grammar.starts[grammar.root], 0);
  close();
  startState = internState();
}

void Automaton::beginStep() {
  visited.clear();
  if (++round != 0)
    return;
  memset(static_cast<void *>(marks.data()), 0, marks.size() * sizeof(Mark));
  round = 1;
}

uint32_t Automaton::makeStep(uint32_t state, size_t at) {
  const State from = states[state];
  uint8_t byte = grammar.examples[at - size_t{state} * grammar.classCount];
  beginStep();
  for (uint32_t i = 0; i < from.itemCount; ++i) {
    Item item = items[from.firstItem + i];
    for (const Edge &edge : grammar.edgesOf(item.state))
      if (edge.kind == Edge::Bytes && edge.first <= byte && byte <= edge.last)
        visit(edge.target, item.frame);
  }
  close();
  uint32_t to = internState();
  next[at] = to;
  return to;
}

/// Takes note of a reading that has to be followed up, once in a step.
void Automaton::visit(uint32_t state, uint32_t frame) {
  if (frames[frame].depth + grammar.heights[state] > Grammar::mostDepth ||
      visited.size() >= marks.size() / 2)
    return;
  Item item = {state, frame};
  size_t mask = marks.size() - 1;
  size_t slot = Table::mix(state, frame) & mask;
  for (; marks[slot].round == round; slot = (slot + 1) & mask)
    if (marks[slot].item == item)
      return;
  marks[slot] = {item, round};
  visited.push(item);
}

/// Enters a rule whose text is followed by `place`.
void Automaton::enter(uint32_t rule, uint32_t place, uint32_t count,
                      uint32_t parent) {
  uint32_t start = grammar.starts[rule];
  uint32_t depth = frames[parent].depth + 1;
  if (depth + grammar.heights[start] > Grammar::mostDepth)
    return;
  // What is last in its rule returns to where that rule does: a list that is a
  // first element and a list does not grow the stack.
  bool isLast = !(place & repeatBit) && grammar.ends[place] &&
                grammar.edgesOf(place).empty();
  if (!isLast)
    parent = internFrame({.parent = parent,
                          .place = place,
                          .count = count,
                          .depth = depth,
                          .likeness = Table::none});
  visit(start, parent);
}

void Automaton::enterRepeat(uint32_t index, uint32_t count, uint32_t parent) {
  const Repeat &repeat = grammar.repeats[index];
  if (count >= repeat.least)
    visit(repeat.target, parent);
  if (count >= repeat.most)
    return;
  // Without an end, counting is over once there are enough.
  uint32_t counted = repeat.most == Grammar::unbounded
                         ? std::min(count + 1, std::max(repeat.least, 1u))
                         : count + 1;
  enter(repeat.rule, index | repeatBit, counted, parent);
}

/// A text of the rule that `frame` entered is complete.
void Automaton::leave(uint32_t frame) {
  const Frame from = frames[frame];
  if (frame == 0)
    foundEnd = true;
  else if (from.place & repeatBit)
    enterRepeat(from.place & ~repeatBit, from.count, from.parent);
  else
    visit(from.place, from.parent);
}

/// Follows `visited` until every reading waits for a byte: `found`.
void Automaton::close() {
  found.clear();
  foundEnd = false;
  for (size_t i = 0; i < visited.size(); ++i) {
    Item item = visited[i];
    bool waits = false;
    for (const Edge &edge : grammar.edgesOf(item.state)) {
      switch (edge.kind) {
      case Edge::Bytes:
        waits = true;
        break;
      case Edge::Jump:
        visit(edge.target, item.frame);
        break;
      case Edge::Call:
        enter(edge.rule, edge.target, 0, item.frame);
        break;
      case Edge::Repeat:
        enterRepeat(edge.rule, 0, item.frame);
        break;
      }
    }
    if (waits && found.size() < mostItems)
      found.push(item);
    if (grammar.ends[item.state])
      leave(item.frame);
  }
}

uint32_t Automaton::internFrame(const Frame &frame) {
  uint64_t hash = Table::mix(frame.parent, frame.place);
  hash = Table::mix(hash, frame.count);
  uint32_t known = frameTable.find(hash, [&](uint32_t i) {
    return frames[i].parent == frame.parent && frames[i].place == frame.place &&
           frames[i].count == frame.count;
  });
  if (known != Table::none)
    return known;
  uint32_t index = static_cast<uint32_t>(frames.size());
  frames.push(frame);
  frameTable.insert(hash, index);
  usedBytes += sizeof(Frame) + 48;
  return index;
}

/// The state that `found` is.
uint32_t Automaton::internState() {
  uint64_t hash = foundEnd;
  for (Item item : found)
    hash = Table::mix(Table::mix(hash, item.state), item.frame);
  uint32_t known = stateTable.find(hash, [&](uint32_t i) {
    const State &state = states[i];
    return state.mayEnd == foundEnd && state.itemCount == found.size() &&
           std::equal(found.begin(), found.end(),
                      items.begin() + state.firstItem);
  });
  if (known != Table::none)
    return known;
  uint32_t index = static_cast<uint32_t>(states.size());
  states.push({.firstItem = static_cast<uint32_t>(items.size()),
               .itemCount = static_cast<uint32_t>(found.size()),
               .mask = Table::none,
               .mayEnd = foundEnd});
  items.append(found);
  next.resize(next.size() + grammar.classCount);
  for (size_t i = next.size() - grammar.classCount; i < next.size(); ++i)
    next[i] = index == dead ? dead : unknown;
  stateTable.insert(hash, index);
  usedBytes += sizeof(State) + 48 + found.size() * sizeof(Item) +
               grammar.classCount * sizeof(uint32_t);
  return index;
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

void Automaton::forgetIfFull() {
  if (usedBytes > stateBytes)
    forget();
}

/// Keeps the states that are held, and makes all others anew when they are
/// reached again.
void Automaton::forget() {
  ++forgottenCount;
  auto oldStates = static_cast<base::Array<State> &&>(states);
  auto oldItems = static_cast<base::Array<Item> &&>(items);
  auto oldFrames = static_cast<base::Array<Frame> &&>(frames);
  next.clear();
  stateTable.clear();
  frameTable.clear();
  masks.clear();
  begin();

  base::Array<uint32_t> renamed; // by old frame
  renamed.resize(oldFrames.size());
  auto rename = [&](uint32_t frame) {
    chain.clear();
    for (; frame && !renamed[frame]; frame = oldFrames[frame].parent)
      chain.push(frame);
    uint32_t parent = frame ? renamed[frame] : 0;
    while (!chain.empty()) {
      Frame copy = oldFrames[chain.back()];
      copy.parent = parent;
      copy.likeness = Table::none;
      parent = renamed[chain.back()] = internFrame(copy);
      chain.pop();
    }
    return parent;
  };
  for (uint32_t &state : held) {
    if (state == dead)
      continue;
    const State &old = oldStates[state];
    found.clear();
    for (uint32_t i = 0; i < old.itemCount; ++i) {
      Item item = oldItems[old.firstItem + i];
      found.push({item.state, rename(item.frame)});
    }
    foundEnd = old.mayEnd;
    state = internState();
  }
}
