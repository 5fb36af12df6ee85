//===- Pooling.h - The states of a text's tokens, as one vector -----------===//
//
// Numbers are f32, each operation rounds once, and sums run over the tokens in
// their order: how many threads computed the states, and in which pieces the
// text was cut, leaves no trace.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/abi/Image.h"
#include "runtime/base/Array.h"

namespace tritc::exec {

/// x / max(sqrt(sum(x^2)), 1e-12). The sum has the order of `bitnet.unit`: 16
/// lanes (element i in lane i mod 16) of fused multiply-adds, and a tree.
void normalize(std::span<float> vector);

/// As sentence-transformers calls them, by TritcPoolingMode.
inline constexpr const char *poolingModeNames[TRITC_POOLING_MODES] = {
    "cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"};

/// What a text's tokens must still say once the last of them was computed.
class Pooler {
public:
  /// \param width floats of a state, as the program puts them out
  Pooler(const TritcPooling &pooling, size_t width)
      : pooling(pooling), width(width) {}

  /// Floats of a vector.
  size_t vectorSize() const { return pooling.modeCount * width; }
  /// Of a text of `tokens`, the first token whose state matters; all before it
  /// need not be added.
  size_t firstNeeded(size_t tokens) const;

  /// Forgets the last text.
  void begin();
  /// The state of the next token, or of the first one that matters.
  void add(std::span<const float> state);
  /// The vector of what was added; lives until begin().
  /// \pre at least one state
  std::span<const float> finish();

private:
  void add(TritcPoolingMode mode, std::span<const float> state, float *part);
  void finish(TritcPoolingMode mode, float *part);
  float *part(uint32_t index) { return parts.data() + index * width; }

  const TritcPooling &pooling;
  size_t width;
  base::Array<float> parts; ///< [modeCount x width]
  size_t count = 0;         ///< states so far
};

} // namespace tritc::exec
