//===- Place.h - Where something stands in a body -------------------------===//
#pragma once

#include <cstddef>
#include <string_view>

namespace tritc::serve {

/// Where a member stands, as messages say it: "messages[2].content".
struct Place {
  char path[96] = "";

  Place() = default;
  explicit Place(const char *name);
  Place in(std::string_view name) const; ///< a member of what stands here
  Place at(size_t index) const;
};

} // namespace tritc::serve
