//===- JsonTree.cpp - A JSON text in memory -------------------------------===//

#include "runtime/grammar/JsonTree.h"
#include "runtime/text/RapidJson.h"
#include "runtime/text/Slice.h"
#include "runtime/text/Utf8.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::grammar;

namespace tritc::grammar {
/// What RapidJSON's reader calls.
class JsonTreeMaker {
public:
  explicit JsonTreeMaker(JsonTree &tree) : tree(tree) {}

  bool Null() { return add(JsonTree::Null, {}); }
  bool Bool(bool value) {
    return add(value ? JsonTree::True : JsonTree::False, {});
  }
  // Numbers come as they are written.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(int64_t) { return false; }
  bool Uint64(uint64_t) { return false; }
  bool Double(double) { return false; }
  bool RawNumber(const char *text, unsigned size, bool) {
    return add(JsonTree::Number, {text, size});
  }
  bool String(const char *text, unsigned size, bool) {
    return isWhole({text, size}) && add(JsonTree::String, {text, size});
  }
  bool StartObject() { return open(JsonTree::Object); }
  bool EndObject(unsigned) { return close(); }
  bool StartArray() { return open(JsonTree::Array); }
  bool EndArray(unsigned) { return close(); }
  bool Key(const char *text, unsigned size, bool) {
    key = static_cast<uint32_t>(tree.chars.size());
    keySize = size;
    tree.chars.append(std::string_view(text, size));
    if (tree.find(parent, {text, size}) != JsonTree::none)
      problem = "expected each key once in an object";
    return isWhole({text, size}) && !problem;
  }

  /// What is wrong beside the grammar of JSON; null for nothing.
  const char *problem = nullptr;

private:
  /// RapidJSON takes the second half of a pair of escapes without the first.
  bool isWhole(std::string_view text) {
    if (text::wellFormedPrefix(text) == text.size())
      return true;
    problem = "expected both halves of a character";
    return false;
  }
  bool add(JsonTree::Kind kind, std::string_view text) {
    uint32_t index = static_cast<uint32_t>(tree.nodes.size());
    bool isRoot = parent == JsonTree::none;
    tree.nodes.push({.kind = kind,
                     .text = static_cast<uint32_t>(tree.chars.size()),
                     .textSize = static_cast<uint32_t>(text.size()),
                     .key = key,
                     .keySize = keySize,
                     .parent = parent,
                     .index = isRoot ? 0 : tree.nodes[parent].count,
                     .first = JsonTree::none,
                     .last = JsonTree::none,
                     .next = JsonTree::none,
                     .count = 0});
    tree.chars.append(text);
    if (isRoot)
      return true;
    JsonTree::Node &around = tree.nodes[parent];
    if (around.count == 0)
      around.first = index;
    else
      tree.nodes[around.last].next = index;
    around.last = index;
    ++around.count;
    if (around.kind == JsonTree::Object)
      tree.members.insert(tree.hashOf(parent, tree.key(index)), index);
    return true;
  }
  bool open(JsonTree::Kind kind) {
    add(kind, {});
    parent = static_cast<uint32_t>(tree.nodes.size() - 1);
    return true;
  }
  bool close() {
    parent = tree.nodes[parent].parent;
    return true;
  }

  JsonTree &tree;
  uint32_t parent = JsonTree::none;
  uint32_t key = 0, keySize = 0;
};
} // namespace tritc::grammar

base::Failure JsonTree::read(std::string_view text) {
  if (text.size() > mostBytes)
    return base::fail(base::Usage,
                      "expected at most %zu bytes of JSON, found "
                      "%zu",
                      mostBytes, text.size());
  auto lineAt = [&](size_t offset) {
    return 1 + std::count(text.begin(),
                          text.begin() + std::min(offset, text.size()), '\n');
  };
  // The reader takes a zero byte for the end.
  size_t zero = text.find('\0');
  if (zero != text.npos)
    return base::fail(base::Malformed,
                      "line %td: expected JSON, found a zero "
                      "byte",
                      lineAt(zero));
  nodes.clear();
  chars.clear();
  members.clear();
  constexpr unsigned flags = rapidjson::kParseIterativeFlag |
                             rapidjson::kParseValidateEncodingFlag |
                             rapidjson::kParseNumbersAsStringsFlag;
  rapidjson::CrtAllocator allocator;
  rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>,
                           rapidjson::CrtAllocator>
      reader(&allocator);
  rapidjson::MemoryStream stream(text.data(), text.size());
  JsonTreeMaker maker(*this);
  if (reader.Parse<flags>(stream, maker))
    return {};
  return base::fail(
      base::Malformed, "line %td: %s", lineAt(reader.GetErrorOffset()),
      maker.problem ? maker.problem
                    : rapidjson::GetParseError_En(reader.GetParseErrorCode()));
}

