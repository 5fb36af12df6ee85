//===- Pooling.h - How the states of a text become one vector -------------===//
#pragma once

#include "runtime/abi/Image.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace tritc::import {

/// The way of a model that says nothing: the last token's state, normalized.
TritcPooling defaultPooling();

/// A pooling of one mode, not normalized.
TritcPooling poolingOf(TritcPoolingMode mode);

/// A text in front of what is embedded, for one purpose.
struct Prompt {
  std::string name, text;
};

struct Prompts {
  std::vector<Prompt> list;        ///< ascending by name
  std::optional<size_t> byDefault; ///< which, where nobody asks for another
};

} // namespace tritc::import
