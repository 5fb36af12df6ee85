//===- Executable.h - A program and its image in one file -----------------===//
//
// The image never passes through the linker. It is appended to the linked
// program at the next multiple of 2 MB, the program header PT_NOTE becomes a
// read-only PT_LOAD that maps it, and the runtime's locator is told how far
// away it will lie. A section covers it, for strip and its like. There is no
// limit on its size.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/codegen/FileIO.h"
#include "compiler/codegen/Selftest.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

namespace tritc::codegen {

/// The file offset at which the image follows a program of `programBytes`.
uint64_t imageOffset(uint64_t programBytes);

/// Makes `program`, a linked 64-bit little-endian ELF executable, map
/// `imageBytes` bytes of its own file from imageOffset(program.size()) on, the
/// size being the one that it has grown to. Code 6 where it has no PT_NOTE, or
/// not exactly one locator.
llvm::Error attachImage(llvm::SmallVectorImpl<char> &program,
                        uint64_t imageBytes);

/// Writes `program`, which knows of it, with its image to `file` and gives it
/// its name. Other parameters as in writeTestedImage.
llvm::Error writeWithImage(llvm::ArrayRef<char> program,
                           const ImageContents &contents,
                           const WeightPlan &plan,
                           const std::optional<ReferenceCode> &reference,
                           const WeightSource &source, OutputFile &file,
                           unsigned threads, bool executable,
                           const Progress &progress);

/// The same with attachImage() before.
llvm::Error writeExecutable(llvm::SmallVectorImpl<char> &program,
                            const ImageContents &contents,
                            const WeightPlan &plan,
                            const std::optional<ReferenceCode> &reference,
                            const WeightSource &source, OutputFile &file,
                            unsigned threads, const Progress &progress);

} // namespace tritc::codegen
