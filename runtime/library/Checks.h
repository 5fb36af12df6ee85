//===- Checks.h - What callers pass ---------------------------------------===//
#pragma once

#include "runtime/base/Failure.h"
#include "runtime/library/tritc.h"

#include <cstring>
#include <initializer_list>
#include <span>

namespace tritc::library {

/// \returns the status; what `error`, unless null, is told.
int report(const base::Failure &failure, tritc_error *error);
int report(TRITC_STATUS status, const char *message, tritc_error *error);

/// What a caller passed, and whether it is of use.
struct Argument {
  const char *name;
  bool isGood;
};

/// An argument that points to `count` things.
inline Argument pointer(const char *name, const void *value, size_t count = 1) {
  return {name, value || count == 0};
}

/// Reports the first of them that is of no use.
int check(std::initializer_list<Argument> arguments, tritc_error *error);

/// Fills in what callers know of a structure, who may know less than this
/// library; the rest stays. Usage where they know more, and ask for it.
template <typename T>
base::Failure read(const char *name, const T *given, T &all) {
  if (!given)
    return {};
  size_t size = given->size;
  // No structure is a thousand times as large as its size.
  if (size < sizeof(size) || size > 1000 * sizeof(T))
    return base::fail(base::Usage,
                      "%s: expected sizeof it in its size, found "
                      "%zu",
                      name, size);
  auto *bytes = reinterpret_cast<const unsigned char *>(given);
  for (size_t i = sizeof(T); i < size; ++i)
    if (bytes[i])
      return base::fail(base::Usage,
                        "%s: asks for something that this library, version %u, "
                        "does not know",
                        name, TRITC_LIBRARY_VERSION);
  memcpy(static_cast<void *>(&all), given, size < sizeof(T) ? size : sizeof(T));
  all.size = sizeof(T);
  return {};
}

/// Writes what there is room for, and how much there is.
template <typename T>
int fill(std::span<const T> all, T *place, size_t room, size_t *count) {
  size_t most = all.size() < room ? all.size() : room;
  if (most > 0)
    memcpy(static_cast<void *>(place), all.data(), most * sizeof(T));
  if (count)
    *count = all.size();
  return TRITC_OK;
}

} // namespace tritc::library
