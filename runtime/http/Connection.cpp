//===- Connection.cpp - A client's socket ---------------------------------===//

#include "runtime/http/Connection.h"

#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>

using namespace tritc;
using namespace tritc::http;

Connection::~Connection() { ::close(socket); }

Connection::Moved Connection::read(std::span<char> buffer, size_t &count) {
  ssize_t got;
  do
    got = ::recv(socket, buffer.data(), buffer.size(), 0);
  while (got < 0 && errno == EINTR);
  count = got > 0 ? static_cast<size_t>(got) : 0;
  if (got > 0)
    return Moved::Something;
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    return Moved::Nothing;
  return Moved::End;
}

Connection::Moved Connection::flush() {
  size_t before = sent;
  while (sent < output.size()) {
    ssize_t wrote = ::send(socket, output.data() + sent, output.size() - sent,
                           MSG_NOSIGNAL);
    if (wrote > 0)
      sent += static_cast<size_t>(wrote);
    else if (errno == EAGAIN || errno == EWOULDBLOCK)
      break;
    else if (errno != EINTR)
      return Moved::End;
  }
  bool moved = sent > before;
  if (sent == output.size()) {
    output.clear();
    sent = 0;
  } else if (sent > output.size() / 2) {
    memmove(output.data(), output.data() + sent, output.size() - sent);
    output.resize(output.size() - sent);
    sent = 0;
  }
  return moved ? Moved::Something : Moved::Nothing;
}

void Connection::shutWriting() { ::shutdown(socket, SHUT_WR); }

void Connection::startAnew(uint64_t number) {
  constexpr size_t kept = size_t{64} << 10;
  reader.next();
  if (output.capacity() > kept)
    output = base::Array<char>();
  begun = over = isChunked = hidesBody = isDispatched = false;
  data = nullptr;
  id = number;
}
