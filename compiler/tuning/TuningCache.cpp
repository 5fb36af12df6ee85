//===- TuningCache.cpp - Times of kernels, kept in a file -----------------===//
#include "compiler/tuning/TuningCache.h"

#include "compiler/codegen/FileIO.h"
#include "compiler/support/FileKind.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Host.h"

namespace tritc::tuning {

using namespace llvm;

bool Timing::isOfTheSame(const Timing &other) const {
  return compiler == other.compiler && cpu == other.cpu &&
         threads == other.threads && target == other.target &&
         kernel == other.kernel && rows == other.rows &&
         columns == other.columns;
}

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

static json::Value toJSON(const Timing &timing) {
  return json::Object{{"compiler", timing.compiler},
                      {"cpu", timing.cpu},
                      {"threads", timing.threads},
                      {"target", timing.target},
                      {"kernel", timing.kernel},
                      {"rows", timing.rows},
                      {"columns", timing.columns},
                      {"decode_seconds", timing.decode},
                      {"prefill_seconds", timing.prefill},
                      {"bytes_per_second", timing.bytesPerSecond},
                      {"products_per_second", timing.dotsPerSecond}};
}

static bool fromJSON(const json::Value &value, Timing &timing,
                     json::Path path) {
  json::ObjectMapper map(value, path);
  return map && map.map("compiler", timing.compiler) &&
         map.map("cpu", timing.cpu) && map.map("threads", timing.threads) &&
         map.map("target", timing.target) && map.map("kernel", timing.kernel) &&
         map.map("rows", timing.rows) && map.map("columns", timing.columns) &&
         map.map("decode_seconds", timing.decode) &&
         map.map("prefill_seconds", timing.prefill) &&
         map.map("bytes_per_second", timing.bytesPerSecond) &&
         map.map("products_per_second", timing.dotsPerSecond) &&
         timing.decode > 0 && timing.decode < 1e6 && timing.prefill >= 0 &&
         timing.prefill < 1e6 && timing.bytesPerSecond > 0 &&
         timing.dotsPerSecond > 0;
}

static Expected<std::vector<Timing>> parse(StringRef text) {
  Expected<json::Value> value = json::parse(text);
  if (!value)
    return value.takeError();
  const json::Object *object = value->getAsObject();
  const json::Value *list = object ? object->get("timings") : nullptr;
  std::vector<Timing> timings;
  json::Path::Root root;
  if (!list || !json::fromJSON(*list, timings, root))
    return createStringError("no list of timings");
  return timings;
}

/// The largest file that makes sense; whatever else is there is no cache.
static constexpr uint64_t mostBytes = 16 << 20;

/// What stands in `path`; a complaint says why that is no cache.
static Expected<std::vector<Timing>> readTimings(StringRef path) {
  sys::fs::file_status status;
  if (std::error_code error = sys::fs::status(path, status))
    return createStringError(error.message());
  if (sys::fs::is_directory(status))
    return createStringError("a folder");
  if (!sys::fs::is_regular_file(status))
    return createStringError("no regular file");
  if (status.getSize() > mostBytes)
    return createStringError("more than 16 MB");
  ErrorOr<std::unique_ptr<MemoryBuffer>> text = MemoryBuffer::getFile(path);
  if (!text)
    return createStringError(text.getError().message());
  StringRef bytes = (*text)->getBuffer();
  Expected<std::vector<Timing>> timings = parse(bytes);
  if (timings)
    return timings;
  // What it is says more than where it stops being JSON.
  std::string kind = fileKind(bytes, Expects::Text);
  if (kind.empty())
    return timings.takeError();
  consumeError(timings.takeError());
  return createStringError(kind);
}

TuningCache TuningCache::read(StringRef path, std::string &complaint) {
  TuningCache cache;
  cache.path = path.str();
  if (path.empty() || !sys::fs::exists(path))
    return cache;
  Expected<std::vector<Timing>> timings = readTimings(path);
  if (timings) {
    cache.timings = std::move(*timings);
    return cache;
  }
  // Of JSON's errors, the first line says where.
  std::string why = toString(timings.takeError());
  complaint = formatv("'{0}' is no tuning cache ({1}) and is not used", path,
                      StringRef(why).split('\n').first);
  cache.path.clear(); // whatever it is, it stays
  return cache;
}

const Timing *TuningCache::find(const Timing &what) const {
  auto found = find_if(
      timings, [&](const Timing &timing) { return timing.isOfTheSame(what); });
  return found == timings.end() ? nullptr : &*found;
}

void TuningCache::put(const Timing &timing) {
  llvm::erase_if(
      timings, [&](const Timing &other) { return timing.isOfTheSame(other); });
  timings.push_back(timing);
}

Error TuningCache::write() const {
  if (path.empty())
    return Error::success();
  if (std::error_code error =
          sys::fs::create_directories(sys::path::parent_path(path)))
    return createStringError(error, "cannot write '" + path + "'");
  json::Array list;
  for (const Timing &timing : timings)
    list.push_back(toJSON(timing));
  std::string text;
  raw_string_ostream(text) << formatv(
      "{0:2}\n", json::Value(json::Object{{"timings", std::move(list)}}));
  return codegen::writeOutput(path, text);
}

//===----------------------------------------------------------------------===//
// Where, and on what
//===----------------------------------------------------------------------===//

std::string defaultCachePath() {
  SmallString<128> path;
  if (!sys::path::cache_directory(path))
    return "";
  sys::path::append(path, "tritc", "tuning.json");
  return path.str().str();
}

std::string cpuModel() {
  if (ErrorOr<std::unique_ptr<MemoryBuffer>> text =
          MemoryBuffer::getFileAsStream("/proc/cpuinfo"))
    for (StringRef line : split((*text)->getBuffer(), '\n'))
      if (line.starts_with("model name"))
        return line.split(':').second.trim().str();
  return sys::getHostCPUName().str();
}

} // namespace tritc::tuning
