//===- Html.cpp - The report as a page with a roofline --------------------===//
#include "compiler/report/Report.h"
#include "compiler/report/Roofline.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace tritc::report {

static constexpr StringLiteral style = R"css(
:root { color-scheme: light dark; --ink: #1c2430; --dim: #5f6b7a; --paper: #fff;
  --line: #d8dee6; --band: #f3f6f9; --accent: #0b6e4f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e9f0; --dim: #98a4b3;
  --paper: #14181e; --line: #333c47; --band: #1c222a; --accent: #4fd1a5; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .3rem; }
h3 { font-size: 1rem; margin: 1.6rem 0 .3rem; }
p { margin: .3rem 0; color: var(--dim); }
svg { width: 100%; height: auto; margin: .8rem 0; }
svg text { font: 12px system-ui, sans-serif; fill: var(--dim); }
svg .title { fill: var(--ink); }
.grid { stroke: var(--line); }
.roof { stroke: var(--ink); fill: none; stroke-width: 2; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem; text-align: right; border-bottom: 1px solid var(--line); }
th { color: var(--dim); font-weight: normal; }
th:first-child, td:first-child { text-align: left; white-space: nowrap; }
tr.chosen { background: var(--band); font-weight: 600; }
tr.chosen td:first-child { box-shadow: inset 3px 0 var(--accent); }
td.bar { width: 22%; }
td.bar div { background: var(--accent); height: .55rem; border-radius: 2px; opacity: .45; }
tr.chosen td.bar div { opacity: 1; }
.swatch { display: inline-block; width: .7rem; height: .7rem; border-radius: 50%;
  margin-right: .45rem; }
code { font-size: .95em; }
)css";

std::string escaped(StringRef text) {
  std::string result;
  raw_string_ostream os(result);
  printHTMLEscaped(text, os);
  return result;
}

static std::string microseconds(std::optional<double> seconds) {
  return seconds ? formatv("{0:f1}", *seconds * 1e6).str() : "–";
}

/// What chose: measured where it was, predicted otherwise.
static double decisive(const Candidate &each) {
  return each.decode ? *each.decode : each.predicted.value_or(0);
}

static void printMatrix(const Matrix &matrix, ArrayRef<std::string> kernels,
                        raw_ostream &os) {
  os << formatv("<h3><code>{0}</code></h3>\n<p>{1} × {2}, {3} layers; "
                "{4:f1} MB in all</p>\n",
                escaped(matrix.name), matrix.rows, matrix.columns,
                matrix.layers,
                double(matrix.chosen().bytes * matrix.layers) / 1e6);
  os << "<table><tr><th>kernel</th><th>bits a weight</th><th>bytes of a "
        "layer</th><th>predicted, µs</th><th>one token, µs</th><th>of a block, "
        "µs</th><th></th></tr>\n";
  double longest = 0;
  for (const Candidate &each : matrix.candidates)
    longest = std::max(longest, decisive(each));
  for (const Candidate &each : matrix.candidates)
    os << formatv(
        "<tr{0}><td><span class=\"swatch\" style=\"background:{1}\"></span>"
        "{2}</td><td>{3:f3}</td><td>{4:n}</td><td>{5}</td><td>{6}</td><td>{7}"
        "</td><td class=\"bar\"><div "
        "style=\"width:{8:f0}%\"></div></td></tr>\n",
        each.isChosen ? " class=\"chosen\"" : "",
        colourOf(each.kernel, kernels), escaped(each.kernel),
        each.bitsPerWeight, each.bytes, microseconds(each.predicted),
        microseconds(each.decode), microseconds(each.prefill),
        longest > 0 ? 100 * decisive(each) / longest : 0);
  os << "</table>\n";
}

static void printTarget(const TargetReport &target, raw_ostream &os) {
  os << formatv("<h2>{0}</h2>\n<p>Predicted for {1} cores of {2} MHz that read "
                "{3:f1} GB/s together.</p>\n",
                escaped(target.target), target.cores, target.mhz,
                target.bytesPerSecond / 1e9);
  if (const std::optional<Measured> &measured = target.measured)
    os << formatv("<p>Measured on {0} with {1} threads: reading {2:f1} GB/s, "
                  "products of bytes {3:f0} GMAC/s.</p>\n",
                  escaped(measured->cpu), measured->threads,
                  measured->bytesPerSecond / 1e9,
                  measured->dotsPerSecond / 1e9);
  std::vector<std::string> kernels = kernelsOf(target);
  os << roofline(target, kernels);
  for (const Matrix &matrix : target.matrices)
    printMatrix(matrix, kernels, os);
}

std::string toHtml(const Report &report) {
  std::string text;
  raw_string_ostream os(text);
  os << "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
     << "<meta name=\"viewport\" content=\"width=device-width\">\n<title>"
     << escaped(report.model) << ": kernels</title>\n<style>" << style
     << "</style></head><body>\n<h1>" << escaped(report.model)
     << "</h1>\n<p>Which kernel each ternary matrix got, and why. The chosen "
        "one is marked; bars show the time of one token, measured where it "
        "was, predicted otherwise.</p>\n";
  for (const TargetReport &target : report.targets)
    printTarget(target, os);
  os << "</body></html>\n";
  return text;
}

} // namespace tritc::report
