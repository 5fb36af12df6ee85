//===- AnonymousMemory.h - Zeroed pages -----------------------------------===//
#pragma once

#include <cstdint>

namespace tritc::codegen {

/// Zeroed memory that costs nothing until it is touched.
class AnonymousMemory {
public:
  enum class Pages { Usual, Huge };

  /// \param pages huge ones are asked for, and come if the system has them
  explicit AnonymousMemory(uint64_t bytes, Pages pages = Pages::Usual);
  AnonymousMemory(const AnonymousMemory &) = delete;
  AnonymousMemory &operator=(const AnonymousMemory &) = delete;
  ~AnonymousMemory();

  /// False where the system had no memory.
  bool isThere() const { return start != nullptr; }
  template <typename T>
  T *as() const {
    return static_cast<T *>(start);
  }

private:
  uint64_t bytes;
  void *start;
};

} // namespace tritc::codegen
