//===- Render.cpp - A report for people and for programs ------------------===//
#include "compiler/report/Render.h"
#include "compiler/report/Token.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace tritc::report {

static std::string microseconds(std::optional<double> seconds) {
  return seconds ? formatv("{0:f1}", *seconds * 1e6).str() : "-";
}

static void printHead(const TargetReport &target, raw_ostream &os) {
  os << formatv("{0}: predicted for {1} cores of {2} MHz that read {3:f1} "
                "GB/s together\n",
                target.target, target.cores, target.mhz,
                target.bytesPerSecond / 1e9);
  if (target.measured)
    os << formatv("measured on {0}, {1} threads: {2:f1} GB/s, {3:f0} GMAC/s\n",
                  target.measured->cpu, target.measured->threads,
                  target.measured->bytesPerSecond / 1e9,
                  target.measured->dotsPerSecond / 1e9);
}

static void printToken(const TargetReport &target, raw_ostream &os) {
  Token token = tokenOf(target);
  os << formatv("a token: {0:f1} us, {1:n} bytes; {2:f1} tokens/s",
                token.seconds * 1e6, token.bytes, token.perSecond());
  if (token.cache.bytes)
    os << formatv(", {0:f1} when {1} tokens of context are full",
                  token.perSecondAtTheEnd(), target.contextSize);
  os << "\n";
  for (const Part &part : token.parts)
    os << formatv("    {0,-44} {1,-20} {2,10} {3,10}\n", part.name, part.form,
                  part.bytes, microseconds(part.seconds));
}

std::string toText(const Report &report) {
  std::string text;
  raw_string_ostream os(text);
  os << report.model << "\n" << report.compiler << "\n";
  if (report.output)
    os << formatv("{0}: {1:n} bytes\n", report.output->path,
                  report.output->bytes);
  for (const TargetReport &target : report.targets) {
    os << '\n';
    printHead(target, os);
    printToken(target, os);
    for (const Matrix &matrix : target.matrices) {
      os << formatv("\n{0}  {1}x{2}, {3} layers\n", matrix.name, matrix.rows,
                    matrix.columns, matrix.layers);
      os << formatv("    {0,-20} {1,6} {2,10} {3,10} {4,10} {5,10}\n", "kernel",
                    "bits", "bytes", "predicted", "decode", "prefill");
      for (const Candidate &each : matrix.candidates)
        os << formatv("  {0} {1,-20} {2,6} {3,10} {4,10} {5,10} {6,10}\n",
                      each.isChosen ? "*" : " ", each.kernel,
                      formatv("{0:f3}", each.bitsPerWeight).str(), each.bytes,
                      microseconds(each.predicted), microseconds(each.decode),
                      microseconds(each.prefill));
    }
  }
  os << "\n* chosen; microseconds a token; decode and prefill as measured by "
        "--tune\n";
  return text;
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

static json::Value orNull(std::optional<double> value) {
  return value ? json::Value(*value) : json::Value(nullptr);
}

static json::Value toJSON(const Candidate &each) {
  return json::Object{{"kernel", each.kernel},
                      {"bits_per_weight", each.bitsPerWeight},
                      {"bytes", each.bytes},
                      {"predicted_compute_seconds", each.computeSeconds},
                      {"predicted_memory_seconds", each.memorySeconds},
                      {"predicted_seconds", orNull(each.predicted)},
                      {"decode_seconds", orNull(each.decode)},
                      {"prefill_seconds", orNull(each.prefill)},
                      {"chosen", each.isChosen}};
}

static json::Value toJSON(const Matrix &matrix) {
  return json::Object{
      {"name", matrix.name},
      {"rows", matrix.rows},
      {"columns", matrix.columns},
      {"layers", matrix.layers},
      {"choice", matrix.chosen().kernel},
      {"bytes", matrix.chosen().bytes * matrix.layers},
      {"candidates",
       json::Array(map_range(matrix.candidates, [](const Candidate &each) {
         return toJSON(each);
       }))}};
}

static json::Value toJSON(const Part &part) {
  return json::Object{{"name", part.name},
                      {"form", part.form},
                      {"bytes", part.bytes},
                      {"seconds", part.seconds},
                      {"measured", part.isMeasured}};
}

static json::Value toJSON(const Token &token) {
  return json::Object{
      {"bytes", token.bytes},
      {"seconds", token.seconds},
      {"tokens_per_second", token.perSecond()},
      {"tokens_per_second_full_context", token.perSecondAtTheEnd()},
      {"parts",
       json::Array(map_range(token.parts,
                             [](const Part &part) { return toJSON(part); }))},
      {"kv_cache", toJSON(token.cache)}};
}

static json::Value toJSON(const TargetReport &target) {
  json::Object object{
      {"target", target.target},
      {"cores", target.cores},
      {"mhz", target.mhz},
      {"block_tokens", target.blockTokens},
      {"bytes_per_second", target.bytesPerSecond},
      {"context_size", target.contextSize},
      {"kv_cache_bytes", target.cacheBytes},
      {"scratch_bytes", target.scratchBytes},
      {"token", toJSON(tokenOf(target))},
      {"matrices",
       json::Array(map_range(target.matrices, [](const Matrix &matrix) {
         return toJSON(matrix);
       }))}};
  if (const std::optional<Measured> &measured = target.measured)
    object["measured"] =
        json::Object{{"cpu", measured->cpu},
                     {"threads", measured->threads},
                     {"bytes_per_second", measured->bytesPerSecond},
                     {"products_per_second", measured->dotsPerSecond}};
  return object;
}

std::string toJson(const Report &report) {
  json::Object object{
      {"model", report.model},
      {"compiler", report.compiler},
      {"command", report.command},
      {"weight_bytes", report.weightBytes},
      {"output_bytes", report.output ? json::Value(report.output->bytes)
                                     : json::Value(nullptr)},
      {"targets",
       json::Array(map_range(report.targets, [](const TargetReport &target) {
         return toJSON(target);
       }))}};
  return formatv("{0:2}\n", json::Value(std::move(object)));
}

std::string render(const Report &report, Format format) {
  switch (format) {
  case Format::Text:
    return toText(report);
  case Format::Json:
    return toJson(report);
  case Format::Html:
    return toHtml(report);
  }
  return "";
}

} // namespace tritc::report
