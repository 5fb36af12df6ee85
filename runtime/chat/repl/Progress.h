//===- Progress.h - How far a prompt is read ------------------------------===//
#pragma once

#include "runtime/chat/Style.h"
#include "runtime/exec/Clock.h"

namespace tritc::chat {

/// A line on the terminal while a prompt is read, if that takes longer than
/// half a second; gone afterwards.
class Progress {
public:
  /// \param isSilent the output cannot take a line back
  Progress(Output &ui, const Style &style, bool isSilent)
      : ui(ui), style(style), isSilent(isSilent) {}

  /// `done` of `total` tokens are read; all of them: removes the line.
  void show(size_t done, size_t total);
  void clear();

private:
  Output &ui;
  const Style &style;
  bool isSilent;
  bool isShown = false;
  double start = exec::monotonicSeconds();
  double last = 0;
};

} // namespace tritc::chat
