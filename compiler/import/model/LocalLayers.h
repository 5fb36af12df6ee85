//===- LocalLayers.h - Which layers see a window only ---------------------===//
#pragma once

#include <cstdint>
#include <vector>

namespace tritc::import {

/// The layers of a model whose attention is local. Gemma 3 alternates: most
/// layers are, every sixth sees all tokens.
struct LocalLayers {
  std::vector<bool> isLocal; ///< by layer; empty where none is
  uint32_t window = 0;  ///< tokens that a token sees there, itself included
  double ropeTheta = 0; ///< base of the rotations there

  bool any() const { return !isLocal.empty(); }
  /// Layer i is local if `rule(i)`.
  template <typename Rule>
  void assign(uint32_t layerCount, Rule rule) {
    isLocal.clear();
    bool found = false;
    for (uint32_t layer = 0; layer < layerCount; ++layer) {
      isLocal.push_back(rule(layer));
      found |= isLocal.back();
    }
    if (!found)
      isLocal.clear();
  }
  /// Every layer is, but for the last of each `period`.
  void assignPeriod(uint32_t layerCount, uint32_t period) {
    assign(layerCount,
           [&](uint32_t layer) { return (layer + 1) % period != 0; });
  }
};

} // namespace tritc::import
