//===- Owned.h - An object on the heap, without the C++ library -----------===//
//
// The runtime links no libstdc++, so operator new and std::unique_ptr are out
// of reach. This is the part of them that objects with names of their own need.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Failure.h"

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <utility>

namespace tritc::base {

/// Makes a T on the malloc heap; destroy() ends it. Running out of memory ends
/// the process with one line and exit code 70.
template <typename T, typename... Arguments>
T *create(Arguments &&...arguments) {
  // A multiple of its alignment, as sizeof always is.
  void *memory = alignof(T) > alignof(max_align_t)
                     ? aligned_alloc(alignof(T), sizeof(T))
                     : malloc(sizeof(T));
  if (!memory) {
    fprintf(stderr, "error: out of memory (%zu bytes)\n", sizeof(T));
    exit(Internal);
  }
  return new (memory) T(std::forward<Arguments>(arguments)...);
}

template <typename T>
void destroy(T *object) {
  if (!object)
    return;
  object->~T();
  free(static_cast<void *>(object));
}

/// Owns one object, or none.
template <typename T>
class Owned {
public:
  Owned() = default;
  explicit Owned(T *object) : object(object) {}
  Owned(Owned &&other) noexcept : object(other.release()) {}
  Owned &operator=(Owned &&other) noexcept {
    if (this != &other)
      reset(other.release());
    return *this;
  }
  ~Owned() { destroy(object); }

  void reset(T *other = nullptr) {
    destroy(object);
    object = other;
  }
  T *release() { return std::exchange(object, nullptr); }
  T *get() const { return object; }
  T *operator->() const { return object; }
  T &operator*() const { return *object; }
  explicit operator bool() const { return object; }

private:
  T *object = nullptr;
};

} // namespace tritc::base
