//===- TokenizerPatternRules.cpp - What a match costs and depends on ------===//

#include "compiler/import/tokenizer/TokenizerPatternRules.h"

#include "llvm/ADT/STLExtras.h"

namespace tritc::import {

bool mayBeEmpty(const PatternAlternative &alternative) {
  if (llvm::any_of(alternative.items, [](const PatternItem &item) {
        return item.kind == PatternItem::Run && item.least > 0;
      }))
    return false;
  return alternative.choices.empty() ||
         llvm::any_of(alternative.choices, mayBeEmpty);
}

bool surelyMatches(const PatternAlternative &alternative, size_t item) {
  return llvm::all_of(llvm::drop_begin(alternative.items, item),
                      [](const PatternItem &item) {
                        return item.kind == PatternItem::Run && item.least == 0;
                      }) &&
         (alternative.choices.empty() ||
          llvm::any_of(alternative.choices, [](const auto &choice) {
            return surelyMatches(choice);
          }));
}

/// `open` are the sets of the long runs before `alternative` that it may start
/// inside of.
static bool givesBackTwice(const PatternAlternative &alternative,
                           std::vector<const CodePointSet *> open) {
  constexpr uint32_t longRun = 16;
  for (auto [index, item] : llvm::enumerate(alternative.items)) {
    if (item.kind != PatternItem::Run)
      continue;
    auto meets = [&set = item.set](const CodePointSet *other) {
      return set.meets(*other);
    };
    bool isLong = item.most - item.least > longRun;
    if (isLong && llvm::any_of(open, meets) &&
        !surelyMatches(alternative, index + 1))
      return true;
    if (item.least > 0)
      llvm::erase_if(open, std::not_fn(meets));
    if (isLong)
      open.push_back(&item.set);
  }
  return llvm::any_of(alternative.choices, [&](const auto &choice) {
    return givesBackTwice(choice, open);
  });
}

bool givesBackTwice(const PatternAlternative &alternative) {
  return givesBackTwice(alternative, {});
}

/// Can what follows from `item` on need characters of `kept`, which a run in
/// front of it has?
static bool needs(const PatternAlternative &alternative, size_t item,
                  const CodePointSet &kept) {
  for (const PatternItem &later : llvm::drop_begin(alternative.items, item)) {
    if (later.kind != PatternItem::Run || later.set.meets(kept))
      return true;
    if (later.least > 0)
      return false;
  }
  return llvm::any_of(alternative.choices, [&](const auto &choice) {
    return needs(choice, 0, kept);
  });
}

bool keepsWhatIsNeeded(const PatternAlternative &alternative) {
  for (auto [index, item] : llvm::enumerate(alternative.items))
    if (item.keeps && !surelyMatches(alternative, index + 1) &&
        needs(alternative, index + 1, item.set))
      return true;
  return llvm::any_of(alternative.choices, keepsWhatIsNeeded);
}

/// Alternatives that need one character of one run, and nothing else.
CodePointSet surelyMatched(const SplitPattern &pattern) {
  CodePointSet sure;
  for (const PatternAlternative &alternative : pattern.alternatives) {
    const PatternItem *needed = nullptr;
    bool isSure = alternative.choices.empty() ||
                  llvm::any_of(alternative.choices, [](const auto &choice) {
                    return surelyMatches(choice);
                  });
    for (const PatternItem &item : alternative.items) {
      if (item.kind == PatternItem::Run && item.least == 0)
        continue;
      isSure &= item.kind == PatternItem::Run && item.least == 1 && !needed;
      needed = &item;
    }
    if (isSure && needed)
      sure.add(needed->set);
  }
  return sure;
}

} // namespace tritc::import
