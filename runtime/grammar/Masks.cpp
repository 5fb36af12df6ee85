//===- Masks.cpp - The tokens that may come next --------------------------===//

#include "runtime/grammar/Automaton.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::grammar;

/// A frame from which any one token leads as far as it does from `frame`: a
/// count that is far from its limits is as good as another one. Long strings
/// with a limit have a state for each character, but hardly more masks than
/// those without.
uint32_t Automaton::alikeFrame(uint32_t frame) {
  chain.clear();
  for (; frames[frame].likeness == Table::none; frame = frames[frame].parent)
    chain.push(frame);
  uint32_t parent = frames[frame].likeness;
  uint64_t reach = words.longest() + 2;
  while (!chain.empty()) {
    uint32_t own = chain.back();
    chain.pop();
    Frame copy = frames[own];
    copy.parent = parent;
    copy.likeness = Table::none;
    if (copy.place & repeatBit) {
      const Repeat &repeat = grammar.repeats[copy.place & ~repeatBit];
      if (copy.count + reach < repeat.least)
        copy.count = 1;
      else if (copy.count >= repeat.least &&
               (repeat.most == Grammar::unbounded ||
                copy.count + reach < repeat.most))
        copy.count = std::max(repeat.least, 1u);
    }
    parent = internFrame(copy);
    frames[own].likeness = parent;
    frames[parent].likeness = parent;
  }
  return parent;
}

uint32_t Automaton::alike(uint32_t state) {
  const State old = states[state];
  found.clear();
  for (uint32_t i = 0; i < old.itemCount; ++i) {
    Item item = items[old.firstItem + i];
    found.push({item.state, alikeFrame(item.frame)});
  }
  foundEnd = old.mayEnd;
  return internState();
}

/// Room for a mask: a new one, or that of the one not used for longest.
uint32_t Automaton::maskSlot() {
  if (masks.size() < maskCount) {
    masks.push({});
    if (maskBits.size() < masks.size() * words.words())
      maskBits.resize(masks.size() * words.words());
    return static_cast<uint32_t>(masks.size() - 1);
  }
  size_t oldest = 0;
  for (size_t i = 1; i < masks.size(); ++i)
    if (masks[i].lastUse < masks[oldest].lastUse)
      oldest = i;
  states[masks[oldest].state].mask = Table::none;
  return static_cast<uint32_t>(oldest);
}

std::span<const uint64_t> Automaton::mask(uint32_t place, bool &isAny) {
  forgetIfFull();
  uint32_t state = held[place];
  if (states[state].mask == Table::none) {
    state = alike(state);
    if (states[state].mask == Table::none) {
      uint32_t pin = hold();
      held[pin] = state;
      base::Array<uint64_t> bits;
      bits.resize(words.words());
      bool isAnyBit = false;
      makeMask(state, bits.data(), isAnyBit);
      state = held[pin]; // renamed, if memory was short
      letGo(pin);
      uint32_t slot = maskSlot();
      memcpy(maskBits.data() + slot * words.words(), bits.data(),
             bits.size() * sizeof(uint64_t));
      masks[slot] = {.state = state, .lastUse = 0, .isAny = isAnyBit};
      states[state].mask = slot;
    }
  }
  Mask &mask = masks[states[state].mask];
  mask.lastUse = ++uses;
  isAny = mask.isAny;
  return {maskBits.data() + states[state].mask * words.words(), words.words()};
}

/// Walks the tree of tokens and the automaton side by side. What is not allowed
/// is left with all that begins with it.
void Automaton::makeMask(uint32_t state, uint64_t *bits, bool &isAny) {
  // The states behind each byte of the token at hand; held, because memory may
  // become short on the way.
  size_t first = held.size();
  held.resize(first + words.longest() + 1);
  held[first] = state;
  auto nodes = words.nodes();
  auto tokens = words.tokens();
  for (size_t i = 0; i < nodes.size();) {
    const Vocabulary::Node &node = nodes[i];
    uint32_t to = step(held[first + node.depth], node.byte);
    if (to == dead) {
      i = node.end;
      continue;
    }
    held[first + node.depth + 1] = to;
    for (uint32_t k = 0; k < node.tokenCount; ++k) {
      uint32_t id = static_cast<uint32_t>(tokens[node.firstToken + k]);
      bits[id / 64] |= uint64_t{1} << (id % 64);
      isAny = true;
    }
    ++i;
    if (usedBytes > stateBytes) {
      // Deeper ones are of tokens before.
      for (size_t k = first + node.depth + 2; k < held.size(); ++k)
        held[k] = dead;
      forget();
    }
  }
  if (states[held[first]].mayEnd)
    for (uint32_t id : words.stopTokens()) {
      bits[id / 64] |= uint64_t{1} << (id % 64);
      isAny = true;
    }
  held.resize(first);
}
