//===- Progress.cpp - How far a prompt is read ----------------------------===//

#include "runtime/chat/repl/Progress.h"

using namespace tritc;
using namespace tritc::chat;

static constexpr double secondsBefore = 0.5;
static constexpr double secondsBetween = 0.1;

void Progress::show(size_t done, size_t total) {
  if (isSilent)
    return;
  if (done >= total)
    return clear();
  double now = exec::monotonicSeconds();
  if (now - start < secondsBefore || now - last < secondsBetween)
    return;
  last = now;
  ui.write(isShown ? "\r" : "");
  ui.write(style.note);
  ui.print("[reading %zu of %zu tokens, %zu %%", done, total,
           done * 100 / total);
  if (done > 0)
    ui.print(", %.0f s left", (now - start) *
                                  static_cast<double>(total - done) /
                                  static_cast<double>(done));
  ui.write("]");
  ui.write(style.plain);
  ui.write("\x1b[K");
  ui.flush();
  isShown = true;
}

void Progress::clear() {
  if (!isShown)
    return;
  ui.write("\r\x1b[K");
  ui.flush();
  isShown = false;
}
