//===- Regex.h - Patterns of JSON Schema ----------------------------------===//
#pragma once

#include "runtime/base/Failure.h"
#include "runtime/grammar/CharNfa.h"

namespace tritc::grammar {

/// Makes `nfa` of the texts in which `pattern`, a regular expression of
/// ECMA-262, is found. Usage for what it does not support, by name. Where other
/// readers of patterns know more characters by \d, \w or \s, those are in
/// neither these nor their opposites.
base::Failure readRegex(std::string_view pattern, CharNfa &nfa);

} // namespace tritc::grammar
