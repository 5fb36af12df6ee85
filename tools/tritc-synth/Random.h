//===- Random.h - Numbers from a counter ----------------------------------===//
//
// SplitMix64 (Steele, Lea, Flood 2014) used as a function of an index instead
// of a sequence: any thread computes any part of a tensor, and the bytes do not
// depend on who did.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace tritc::synth {

inline uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

/// One stream of 64-bit words; word i is a function of the key and i alone.
class Stream {
public:
  /// The stream of one tensor of one checkpoint.
  Stream(uint64_t seed, llvm::StringRef name) : key(mix(seed + golden)) {
    for (unsigned char c : name)
      key = mix(key ^ c) + golden;
  }

  uint64_t word(uint64_t index) const { return mix(key + index * golden); }

  /// Uniform in [-1, 1).
  double symmetric(uint64_t index) const {
    return double(int64_t(word(index))) * 0x1p-63;
  }

private:
  static constexpr uint64_t golden = 0x9e3779b97f4a7c15ull;
  uint64_t key;
};

} // namespace tritc::synth