uint64_t JsonTree::hashOf(uint32_t parent, std::string_view key) const {
  uint64_t hash = Table::mix(parent, key.size());
  for (char c : key)
    hash = Table::mix(hash, static_cast<uint8_t>(c));
  return hash;
}

uint32_t JsonTree::find(uint32_t node, std::string_view wanted) const {
  if (node == none || nodes[node].kind != Object)
    return none;
  return members.find(hashOf(node, wanted), [&](uint32_t i) {
    return nodes[i].parent == node && key(i) == wanted;
  });
}

uint32_t JsonTree::at(uint32_t node, size_t index) const {
  if (nodes[node].kind != Array)
    return none;
  uint32_t element = first(node);
  for (; element != none && index > 0; --index)
    element = next(element);
  return element;
}

JsonTree::Pointer JsonTree::pointer(uint32_t node) const {
  // Written from its end.
  Pointer pointer;
  constexpr size_t size = sizeof(pointer.text);
  size_t begin = size - 1;
  pointer.text[begin] = '\0';
  auto write = [&](std::string_view piece) {
    size_t kept = std::min(piece.size(), begin - 4);
    begin -= kept;
    memcpy(pointer.text + begin, piece.data() + piece.size() - kept, kept);
    return kept == piece.size();
  };
  bool isWhole = true;
  for (; isWhole && nodes[node].parent != none; node = nodes[node].parent) {
    if (nodes[nodes[node].parent].kind == Array) {
      char digits[16];
      int length = snprintf(digits, sizeof(digits), "%u", nodes[node].index);
      isWhole = write({digits, static_cast<size_t>(length)});
    } else {
      std::string_view name = key(node);
      for (size_t i = name.size(); i-- > 0 && isWhole;)
        isWhole = write(name[i] == '/'   ? std::string_view("~1")
                        : name[i] == '~' ? std::string_view("~0")
                                         : text::slice(name, i, i + 1));
    }
    isWhole = isWhole && write("/");
  }
  std::string_view start = isWhole ? "#" : "#..";
  begin -= start.size();
  memcpy(pointer.text + begin, start.data(), start.size());
  memmove(pointer.text, pointer.text + begin, size - begin);
  return pointer;
}

uint32_t JsonTree::resolve(std::string_view pointer) const {
  if (pointer.starts_with('#'))
    pointer.remove_prefix(1);
  uint32_t node = root;
  base::Array<char> name;
  while (!pointer.empty() && node != none) {
    if (pointer[0] != '/')
      return none;
    name.clear();
    size_t i = 1;
    auto hex = [&](size_t k) {
      char c = k < pointer.size() ? pointer[k] : 'x';
      return c >= '0' && c <= '9'   ? c - '0'
             : c >= 'a' && c <= 'f' ? c - 'a' + 10
             : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                    : -1;
    };
    for (; i < pointer.size() && pointer[i] != '/'; ++i) {
      char c = pointer[i];
      if (c == '~' && i + 1 < pointer.size()) {
        ++i;
        c = pointer[i] == '1' ? '/' : '~';
      } else if (c == '%' && hex(i + 1) >= 0 && hex(i + 2) >= 0) {
        c = static_cast<char>(hex(i + 1) * 16 + hex(i + 2));
        i += 2;
      }
      name.push(c);
    }
    pointer.remove_prefix(i);
    if (nodes[node].kind != Array) {
      node = find(node, name.view());
      continue;
    }
    size_t index = 0;
    bool isIndex = !name.empty() && name.size() < 9;
    for (char c : name) {
      isIndex = isIndex && c >= '0' && c <= '9';
      index = index * 10 + static_cast<size_t>(c - '0');
    }
    node = isIndex ? at(node, index) : none;
  }
  return node;
}
