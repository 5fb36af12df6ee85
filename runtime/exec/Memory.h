//===- Memory.h - How much memory is there to take ------------------------===//
#pragma once

#include <cstddef>
#include <string_view>

namespace tritc::exec {

/// Bytes that this process may still take: what the kernel calls available,
/// within the limit of a cgroup.
size_t availableMemory();

/// Whether the kernel grants huge pages to anonymous memory that asks.
bool grantsHugePages();

/// The number behind `name` in a text of lines `name: number kB`, times 1024;
/// 0 where there is none.
size_t bytesOf(std::string_view text, std::string_view name);

} // namespace tritc::exec
