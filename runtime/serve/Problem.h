//===- Problem.h - Why a request has no answer ----------------------------===//
#pragma once

#include "runtime/base/Array.h"

#include <string_view>

namespace tritc::serve {

/// A status and a line, or nothing: `if (Problem problem = step()) ...`
struct Problem {
  int status = 0;
  const char *code = nullptr; ///< a word for programs; null for none
  char param[96] = "";        ///< the field whose fault it is, or nothing
  char message[256] = "";

  explicit operator bool() const { return status != 0; }
};

/// A problem with a printf-formatted message.
__attribute__((format(printf, 4, 5))) Problem problem(int status,
                                                      const char *code,
                                                      std::string_view param,
                                                      const char *format, ...);

/// The body that says so: {"error": {message, type, param, code}}, or where
/// Ollama's clients ask {"error": message}.
void writeProblem(const Problem &problem, bool isOllama,
                  base::Array<char> &body);

} // namespace tritc::serve
