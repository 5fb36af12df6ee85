//===- Array.h - Growable array without the C++ library -------------------===//
//
// The runtime links no libstdc++, so std::vector is out of reach. This is the
// part of it that token ids, text and candidates need.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Failure.h"

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

namespace tritc::base {

/// Owns `size` elements of a trivially copyable type on the malloc heap.
/// Moves, never copies by accident: a copy is spelled `append`. Running out of
/// memory ends the process with one line and exit code 70; reserve() ahead of a
/// token loop keeps growth out of it.
template <typename T>
class Array {
  static_assert(std::is_trivially_copyable_v<T>,
                "Array moves its elements with memcpy");

public:
  using value_type = T;

  Array() = default;
  Array(const Array &) = delete;
  Array &operator=(const Array &) = delete;
  Array(Array &&other) noexcept
      : elements(other.elements), count(other.count),
        capacityCount(other.capacityCount) {
    other.elements = nullptr;
    other.count = other.capacityCount = 0;
  }
  Array &operator=(Array &&other) noexcept {
    if (this != &other) {
      free(elements);
      elements = other.elements;
      count = other.count;
      capacityCount = other.capacityCount;
      other.elements = nullptr;
      other.count = other.capacityCount = 0;
    }
    return *this;
  }
  ~Array() { free(elements); }

  T *data() { return elements; }
  const T *data() const { return elements; }
  size_t size() const { return count; }
  size_t capacity() const { return capacityCount; }
  bool empty() const { return count == 0; }

  T *begin() { return elements; }
  T *end() { return elements + count; }
  const T *begin() const { return elements; }
  const T *end() const { return elements + count; }

  T &operator[](size_t index) { return elements[index]; }
  const T &operator[](size_t index) const { return elements[index]; }
  T &back() { return elements[count - 1]; }
  const T &back() const { return elements[count - 1]; }

  operator std::span<T>() { return {elements, count}; }
  operator std::span<const T>() const { return {elements, count}; }
  /// Text view of an array of bytes.
  std::string_view view() const
    requires(sizeof(T) == 1)
  {
    return {reinterpret_cast<const char *>(elements), count};
  }

  /// Makes room for `wanted` elements in all.
  void reserve(size_t wanted) {
    if (!tryReserve(wanted))
      outOfMemory(wanted);
  }

  /// The same, for what the program can do without. \returns whether there is
  /// memory for it
  [[nodiscard]] bool tryReserve(size_t wanted) {
    if (wanted <= capacityCount)
      return true;
    if (wanted > SIZE_MAX / 2 / sizeof(T))
      return false;
    size_t grown = capacityCount + capacityCount / 2;
    if (grown < wanted)
      grown = wanted;
    if (grown < 16)
      grown = 16;
    void *moved = realloc(static_cast<void *>(elements), grown * sizeof(T));
    if (!moved)
      return false;
    elements = static_cast<T *>(moved);
    capacityCount = grown;
    return true;
  }

  void push(T value) {
    reserve(count + 1);
    elements[count++] = value;
  }
  /// `source` may lie inside this array.
  void append(const T *source, size_t added) {
    if (added == 0)
      return;
    if (source >= elements && source < elements + count) {
      size_t first = static_cast<size_t>(source - elements);
      reserve(count + added);
      source = elements + first;
    } else {
      reserve(count + added);
    }
    memmove(static_cast<void *>(elements + count),
            static_cast<const void *>(source), added * sizeof(T));
    count += added;
  }
  void append(std::span<const T> source) {
    append(source.data(), source.size());
  }
  void append(std::string_view text)
    requires std::is_same_v<T, char>
  {
    append(text.data(), text.size());
  }
  void append(const char *text)
    requires std::is_same_v<T, char>
  {
    append(text, strlen(text));
  }
  void pop() { --count; }
  void clear() { count = 0; }
  /// Takes over `added` elements that somebody wrote behind the end.
  /// \pre size() + added <= capacity()
  void adopt(size_t added) { count += added; }
  /// Cuts or extends to `wanted` elements; new ones are zero bytes.
  void resize(size_t wanted) {
    reserve(wanted);
    if (wanted > count)
      memset(static_cast<void *>(elements + count), 0,
             (wanted - count) * sizeof(T));
    count = wanted;
  }

private:
  [[noreturn]] static void outOfMemory(size_t wanted) {
    fprintf(stderr, "error: out of memory (%zu elements of %zu bytes)\n",
            wanted, sizeof(T));
    exit(Internal);
  }

  T *elements = nullptr;
  size_t count = 0;
  size_t capacityCount = 0;
};

} // namespace tritc::base
