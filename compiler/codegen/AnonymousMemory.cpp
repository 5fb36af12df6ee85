//===- AnonymousMemory.cpp - Zeroed pages ---------------------------------===//

#include "compiler/codegen/AnonymousMemory.h"

#include <algorithm>
#include <sys/mman.h>

namespace tritc::codegen {

AnonymousMemory::AnonymousMemory(uint64_t bytes, Pages pages)
    : bytes(std::max<uint64_t>(bytes, 1)),
      start(::mmap(nullptr, this->bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) {
  if (start == MAP_FAILED)
    start = nullptr;
  else if (pages == Pages::Huge)
    ::madvise(start, this->bytes, MADV_HUGEPAGE);
}

AnonymousMemory::~AnonymousMemory() {
  if (start)
    ::munmap(start, bytes);
}

} // namespace tritc::codegen
