//===- Automaton.h - A grammar that is followed byte by byte --------------===//
#pragma once

#include "runtime/grammar/Grammar.h"
#include "runtime/grammar/Table.h"
#include "runtime/grammar/Vocabulary.h"

namespace tritc::grammar {

/// The deterministic automaton of a grammar, made as far as it is walked, and
/// for its states the tokens that may come next. Matchers of one grammar share
/// it, on one thread: what it knows makes them faster and changes nothing.
class Automaton {
public:
  /// Bytes of states, and of sets of tokens, that are kept.
  static constexpr size_t mostStateBytes = 32 << 20;
  static constexpr size_t mostMaskBytes = 16 << 20;
  /// Readings that are followed at a time, beside one for each state of the
  /// grammar (65,536 at most). More are not: texts that only they allow are not
  /// written, and what is written can still be finished.
  static constexpr size_t mostReadings = 1024;

  /// Both outlive the automaton.
  Automaton(const Grammar &grammar, const Vocabulary &vocabulary,
            size_t stateBytes = mostStateBytes,
            size_t maskBytes = mostMaskBytes);

  const Vocabulary &vocabulary() const { return words; }

  /// A place that holds a state, the one before any byte at first. States
  /// without a place may be forgotten by every function below.
  uint32_t hold();
  void letGo(uint32_t place);
  void restart(uint32_t place) { held[place] = startState; }
  void copy(uint32_t from, uint32_t to) { held[to] = held[from]; }

  /// Goes on by a byte. \returns false for one that may not come
  bool advance(uint32_t place, uint8_t byte);
  /// Whether the text may end there.
  bool mayEnd(uint32_t place) const { return states[held[place]].mayEnd; }

  /// A bit for each token that may come next; valid until the next call.
  /// `isAny` is false if there is none.
  std::span<const uint64_t> mask(uint32_t place, bool &isAny);

  /// How often everything was forgotten because it had become too much.
  size_t forgotten() const { return forgottenCount; }
  size_t stateCount() const { return states.size(); }

private:
  /// Where a rule was entered: what comes behind its text.
  struct Frame {
    uint32_t parent;
    uint32_t place; ///< a state; or a repetition, with repeatBit
    uint32_t count; ///< of texts of the repetition, this one included
    uint32_t depth;
    uint32_t likeness; ///< see alike(); Table::none: not known
  };
  /// One reading of the text so far.
  struct Item {
    uint32_t state, frame;
    bool operator==(const Item &) const = default;
  };
  struct State {
    uint32_t firstItem, itemCount;
    uint32_t mask; ///< in `masks`; Table::none
    bool mayEnd;
  };
  struct Mask {
    uint32_t state;
    uint64_t lastUse;
    bool isAny;
  };
  static constexpr uint32_t repeatBit = 1u << 31;
  static constexpr uint32_t dead = 0;
  static constexpr uint32_t unknown = UINT32_MAX;

  uint32_t step(uint32_t state, uint8_t byte) {
    size_t at = size_t{state} * grammar.classCount + grammar.classes[byte];
    return next[at] != unknown ? next[at] : makeStep(state, at);
  }
  uint32_t makeStep(uint32_t state, size_t at);
  void begin();
  void beginStep();
  void visit(uint32_t state, uint32_t frame);
  void enter(uint32_t rule, uint32_t place, uint32_t count, uint32_t parent);
  void enterRepeat(uint32_t repeat, uint32_t count, uint32_t parent);
  void leave(uint32_t frame);
  void close();
  uint32_t internFrame(const Frame &frame);
  uint32_t internState();
  uint32_t alike(uint32_t state);
  uint32_t alikeFrame(uint32_t frame);
  void makeMask(uint32_t state, uint64_t *bits, bool &isAny);
  uint32_t maskSlot();
  void forgetIfFull();
  void forget();

  const Grammar &grammar;
  const Vocabulary &words;
  const size_t stateBytes, maskCount, mostItems;
  size_t usedBytes = 0;
  size_t forgottenCount = 0;
  uint32_t startState = dead;

  base::Array<State> states;
  base::Array<Item> items;
  base::Array<uint32_t> next; ///< by state and class of bytes
  base::Array<Frame> frames;
  Table stateTable, frameTable;
  base::Array<uint32_t> held; ///< by place
  base::Array<uint32_t> freePlaces;

  base::Array<Mask> masks;
  base::Array<uint64_t> maskBits;
  uint64_t uses = 0;

  // Working memory of a step.
  base::Array<Item> visited;
  base::Array<Item> found;
  bool foundEnd = false;
  struct Mark {
    Item item;
    uint32_t round;
  };
  base::Array<Mark> marks;
  uint32_t round = 0;
  base::Array<uint32_t> chain;
};

} // namespace tritc::grammar
