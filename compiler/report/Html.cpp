//===- Html.cpp - The report as a page ------------------------------------===//
//
// From the whole to its parts: what one can expect, where a token's time goes,
// the roofline, and each matrix with all the kernels that it could have got.
//
//===----------------------------------------------------------------------===//
#include "compiler/report/Render.h"
#include "compiler/report/Roofline.h"
#include "compiler/report/Token.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace tritc::report {

static constexpr StringLiteral style =
#include "compiler/report/Style.inc"
    ;

std::string escaped(StringRef text) {
  std::string result;
  raw_string_ostream os(result);
  printHTMLEscaped(text, os);
  return result;
}

//===----------------------------------------------------------------------===//
// Numbers with units
//===----------------------------------------------------------------------===//

/// "3 kB", "0.4 MB", "749 MB", "1.07 GB"
static std::string megabytes(int64_t bytes) {
  double size = double(bytes) / 1e6;
  if (size >= 1000)
    return formatv("{0:f2} GB", size / 1000);
  if (size < 0.1)
    return formatv("{0:f0} kB", size * 1000);
  return size < 10 ? formatv("{0:f1} MB", size).str()
                   : formatv("{0:f0} MB", size).str();
}

/// "44.5", "12,400"
static std::string speed(double perSecond) {
  return perSecond < 1000 ? formatv("{0:f1}", perSecond).str()
                          : formatv("{0:n}", int64_t(perSecond + 0.5)).str();
}

static std::string microseconds(double seconds) {
  double time = seconds * 1e6;
  return time < 100 ? formatv("{0:f1}", time).str()
                    : formatv("{0:n}", int64_t(time + 0.5)).str();
}

/// A cell with a time of `candidate`.
static std::string cell(const TargetReport &target, const Matrix &matrix,
                        const Candidate &candidate,
                        std::optional<double> Candidate::*time) {
  if (!(candidate.*time))
    return "<td>–</td>";
  return formatv("<td>{0}{1}</td>", microseconds(*(candidate.*time)),
                 isDisturbed(target, matrix, candidate, time) ? "&nbsp;*" : "");
}

//===----------------------------------------------------------------------===//
// Parts of the page
//===----------------------------------------------------------------------===//

static void printFact(StringRef value, StringRef name, StringRef comment,
                      raw_ostream &os) {
  os << formatv("<div><dt>{0}</dt><dd>{1}</dd><dd class=\"more\">{2}</dd>"
                "</div>\n",
                name, value, comment);
}

/// What one can expect of the whole.
static void printTotal(const Report &report, const TargetReport &target,
                       const Token &token, raw_ostream &os) {
  os << "<dl>\n";
  printFact(speed(token.perSecond()), "tokens per second expected",
            token.isMeasured ? "products as measured, the rest as predicted"
                             : formatv("predicted for {0} cores at {1} MHz",
                                       target.cores, target.mhz)
                                   .str(),
            os);
  if (target.cacheBytes)
    printFact(
        speed(token.perSecondAtTheEnd()), "tokens per second",
        formatv("when the context of {0:n} tokens is full", target.contextSize)
            .str(),
        os);
  printFact(megabytes(token.bytes), "read by a token",
            formatv("by {0:f1} GB/s from memory, {1}",
                    (target.measured ? target.measured->bytesPerSecond
                                     : target.bytesPerSecond) /
                        1e9,
                    target.measured ? "measured" : "predicted")
                .str(),
            os);
  int64_t working = target.cacheBytes + target.scratchBytes;
  printFact(megabytes(report.weightBytes + working), "of memory",
            working ? formatv("of it {0} for {1:n} tokens of context",
                              megabytes(working), target.contextSize)
                          .str()
                    : "weights alone",
            os);
  if (report.output)
    printFact(megabytes(report.output->bytes), "in the file",
              formatv("<code>{0}</code>", escaped(report.output->path)).str(),
              os);
  os << "</dl>\n";
}

static void printPart(const Part &part, double longest, StringRef style,
                      raw_ostream &os) {
  os << formatv("<tr{0}><td><code>{1}</code></td><td class=\"wide\">{2}</td>"
                "<td>{3}</td><td>{4}</td><td class=\"wide\">{5}</td>"
                "<td class=\"bar\"><div style=\"width:{6:f0}%\"></div></td>"
                "</tr>\n",
                style, escaped(part.name), escaped(part.form),
                megabytes(part.bytes), microseconds(part.seconds),
                part.isBoundByMemory ? "memory" : "arithmetic",
                longest > 0 ? 100 * part.seconds / longest : 0);
}

