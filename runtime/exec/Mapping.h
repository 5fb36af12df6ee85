//===- Mapping.h - Anonymous memory straight from the kernel --------------===//
#pragma once

#include <cstddef>
#include <cstdint>

namespace tritc::exec {

/// Owns zeroed, page-aligned memory that costs nothing until it is touched.
/// From 2 MiB on it is aligned to 2 MiB and asks for huge pages: 4 kB pages
/// lose 10-40 % of the reading speed.
class Mapping {
public:
  Mapping() = default;
  Mapping(const Mapping &) = delete;
  Mapping &operator=(const Mapping &) = delete;
  ~Mapping() { release(); }

  /// \returns false when the kernel has no address space left. Zero bytes are
  ///          a valid, empty mapping.
  bool allocate(size_t wantedBytes);
  /// Withdraws the wish for huge pages from a part of which little is touched.
  void useSmallPages(size_t offset, size_t count);
  void release();

  uint8_t *data() const { return start; }
  size_t size() const { return bytes; }

private:
  uint8_t *start = nullptr;
  size_t bytes = 0;
  void *base = nullptr;
  size_t baseBytes = 0;
};

/// Places buffers one behind the other, then maps them all at once:
///   Arena arena; size_t scratch = arena.place(n); arena.map();
///   use(arena.at(scratch));
class Arena {
public:
  /// \returns the offset of a buffer of `bytes`, aligned to 4096 bytes so that
  ///          no two buffers share a page.
  size_t place(size_t bytes);
  /// \returns false when there is no address space for all of them.
  bool map() { return mapping.allocate(placedBytes); }
  uint8_t *at(size_t offset) const { return mapping.data() + offset; }
  size_t size() const { return placedBytes; }

private:
  Mapping mapping;
  size_t placedBytes = 0;
};

} // namespace tritc::exec
