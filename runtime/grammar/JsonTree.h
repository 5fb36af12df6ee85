//===- JsonTree.h - A JSON text in memory ---------------------------------===//
#pragma once

#include "runtime/base/Array.h"
#include "runtime/base/Failure.h"
#include "runtime/grammar/Table.h"

#include <cstdint>
#include <string_view>

namespace tritc::grammar {

/// Values of a JSON text, each a number in the order they begin. Numbers are
/// kept as they are written, so that nothing is rounded.
class JsonTree {
public:
  enum Kind : uint8_t { Null, False, True, Number, String, Array, Object };
  static constexpr uint32_t none = UINT32_MAX;
  static constexpr uint32_t root = 0;
  static constexpr size_t mostBytes = 16 << 20;

  /// Malformed with a line for what is not JSON, or has a key twice; Usage
  /// beyond mostBytes. No text is too deep.
  base::Failure read(std::string_view text);

  Kind kind(uint32_t node) const { return nodes[node].kind; }
  /// Characters of a string, or what a number was written as.
  std::string_view text(uint32_t node) const {
    return view(nodes[node].text, nodes[node].textSize);
  }
  /// Of a value in an object.
  std::string_view key(uint32_t node) const {
    return view(nodes[node].key, nodes[node].keySize);
  }
  /// Elements of an array or values of an object.
  uint32_t count(uint32_t node) const { return nodes[node].count; }
  uint32_t first(uint32_t node) const { return nodes[node].first; }
  uint32_t next(uint32_t node) const { return nodes[node].next; }
  /// The value of `key` in an object; `none` if there is none, or no object.
  uint32_t find(uint32_t node, std::string_view key) const;
  /// Element `index` of an array; `none` behind its end.
  uint32_t at(uint32_t node, size_t index) const;
  size_t size() const { return nodes.size(); }

  /// Where a value is: a JSON pointer behind '#'. A long one is cut at its
  /// beginning.
  struct Pointer {
    char text[96];
  };
  Pointer pointer(uint32_t node) const;
  /// What a pointer leads to, with or without '#'; `none` if nothing is there.
  uint32_t resolve(std::string_view pointer) const;

private:
  friend class JsonTreeMaker;

  struct Node {
    Kind kind;
    uint32_t text, textSize;
    uint32_t key, keySize;
    uint32_t parent, index;
    uint32_t first, last, next, count;
  };

  std::string_view view(uint32_t begin, uint32_t size) const {
    return {chars.data() + begin, size};
  }
  uint64_t hashOf(uint32_t parent, std::string_view key) const;

  base::Array<Node> nodes;
  base::Array<char> chars;
  Table members; ///< values of objects, by object and key
};

/// The values in an array or an object, for a range-based for.
class Children {
public:
  Children(const JsonTree &tree, uint32_t parent)
      : tree(tree), firstChild(parent == JsonTree::none ? JsonTree::none
                                                        : tree.first(parent)) {}
  struct Iterator {
    const JsonTree &tree;
    uint32_t node;
    uint32_t operator*() const { return node; }
    void operator++() { node = tree.next(node); }
    bool operator!=(const Iterator &other) const { return node != other.node; }
  };
  Iterator begin() const { return {tree, firstChild}; }
  Iterator end() const { return {tree, JsonTree::none}; }

private:
  const JsonTree &tree;
  uint32_t firstChild;
};

} // namespace tritc::grammar
