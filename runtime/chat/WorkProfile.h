//===- WorkProfile.h - Where the time of a token goes ---------------------===//
#pragma once

#include "runtime/chat/Bandwidth.h"
#include "runtime/chat/Options.h"
#include "runtime/chat/Report.h"
#include "runtime/exec/Engine.h"

namespace tritc::chat {

/// Tokens to be run.
struct ProfiledRun {
  const char *phase; ///< first word of the keys
  std::span<const int32_t> ids;
  size_t depth;  ///< position of the first
  bool oneByOne; ///< or as one prompt
};

/// Runs the tokens and reports, by kind of work, `<phase>.<kind>.microseconds`
/// per token, `.share` of the time and, for what reads weights or the KV cache,
/// `.share_of_bandwidth`, a part of what `bandwidth` measures meanwhile.
/// `barrier` is what threads wait, `others` all that reads neither, both
/// included. What `windowed_attention` reads differs by layer: it has no such
/// share.
void reportWork(const TritcProgram &program, const Settings &settings,
                exec::Engine &engine, const ProfiledRun &what,
                Bandwidth &bandwidth, Report &report);

} // namespace tritc::chat
