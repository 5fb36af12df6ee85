//===- StaticLibrary.h - A model in an archive ----------------------------===//
//
// One object in which only the interface of runtime/library/tritc.h is global,
// with the image as a section. It lies at the end of the file, so that weights
// are streamed as into an executable, and at a distance that no relocation of
// code has to span: linkers place large sections apart.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/codegen/FileIO.h"
#include "compiler/codegen/Machine.h"
#include "compiler/codegen/Selftest.h"

namespace tritc::codegen {

/// An object that has the image's locator, and its section, empty as yet; to
/// be linked in front of a relocatable program.
llvm::Expected<std::string> imagePlace(uint64_t imageBytes,
                                       const Machine &machine);

/// Makes `object`, a relocatable program with an imagePlace(), the front of an
/// archive `name`; the image of that size belongs at imageOffset() of it.
/// Code 6 where it has no such place, or the archive would be too large.
llvm::Error makeArchive(llvm::SmallVectorImpl<char> &object,
                        uint64_t imageBytes, llvm::StringRef name,
                        bool keepSymbols);

/// Makes the archive, writes it to `file` and gives it its name. Other
/// parameters as in writeTestedImage.
llvm::Error writeStaticLibrary(llvm::SmallVectorImpl<char> &object,
                               const ImageContents &contents,
                               const WeightPlan &plan,
                               const std::optional<ReferenceCode> &reference,
                               const WeightSource &source, OutputFile &file,
                               unsigned threads, bool keepSymbols,
                               const Progress &progress);

} // namespace tritc::codegen
