//===- Request.cpp - What a client asked ----------------------------------===//

#include "runtime/http/Request.h"

using namespace tritc;
using namespace tritc::http;

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool http::equalsIgnoringCase(std::string_view left, std::string_view right) {
  if (left.size() != right.size())
    return false;
  for (size_t i = 0; i < left.size(); ++i)
    if (lower(left[i]) != lower(right[i]))
      return false;
  return true;
}

std::string_view Request::field(std::string_view name) const {
  for (const HeaderField &field : fields)
    if (equalsIgnoringCase(field.name, name))
      return field.value.data() ? field.value : std::string_view("");
  return {};
}

size_t Request::count(std::string_view name) const {
  size_t found = 0;
  for (const HeaderField &field : fields)
    found += equalsIgnoringCase(field.name, name);
  return found;
}
