//===- Place.cpp - Where something stands in a body -----------------------===//

#include "runtime/serve/Place.h"

#include <algorithm>
#include <cstdio>

using namespace tritc;
using namespace tritc::serve;

Place::Place(const char *name) { snprintf(path, sizeof(path), "%s", name); }

Place Place::in(std::string_view name) const {
  Place made;
  snprintf(made.path, sizeof(made.path), "%s%s%.*s", path, path[0] ? "." : "",
           static_cast<int>(std::min<size_t>(name.size(), 40)), name.data());
  return made;
}

Place Place::at(size_t index) const {
  Place made;
  snprintf(made.path, sizeof(made.path), "%.80s[%zu]", path, index);
  return made;
}
