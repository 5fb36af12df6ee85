//===- Listen.cpp - Sockets that clients find -----------------------------===//

#include "runtime/http/Listen.h"

#include "runtime/http/Request.h"
#include "runtime/text/Slice.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace tritc;
using namespace tritc::http;
using base::Failure;

namespace {
/// An address of any family, as the system wants it.
union Address {
  sockaddr any;
  sockaddr_in four;
  sockaddr_in6 six;
  sockaddr_un path;
  sockaddr_storage room;
};
} // namespace

/// Reads an address of digits. \returns its length, 0 if it is none
static socklen_t parseAddress(std::string_view host, uint16_t port,
                              Address &address) {
  char digits[INET6_ADDRSTRLEN];
  if (host.empty() || host.size() >= sizeof(digits))
    return 0;
  memcpy(digits, host.data(), host.size());
  digits[host.size()] = 0;
  address = {};
  if (inet_pton(AF_INET, digits, &address.four.sin_addr) == 1) {
    address.four.sin_family = AF_INET;
    address.four.sin_port = htons(port);
    return sizeof(address.four);
  }
  if (inet_pton(AF_INET6, digits, &address.six.sin6_addr) == 1) {
    address.six.sin6_family = AF_INET6;
    address.six.sin6_port = htons(port);
    return sizeof(address.six);
  }
  return 0;
}

static bool isLoopback(const Address &address) {
  if (address.any.sa_family == AF_UNIX)
    return true;
  if (address.any.sa_family == AF_INET)
    return ntohl(address.four.sin_addr.s_addr) >> 24 == 127;
  return address.any.sa_family == AF_INET6 &&
         IN6_IS_ADDR_LOOPBACK(&address.six.sin6_addr);
}

std::string_view http::hostOf(std::string_view authority) {
  if (authority.starts_with('[')) {
    size_t end = authority.find(']');
    return end == authority.npos ? authority : text::slice(authority, 1, end);
  }
  return text::slice(authority, 0,
                     std::min(authority.find(':'), authority.size()));
}

bool http::isAddress(std::string_view host) {
  Address address;
  return parseAddress(host, 0, address);
}

bool http::isLoopback(std::string_view host) {
  Address address;
  return equalsIgnoringCase(host, "localhost") ||
         (parseAddress(host, 0, address) && ::isLoopback(address));
}

/// Adds a socket that listens, and where it does.
static Failure add(int socket, Listening &listening) {
  Address address = {};
  socklen_t length = sizeof(address);
  char text[INET6_ADDRSTRLEN] = "", line[160];
  if (getsockname(socket, &address.any, &length))
    return base::fail(base::Internal, "cannot listen: %s", strerror(errno));
  listening.isLocal &= ::isLoopback(address);
  if (address.any.sa_family == AF_INET) {
    inet_ntop(AF_INET, &address.four.sin_addr, text, sizeof(text));
    snprintf(line, sizeof(line), "http://%s:%u", text,
             ntohs(address.four.sin_port));
  } else if (address.any.sa_family == AF_INET6) {
    inet_ntop(AF_INET6, &address.six.sin6_addr, text, sizeof(text));
    snprintf(line, sizeof(line), "http://[%s]:%u", text,
             ntohs(address.six.sin6_port));
  } else {
    snprintf(line, sizeof(line), "unix:%.107s", address.path.sun_path);
  }
  listening.addresses.append(listening.addresses.empty() ? "" : " ");
  listening.addresses.append(line);
  listening.sockets.push(socket);
  return {};
}

/// A socket that listens there; -1 with errno set.
static int open(const Address &address, socklen_t length) {
  int family = address.any.sa_family, on = 1;
  int made = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (made < 0)
    return -1;
  if (family != AF_UNIX)
    setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (bind(made, &address.any, length) == 0 && listen(made, SOMAXCONN) == 0)
    return made;
  int error = errno;
  close(made);
  errno = error;
  return -1;
}

