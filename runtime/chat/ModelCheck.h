//===- ModelCheck.h - Do code and image belong together? ------------------===//
#pragma once

#include "runtime/abi/Image.h"
#include "runtime/abi/Program.h"
#include "runtime/base/Failure.h"

namespace tritc::chat {

/// Malformed with the first thing that does not fit, or nothing; a Model may be
/// made of them then. As exec::checkImage, which it calls, and the tokenizer.
base::Failure checkModel(const TritcProgram &program,
                         const TritcImageHeader &image);

} // namespace tritc::chat
