//===- Find.cpp - A model's name to its files -----------------------------===//

#include "compiler/driver/Find.h"

#include "compiler/codegen/FileIO.h"
#include "compiler/hub/Hub.h"

#include "llvm/Support/FormatVariadic.h"

#include <chrono>

namespace tritc::driver {

namespace {
/// Size, rate and time left, so often that it can be read.
class Rate {
public:
  explicit Rate(Progress &progress) : progress(progress) {}

  void update(uint64_t done, uint64_t all) {
    auto now = Clock::now();
    if (!first)
      first = Sample{now, done};
    if (now - shown < std::chrono::milliseconds(200) && done < all)
      return;
    shown = now;
    double seconds = std::chrono::duration<double>(now - first->time).count();
    double rate = double(done - first->bytes) / std::max(seconds, 1e-3);
    std::string item = llvm::formatv("of {0:f1} MB, {1:f1} MB/s",
                                     double(all) / 1e6, rate / 1e6);
    if (seconds > 1 && rate > 0)
      item += llvm::formatv(", {0:f0} s left", double(all - done) / rate);
    progress.update("download",
                    all ? unsigned(double(done) / double(all) * 100) : 100,
                    item);
  }

private:
  using Clock = std::chrono::steady_clock;
  struct Sample {
    Clock::time_point time;
    uint64_t bytes;
  };
  Progress &progress;
  std::optional<Sample> first;
  Clock::time_point shown;
};
} // namespace

llvm::Error findModel(Options &options, Progress &progress) {
  if (!options.model)
    return llvm::Error::success();
  // Before anybody waits for gigabytes.
  if (!options.run && options.output != "-")
    if (llvm::Error error = codegen::checkPlace(options.output))
      return error;
  progress.begin("download");
  Rate rate(progress);
  auto note = [&](llvm::StringRef line) { progress.note(line); };
  auto update = [&](uint64_t done, uint64_t all) { rate.update(done, all); };
  llvm::Expected<std::string> path =
      hub::locate(*options.model, options.offline, {note, update});
  if (!path)
    return path.takeError();
  options.checkpoint = *path;
  return llvm::Error::success();
}

} // namespace tritc::driver
