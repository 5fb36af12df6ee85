//===- WorkProfile.h - Where the time of a token goes ---------------------===//
#pragma once

#include "runtime/chat/Bandwidth.h"
#include "runtime/chat/Options.h"
#include "runtime/exec/Engine.h"

namespace tritc::chat {

/// Tokens to be run.
struct ProfiledRun {
  const char *phase; ///< "prefill" or "decode"
  std::span<const int32_t> ids;
  size_t depth;  ///< position of the first
  bool oneByOne; ///< or as one prompt
};

/// What one kind of work takes.
struct WorkShare {
  const char *kind;    ///< "head"; "barrier" is waiting
  double microseconds; ///< per token
  double share;        ///< of the whole time
  /// For what reads weights or the KV cache, of the bandwidth; else negative.
  double shareOfBandwidth;
};

/// Runs the tokens and appends what each kind of work took; the last, `others`,
/// is all that reads neither weights nor cache, sampling and waiting included.
/// `bandwidth` is measured meanwhile. What `windowed_attention` reads differs
/// by layer: it has no share of it.
void profileWork(const TritcProgram &program, const Settings &settings,
                 exec::Engine &engine, const ProfiledRun &what,
                 Bandwidth &bandwidth, base::Array<WorkShare> &shares);

} // namespace tritc::chat
