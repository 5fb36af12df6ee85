//===- RapidJson.h - RapidJSON without the C++ library --------------------===//
//
// Include this in place of rapidjson/reader.h. RapidJSON asks operator new for
// allocators that it was not given; there is none in an emitted program.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdlib>
#include <new>

namespace tritc::text {
template <typename T>
void destroyRapidJson(T *object) {
  if (!object)
    return;
  object->~T();
  free(object);
}
} // namespace tritc::text

#define RAPIDJSON_NEW(x)                                                       \
  new (malloc(sizeof(*static_cast<decltype(new x)>(nullptr)))) x
#define RAPIDJSON_DELETE(x) ::tritc::text::destroyRapidJson(x)

// Its empty stack adds to a null pointer, which sanitizers report.
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), \
                             apply_to = function)
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#pragma clang attribute pop
