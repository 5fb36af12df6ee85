//===- Candidates.h - The tokens that may come next -----------------------===//
#pragma once

#include "runtime/base/Array.h"

#include <algorithm>
#include <cstdint>
#include <span>

namespace tritc::sample {

struct Candidate {
  float logit;
  int32_t id;
};

/// The better of two comes first: higher logit, among equals the lower id.
inline bool isBetter(const Candidate &a, const Candidate &b) {
  return a.logit > b.logit || (a.logit == b.logit && a.id < b.id);
}

/// What the sampling rules narrow down, one after the other. It starts as the
/// whole vocabulary, ordered by id; a rule that needs the best first sorts what
/// it keeps. Logits are finite. Never empty.
struct Candidates {
  base::Array<float> logits;
  base::Array<int32_t> ids;
  base::Array<Candidate> workspace;
  base::Array<float> weights; ///< working memory of a rule
  bool isSorted = false;      ///< by isBetter, instead of by id

  size_t size() const { return logits.size(); }

  /// Makes room for a vocabulary once, so that no token allocates.
  void reserve(size_t vocabSize) {
    logits.reserve(vocabSize);
    ids.reserve(vocabSize);
    workspace.reserve(vocabSize);
    weights.reserve(vocabSize);
  }

  void cut(size_t count) {
    logits.resize(count);
    ids.resize(count);
  }

  /// Keeps candidate i if values[i] >= cutoff, in the order they have. `values`
  /// may be the logits.
  void keepAtLeast(std::span<const float> values, float cutoff) {
    size_t kept = 0;
    for (size_t i = 0; i < values.size(); ++i) {
      bool isKept = values[i] >= cutoff;
      logits[kept] = logits[i];
      ids[kept] = ids[i];
      kept += isKept;
    }
    cut(kept);
  }

  /// Replaces the candidates by the workspace, which is in isBetter's order.
  void takeWorkspace() {
    cut(workspace.size());
    for (size_t i = 0; i < workspace.size(); ++i) {
      logits[i] = workspace[i].logit;
      ids[i] = workspace[i].id;
    }
    isSorted = true;
  }

  /// Into isBetter's order.
  void sort();

private:
  void sortMany();
};

} // namespace tritc::sample
