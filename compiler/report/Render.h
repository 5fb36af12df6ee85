//===- Render.h - A report for people and for programs --------------------===//
#pragma once

#include "compiler/report/Report.h"

namespace tritc::report {

enum class Format { Text, Json, Html };

std::string toText(const Report &report);
std::string toJson(const Report &report);
/// A page that needs nothing but itself.
std::string toHtml(const Report &report);

std::string render(const Report &report, Format format);

} // namespace tritc::report
