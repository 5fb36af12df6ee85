//===- Matcher.cpp - One answer that follows a grammar --------------------===//

#include "runtime/grammar/Matcher.h"

using namespace tritc;
using namespace tritc::grammar;

void Matcher::restart() {
  automaton.restart(place);
  isOver = false;
}

bool Matcher::allowed(std::span<uint64_t> bits) {
  if (isOver) {
    memset(bits.data(), 0, bits.size_bytes());
    return false;
  }
  bool isAny = false;
  auto mask = automaton.mask(place, isAny);
  memcpy(bits.data(), mask.data(), mask.size_bytes());
  return isAny;
}

bool Matcher::accept(int32_t id) {
  if (isOver)
    return false;
  if (automaton.vocabulary().isStop(id)) {
    isOver = mayEnd();
    return isOver;
  }
  std::string_view bytes = automaton.vocabulary().bytesOf(id);
  return !bytes.empty() && acceptText(bytes);
}

bool Matcher::acceptText(std::string_view bytes) {
  if (isOver)
    return false;
  uint32_t before = automaton.hold();
  automaton.copy(place, before);
  bool isAccepted = true;
  for (size_t i = 0; i < bytes.size() && isAccepted; ++i)
    isAccepted = automaton.advance(place, static_cast<uint8_t>(bytes[i]));
  if (!isAccepted)
    automaton.copy(before, place);
  automaton.letGo(before);
  return isAccepted;
}