static void printParts(const Token &token, raw_ostream &os) {
  os << "<table><tr><th>a token reads</th><th class=\"wide\">as</th><th>bytes"
        "</th><th>µs</th><th class=\"wide\">bound by</th><th></th></tr>\n";
  double longest = token.cache.seconds;
  for (const Part &part : token.parts)
    longest = std::max(longest, part.seconds);
  for (const Part &part : token.parts)
    printPart(part, longest, "", os);
  os << formatv("<tr class=\"total\"><td>a token</td><td class=\"wide\"></td>"
                "<td>{0}</td><td>{1}</td><td class=\"wide\"></td><td></td>"
                "</tr>\n",
                megabytes(token.bytes), microseconds(token.seconds));
  if (token.cache.bytes)
    printPart(token.cache, longest, " class=\"later\"", os);
  os << "</table>\n";
}

static void printMatrix(const TargetReport &target, const Matrix &matrix,
                        ArrayRef<std::string> kernels, raw_ostream &os) {
  bool isMeasured = any_of(matrix.candidates, [](const Candidate &each) {
    return each.decode.has_value();
  });
  os << formatv("<h3><code>{0}</code></h3>\n<p>{1:n} × {2:n}, {3} layers; {4} "
                "in all</p>\n",
                escaped(matrix.name), matrix.rows, matrix.columns,
                matrix.layers,
                megabytes(matrix.chosen().bytes * matrix.layers));
  os << "<table class=\"kernels\"><tr><th>kernel</th><th>bits a weight</th>"
        "<th class=\"wide\">bytes of a layer</th><th>predicted, µs</th>"
     << (isMeasured ? "<th>one token, µs</th><th>of a block, µs</th>" : "")
     << "<th></th></tr>\n";
  double longest = 0;
  for (const Candidate &each : matrix.candidates)
    longest = std::max(longest, decisive(each));
  for (const Candidate &each : matrix.candidates)
    os << formatv(
        "<tr{0}><td><span class=\"swatch\" style=\"background:{1}\"></span>"
        "{2}</td><td>{3:f2}</td><td class=\"wide\">{4:n}</td><td>{5}</td>"
        "{6}{7}<td class=\"bar\"><div style=\"width:{8:f0}%\"></div></td>"
        "</tr>\n",
        each.isChosen ? " class=\"chosen\"" : "",
        colourOf(each.kernel, kernels), escaped(each.kernel),
        each.bitsPerWeight, each.bytes,
        each.predicted ? microseconds(*each.predicted) : "–",
        isMeasured ? cell(target, matrix, each, &Candidate::decode) : "",
        isMeasured ? cell(target, matrix, each, &Candidate::prefill) : "",
        longest > 0 ? 100 * decisive(each) / longest : 0);
  os << "</table>\n";
}

static void printTarget(const Report &report, const TargetReport &target,
                        raw_ostream &os) {
  os << formatv("<section>\n<h2>{0}</h2>\n", escaped(target.target));
  if (const std::optional<Measured> &measured = target.measured)
    os << formatv("<p>Measured on {0} with {1} threads: reading {2:f1} GB/s, "
                  "products of bytes {3:f0} GMAC/s.</p>\n",
                  escaped(measured->cpu), measured->threads,
                  measured->bytesPerSecond / 1e9,
                  measured->dotsPerSecond / 1e9);
  Token token = tokenOf(target);
  printTotal(report, target, token, os);
  printParts(token, os);
  std::vector<std::string> kernels = kernelsOf(target);
  std::string plot = roofline(target, kernels);
  if (!plot.empty())
    os << "<h3>Ternary products below what the machine can do</h3>\n" << plot;
  if (size_t count = countDisturbed(target))
    os << formatv("<p>* {0} {1} left out of the picture: something else was "
                  "at work, the same kernel is three times as fast on other "
                  "matrices.</p>\n",
                  count, count == 1 ? "measurement is" : "measurements are");
  for (const Matrix &matrix : target.matrices)
    printMatrix(target, matrix, kernels, os);
  os << "</section>\n";
}

std::string toHtml(const Report &report) {
  std::string text;
  raw_string_ostream os(text);
  os << "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
     << "<meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\">\n<title>"
     << escaped(report.model) << ": what it costs</title>\n<style>" << style
     << "</style></head><body>\n<header><h1>" << escaped(report.model)
     << "</h1>\n<p>" << escaped(report.compiler) << "</p>\n<p><code>"
     << escaped(report.command) << "</code></p></header>\n";
  for (const TargetReport &target : report.targets)
    printTarget(report, target, os);
  os << "<footer><p>Chosen kernels are marked; bars show the time of one "
        "token, measured where it was, predicted otherwise. Waiting and "
        "arithmetic beside the products are not counted.</p></footer>\n"
        "</body></html>\n";
  return text;
}

} // namespace tritc::report
