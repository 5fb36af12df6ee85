//===- Slice.h - Part of a text -------------------------------------------===//
#pragma once

#include <cstddef>
#include <string_view>

namespace tritc::text {

/// Bytes [begin, end) of `text`. string_view::substr would pull the exceptions
/// of libstdc++ into the runtime.
inline std::string_view slice(std::string_view text, size_t begin, size_t end) {
  return {text.data() + begin, end - begin};
}

} // namespace tritc::text
