//===- PageCache.h - Which pages hold the beginning of which sequence -----===//
//
// The KV cache's pages form a forest: behind a page come those of the sequences
// that begin with its tokens. A sequence holds the pages from a root to its
// last one; full pages may be held by many. What nobody holds stays until its
// place is needed, the least recently used first, so that a later sequence with
// the same beginning finds it.
//
// Knows tokens and numbers of pages, nothing of the bytes in them. Everything
// that is said of a page follows from the tokens up to it, and so do its bytes:
// two pages with the same tokens behind the same page are one and the same.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/abi/Program.h"
#include "runtime/base/Array.h"

#include <cstdint>

namespace tritc::exec {

class PageCache;

/// The pages that a sequence holds, and how many of its tokens they have.
/// Belongs to one cache, which must be told to release it.
class HeldPages {
public:
  /// In order; Piece::pages.
  std::span<const int32_t> numbers() const { return pages; }
  /// Tokens whose keys and values are there.
  size_t tokens() const { return count; }

private:
  friend class PageCache;
  base::Array<int32_t> pages;
  size_t count = 0;
};

class PageCache {
public:
  /// Numbers are [0, pages).
  explicit PageCache(uint32_t pages);

  /// A page whose first tokens another one has.
  struct Copy {
    int32_t from = -1, to = -1; ///< negative: there is nothing to copy
  };

  /// Takes over what is there of `ids`, behind what `held` has already: whole
  /// pages, and of the last one a copy, which the caller must make before
  /// anything else happens. Goes no further than `most` tokens in all.
  /// \pre held.tokens() is a multiple of TRITC_KV_PAGE, or nothing is found
  Copy adopt(HeldPages &held, std::span<const int32_t> ids, size_t most);

  /// Makes room for `count` more tokens. \returns false, having done what was
  /// possible, where every page is held
  bool grow(HeldPages &held, size_t count);

  /// Says that the next tokens of a sequence have been computed. A page that
  /// has become the same as another one is given up for that.
  /// \pre there is room for them
  void commit(HeldPages &held, std::span<const int32_t> ids);

  /// Lets go of all pages; what was computed stays for others.
  void release(HeldPages &held);

  uint32_t size() const { return static_cast<uint32_t>(pages.size()); }
  /// Pages that sequences hold.
  uint32_t heldCount() const { return held; }
  /// Pages with tokens that somebody computed, held or not.
  uint32_t usedCount() const { return used; }

private:
  /// A child of the page, or of none, and the next of its siblings.
  struct Page {
    int32_t parent, firstChild, next;
    uint32_t holders;
    uint32_t filled; ///< tokens that are computed
    bool isUsed;
    uint64_t lastUse;
    int32_t ids[TRITC_KV_PAGE];
  };
  static constexpr int32_t none = -1;

  int32_t &firstBehind(int32_t parent) {
    return parent == none ? roots
                          : pages[static_cast<size_t>(parent)].firstChild;
  }
  Page &at(int32_t number) { return pages[static_cast<size_t>(number)]; }
  int32_t take(int32_t parent);
  int32_t oldestUnheld();
  void unlink(int32_t number);
  void hold(int32_t number);
  void letGo(int32_t number);
  int32_t twinOf(int32_t number);

  base::Array<Page> pages;
  int32_t roots = none;
  uint32_t held = 0, used = 0;
  uint64_t clock = 0;
};

} // namespace tritc::exec
