//===- TopK.cpp - Keep the k best -----------------------------------------===//

#include "runtime/sample/Rules.h"
#include "runtime/sample/VectorMath.h"

using namespace tritc;
using sample::isBetter;

/// The k best in a heap whose front is the worst of them. After the first few
/// thousand tokens hardly a block of 16 holds anything better than that front.
static void collectBest(sample::Candidates &candidates, size_t k) {
  auto &heap = candidates.workspace;
  heap.clear();
  for (size_t i = 0; i < k; ++i)
    heap.push({candidates.logits[i], candidates.ids[i]});
  std::make_heap(heap.begin(), heap.end(), isBetter);

  std::span<const float> logits = candidates.logits;
  size_t block = k / 16 * 16;
  while ((block = sample::nextBlockAtLeast(logits, block, heap[0].logit)) <
         logits.size()) {
    size_t end = std::min(block + 16, logits.size());
    for (size_t i = std::max(block, k); i < end; ++i) {
      sample::Candidate candidate = {logits[i], candidates.ids[i]};
      if (!isBetter(candidate, heap[0]))
        continue;
      std::pop_heap(heap.begin(), heap.end(), isBetter);
      heap.back() = candidate;
      std::push_heap(heap.begin(), heap.end(), isBetter);
    }
    block += 16;
  }
  std::sort_heap(heap.begin(), heap.end(), isBetter);
}

void sample::applyTopK(Candidates &candidates, const SamplerOptions &options) {
  if (options.topK <= 0 ||
      static_cast<size_t>(options.topK) >= candidates.size())
    return;
  size_t k = static_cast<size_t>(options.topK);
  if (candidates.isSorted)
    return candidates.cut(k);
  collectBest(candidates, k);
  candidates.takeWorkspace();
}