Failure http::listenOn(std::string_view host, uint16_t port,
                       Listening &listening) {
  bool isName = equalsIgnoringCase(host, "localhost");
  Address address;
  socklen_t length = parseAddress(isName                  ? "127.0.0.1"
                                  : host.starts_with('[') ? hostOf(host)
                                                          : host,
                                  port, address);
  int shown = static_cast<int>(std::min<size_t>(host.size(), 60));
  if (!length)
    return base::fail(base::Usage,
                      "--host: expected an address like 127.0.0.1, ::1 or "
                      "0.0.0.0, or localhost, found '%.*s'",
                      shown, host.data());
  int socket = open(address, length);
  if (socket < 0)
    return base::fail(base::Unreadable, "cannot listen on %.*s, port %u: %s",
                      shown, host.data(), port, strerror(errno));
  if (Failure failure = add(socket, listening))
    return failure;
  if (!isName)
    return {};
  // The other address of this machine, under the same port, where there is one.
  Address first;
  socklen_t size = sizeof(first);
  getsockname(socket, &first.any, &size);
  length = parseAddress("::1", ntohs(first.four.sin_port), address);
  int second = open(address, length);
  return second < 0 ? Failure() : add(second, listening);
}

/// Whether `address` is a socket that nobody listens on any more.
static bool isStale(const Address &address, socklen_t length) {
  struct stat facts;
  if (lstat(address.path.sun_path, &facts) || !S_ISSOCK(facts.st_mode))
    return false;
  int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  bool isRefused = probe >= 0 && connect(probe, &address.any, length) &&
                   errno == ECONNREFUSED;
  if (probe >= 0)
    close(probe);
  return isRefused;
}

Failure http::listenOnPath(std::string_view path, Listening &listening) {
  Address address = {};
  if (path.empty() || path.size() >= sizeof(address.path.sun_path))
    return base::fail(base::Usage,
                      "--unix-socket: expected a path of 1 to %zu bytes",
                      sizeof(address.path.sun_path) - 1);
  address.path.sun_family = AF_UNIX;
  memcpy(address.path.sun_path, path.data(), path.size());
  socklen_t length = sizeof(address.path);
  if (isStale(address, length))
    unlink(address.path.sun_path);
  mode_t before = umask(0177);
  int socket = open(address, length);
  int error = errno;
  umask(before);
  if (socket < 0)
    return base::fail(base::Unreadable, "cannot listen on %.100s: %s",
                      address.path.sun_path, strerror(error));
  return add(socket, listening);
}

//===----------------------------------------------------------------------===//
// systemd
//===----------------------------------------------------------------------===//

/// What a variable says, as a number; -1 if it says none.
static long numberIn(const char *variable) {
  const char *text = getenv(variable);
  char *end;
  long number = text && *text ? strtol(text, &end, 10) : -1;
  return text && *text && !*end ? number : -1;
}

Failure http::takeActivated(Listening &listening) {
  constexpr int first = 3; // as sd_listen_fds(3) has it
  long count = numberIn("LISTEN_FDS");
  if (numberIn("LISTEN_PID") != getpid() || count < 1)
    return {};
  for (long i = 0; i < count; ++i) {
    int socket = first + static_cast<int>(i), listens = 0, kind = 0;
    socklen_t size = sizeof(listens);
    if (getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) ||
        getsockopt(socket, SOL_SOCKET, SO_TYPE, &kind, &size) || !listens ||
        kind != SOCK_STREAM)
      return base::fail(base::Usage,
                        "LISTEN_FDS: expected sockets that listen, found "
                        "another thing at %d",
                        socket);
    if (Failure failure = add(socket, listening))
      return failure;
  }
  for (const char *variable : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"})
    unsetenv(variable);
  return {};
}

void http::notifyReady() {
  const char *path = getenv("NOTIFY_SOCKET");
  Address address = {};
  size_t length = path ? strlen(path) : 0;
  if (!length || length >= sizeof(address.path.sun_path))
    return;
  address.path.sun_family = AF_UNIX;
  memcpy(address.path.sun_path, path, length);
  if (path[0] == '@') // a name without a file
    address.path.sun_path[0] = 0;
  int made = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  constexpr std::string_view ready = "READY=1";
  if (made < 0)
    return;
  (void)!sendto(
      made, ready.data(), ready.size(), MSG_NOSIGNAL, &address.any,
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length));
  close(made);
}
