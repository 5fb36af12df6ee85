//===- WholeFile.h - Is the file of this program all there? ---------------===//
#pragma once

#include "runtime/abi/Image.h"
#include "runtime/base/Failure.h"

namespace tritc::exec {

/// Malformed where the last bytes of the mapped image, `bytes` long, are not
/// those that the compiler wrote there: a copy broke off. Where they cannot be
/// read, the process ends itself, with the same sentence and code. From then on
/// a page of the file that cannot be read (a disk fails, somebody cut the file
/// off) ends it in one line as well, and not by SIGBUS.
base::Failure checkWholeFile(const TritcImageHeader *image, uint64_t bytes);

} // namespace tritc::exec
