//===- Listen.h - Sockets that clients find -------------------------------===//
#pragma once

#include "runtime/base/Array.h"
#include "runtime/base/Failure.h"

#include <string_view>
#include <sys/socket.h>

namespace tritc::http {

/// Sockets that listen, and where.
struct Listening {
  base::Array<int> sockets;
  /// Nobody but this machine reaches them.
  bool isLocal = true;
  base::Array<char> addresses; ///< as one writes them in a browser, a space in
                               ///< between
};

/// Whether `host` is an address or name of this machine that no other reaches:
/// localhost, 127.x.y.z, ::1, in brackets or not.
bool isLoopback(std::string_view host);
/// Whether it is an address, not a name.
bool isAddress(std::string_view host);
/// `authority` without its port, and an IPv6 address without its brackets.
std::string_view hostOf(std::string_view authority);

/// Listens on an address, or with "localhost" on both of this machine's own.
/// Port 0 takes one that is free.
base::Failure listenOn(std::string_view host, uint16_t port,
                       Listening &listening);
/// Listens on a socket of the file system, which its owner may use; one that
/// nobody listens on any more is replaced.
base::Failure listenOnPath(std::string_view path, Listening &listening);
/// The sockets that systemd hands over (LISTEN_FDS), if it does.
base::Failure takeActivated(Listening &listening);

/// Tells systemd (NOTIFY_SOCKET) that the program is ready, if it asks.
void notifyReady();

} // namespace tritc::http
