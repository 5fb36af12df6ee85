//===- Memory.h - How much memory is there to take ------------------------===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tritc::exec {

/// Bytes that this process may still take: what the kernel calls available,
/// within the limit of a cgroup.
size_t availableMemory();

/// Whether the kernel grants huge pages to anonymous memory that asks.
bool grantsHugePages();

/// Whether this memory, a mapped file perhaps, lies in huge pages already: as
/// far as 32 samples show, one byte of each of which is read. False where the
/// kernel cannot say (before Linux 6.7, or with pages of more than 4 kB). Takes
/// less than a millisecond when the file is in the page cache.
bool liesInHugePages(const uint8_t *start, size_t bytes);

/// The number behind `name` in a text of lines `name: number kB`, times 1024;
/// 0 where there is none.
size_t bytesOf(std::string_view text, std::string_view name);

} // namespace tritc::exec
