//===- Presets.h - Shapes that have a name --------------------------------===//
#pragma once

#include "tools/tritc-synth/Shape.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace tritc::synth {

struct Preset {
  llvm::StringLiteral name;
  llvm::StringLiteral family;
  llvm::StringLiteral summary;
  Shape shape;
};

/// The published shapes, and one for tests of every family: small, and odd
/// where the published ones are (head widths that are no power of two, heads
/// wider than hidden / heads).
llvm::ArrayRef<Preset> presets();

/// nullptr if there is none.
const Preset *presetCalled(llvm::StringRef name);

/// "tiny | 2b4t | ...", for messages.
std::string presetList();

} // namespace tritc::synth
