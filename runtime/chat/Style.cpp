//===- Style.cpp - Colours for people -------------------------------------===//
//
// NO_COLOR: no-color.org; CLICOLOR and CLICOLOR_FORCE: bixense.com/clicolors.
//
//===----------------------------------------------------------------------===//

#include "runtime/chat/Style.h"

#include <cstdlib>

using namespace tritc;
using namespace tritc::chat;

/// An environment variable; empty when it is not set.
static std::string_view variable(const char *name) {
  const char *value = getenv(name);
  return value ? value : "";
}

bool chat::isDumbTerminal() { return variable("TERM") == "dumb"; }

static bool wantsColours(const Output &out) {
  if (!variable("NO_COLOR").empty())
    return false;
  std::string_view force = variable("CLICOLOR_FORCE");
  if (!force.empty() && force != "0")
    return true;
  return variable("CLICOLOR") != "0" && out.isTerminal() && !isDumbTerminal();
}

Style chat::styleFor(const Output &out) {
  if (!wantsColours(out))
    return {};
  return {"\x1b[32m", "\x1b[2m", "\x1b[0m"};
}
