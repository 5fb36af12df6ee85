//===- SmallFile.h - Files of /proc and /sys ------------------------------===//
#pragma once

#include <fcntl.h>
#include <string_view>
#include <unistd.h>

namespace tritc::exec {

/// The first bytes of a small file, 255 at most, with a zero behind them; empty
/// when it cannot be read.
inline std::string_view readSmall(const char *path, char (&buffer)[256]) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return {};
  ssize_t got = read(file, buffer, sizeof(buffer) - 1);
  close(file);
  if (got <= 0)
    return {};
  buffer[got] = 0;
  return {buffer, static_cast<size_t>(got)};
}

} // namespace tritc::exec
