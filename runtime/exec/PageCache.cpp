//===- PageCache.cpp - Which pages hold the beginning of which sequence ---===//

#include "runtime/exec/PageCache.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::exec;

static constexpr size_t pageTokens = TRITC_KV_PAGE;

PageCache::PageCache(uint32_t count) {
  pages.resize(count);
  for (Page &page : pages)
    page.parent = page.firstChild = page.next = none;
}

void PageCache::hold(int32_t number) {
  held += at(number).holders++ == 0;
  at(number).lastUse = ++clock;
}

void PageCache::letGo(int32_t number) {
  held -= --at(number).holders == 0;
  at(number).lastUse = ++clock;
}

void PageCache::unlink(int32_t number) {
  int32_t *link = &firstBehind(at(number).parent);
  while (*link != number)
    link = &at(*link).next;
  *link = at(number).next;
  at(number).isUsed = false;
  --used;
}

/// A page that is in nobody's way: an unused one, or the oldest of those that
/// no sequence holds and no page is behind. None if there is none.
int32_t PageCache::oldestUnheld() {
  int32_t oldest = none;
  for (int32_t number = 0; number < static_cast<int32_t>(pages.size());
       ++number) {
    const Page &page = at(number);
    if (!page.isUsed)
      return number;
    if (page.holders == 0 && page.firstChild == none &&
        (oldest == none || page.lastUse < at(oldest).lastUse))
      oldest = number;
  }
  return oldest;
}

/// An empty page behind `parent`, held once.
int32_t PageCache::take(int32_t parent) {
  int32_t number = oldestUnheld();
  if (number == none)
    return none;
  if (at(number).isUsed)
    unlink(number);
  Page &page = at(number);
  page.parent = parent;
  page.firstChild = none;
  page.holders = 0;
  page.filled = 0;
  page.isUsed = true;
  ++used;
  page.next = firstBehind(parent);
  firstBehind(parent) = number;
  hold(number);
  return number;
}

PageCache::Copy PageCache::adopt(HeldPages &mine, std::span<const int32_t> ids,
                                 size_t most) {
  most = std::min(most, ids.size());
  while (mine.count % pageTokens == 0 && mine.count < most) {
    int32_t parent = mine.pages.empty() ? none : mine.pages.back();
    size_t left = std::min(most - mine.count, pageTokens);
    const int32_t *wanted = ids.data() + mine.count;
    int32_t best = none;
    size_t bestCount = 0;
    for (int32_t child = firstBehind(parent); child != none;
         child = at(child).next) {
      size_t limit = std::min<size_t>(left, at(child).filled);
      size_t same = 0;
      while (same < limit && at(child).ids[same] == wanted[same])
        ++same;
      if (same > bestCount) {
        best = child;
        bestCount = same;
      }
    }
    if (best == none)
      break;
    if (bestCount == pageTokens) {
      hold(best);
      mine.pages.push(best);
      mine.count += pageTokens;
      continue;
    }
    // Held meanwhile, lest it be the one that is taken.
    hold(best);
    int32_t own = take(parent);
    letGo(best);
    if (own == none)
      break;
    std::copy_n(at(best).ids, bestCount, at(own).ids);
    at(own).filled = static_cast<uint32_t>(bestCount);
    mine.pages.push(own);
    mine.count += bestCount;
    return {best, own};
  }
  return {};
}

bool PageCache::grow(HeldPages &mine, size_t count) {
  while (mine.pages.size() * pageTokens < mine.count + count) {
    int32_t own = take(mine.pages.empty() ? none : mine.pages.back());
    if (own == none)
      return false;
    mine.pages.push(own);
  }
  return true;
}

/// A full page with the same tokens behind the same page.
int32_t PageCache::twinOf(int32_t number) {
  for (int32_t other = firstBehind(at(number).parent); other != none;
       other = at(other).next)
    if (other != number && at(other).filled == pageTokens &&
        std::equal(at(other).ids, at(other).ids + pageTokens, at(number).ids))
      return other;
  return none;
}

void PageCache::commit(HeldPages &mine, std::span<const int32_t> ids) {
  for (int32_t id : ids) {
    size_t index = mine.count++ / pageTokens;
    int32_t number = mine.pages[index];
    at(number).ids[at(number).filled++] = id;
    // What lies behind it already cannot change its parent.
    bool isLast = index + 1 == mine.pages.size();
    if (at(number).filled < pageTokens || !isLast)
      continue;
    int32_t twin = twinOf(number);
    if (twin == none)
      continue;
    letGo(number);
    unlink(number);
    hold(twin);
    mine.pages[index] = twin;
  }
}

void PageCache::release(HeldPages &mine) {
  // From the last one on, so that a page is older than the one before it.
  while (!mine.pages.empty()) {
    int32_t last = mine.pages.back();
    letGo(last);
    if (at(last).filled == 0)
      unlink(last);
    mine.pages.pop();
  }
  mine.count = 0;
}
