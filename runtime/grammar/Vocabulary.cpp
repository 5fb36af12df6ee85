//===- Vocabulary.cpp - All tokens, by their bytes ------------------------===//

#include "runtime/grammar/Vocabulary.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::grammar;

/// Longer tokens are never allowed; a published vocabulary has 256 at most.
static constexpr size_t mostBytes = 4096;

Vocabulary::Vocabulary(const text::Tokenizer &tokenizer, size_t size,
                       std::span<const uint32_t> stopTokens)
    : tokenizer(tokenizer), idCount(size) {
  for (uint32_t id : stopTokens)
    if (id < size)
      stops.push(id);
  std::sort(stops.begin(), stops.end());
  plant();
}

bool Vocabulary::isStop(int32_t id) const {
  return id >= 0 && std::binary_search(stops.begin(), stops.end(),
                                       static_cast<uint32_t>(id));
}

std::string_view Vocabulary::bytesOf(int32_t id) const {
  if (id < 0 || static_cast<size_t>(id) >= idCount ||
      tokenizer.isProtected(id) || tokenizer.isSpecial(id) || isStop(id))
    return {};
  std::string_view bytes = tokenizer.bytesOf(id);
  return bytes.size() <= mostBytes ? bytes : std::string_view();
}

void Vocabulary::plant() {
  // Sorted by their first eight bytes as a number, which tells most apart.
  struct Key {
    uint64_t prefix;
    int32_t id;
  };
  base::Array<Key> keys;
  keys.reserve(idCount);
  for (size_t i = 0; i < idCount; ++i) {
    int32_t id = static_cast<int32_t>(i);
    std::string_view bytes = bytesOf(id);
    if (bytes.empty())
      continue;
    uint64_t prefix = 0;
    for (size_t k = 0; k < 8; ++k)
      prefix =
          prefix << 8 | (k < bytes.size() ? static_cast<uint8_t>(bytes[k]) : 0);
    keys.push({prefix, id});
    longestToken = std::max(longestToken, bytes.size());
  }
  std::sort(keys.begin(), keys.end(), [&](const Key &a, const Key &b) {
    if (a.prefix != b.prefix)
      return a.prefix < b.prefix;
    int order = tokenizer.bytesOf(a.id).compare(tokenizer.bytesOf(b.id));
    return order < 0 || (order == 0 && a.id < b.id);
  });

  sorted.reserve(keys.size());
  tree.reserve(3 * keys.size());
  base::Array<uint32_t> open; // nodes that the last token is within
  std::string_view last;
  for (const Key &key : keys) {
    std::string_view bytes = tokenizer.bytesOf(key.id);
    size_t common = 0;
    while (common < std::min(last.size(), bytes.size()) &&
           last[common] == bytes[common])
      ++common;
    while (open.size() > common) {
      tree[open.back()].end = static_cast<uint32_t>(tree.size());
      open.pop();
    }
    for (size_t depth = common; depth < bytes.size(); ++depth) {
      open.push(static_cast<uint32_t>(tree.size()));
      tree.push({.end = 0,
                 .firstToken = static_cast<uint32_t>(sorted.size()),
                 .tokenCount = 0,
                 .depth = static_cast<uint16_t>(depth),
                 .byte = static_cast<uint8_t>(bytes[depth])});
    }
    Node &node = tree[open.back()];
    if (node.tokenCount == 0)
      node.firstToken = static_cast<uint32_t>(sorted.size());
    ++node.tokenCount;
    sorted.push(key.id);
    last = bytes;
  }
  while (!open.empty()) {
    tree[open.back()].end = static_cast<uint32_t>(tree.size());
    open.pop();
  }
}
