//===- Server.cpp - Many clients on one thread ----------------------------===//

#include "runtime/http/Server.h"

#include "runtime/base/Owned.h"
#include "runtime/exec/Clock.h"

#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

using namespace tritc;
using namespace tritc::http;
using base::Failure;
using Stage = Connection::Stage;
using Reading = RequestReader::Stage;

// What epoll gives back; else it is the slot of a connection.
static constexpr uint64_t wakerKey = ~uint64_t{0};
static constexpr uint64_t listenerKey = uint64_t{1} << 63;

/// Numbers are a serial one, and the slot in the low bits.
static constexpr uint32_t slotBits = 20;
static constexpr double lingerSeconds = 2;
static constexpr size_t bufferBytes = size_t{64} << 10;

Server::~Server() {
  for (Connection *connection : slots)
    if (connection)
      close(*connection);
  bury();
  for (int listener : listeners)
    ::close(listener);
  for (int descriptor : {poller, waker})
    if (descriptor >= 0)
      ::close(descriptor);
}

Failure Server::start() {
  poller = epoll_create1(EPOLL_CLOEXEC);
  waker = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  epoll_event event = {EPOLLIN, {.u64 = wakerKey}};
  if (poller < 0 || waker < 0 ||
      epoll_ctl(poller, EPOLL_CTL_ADD, waker, &event))
    return base::fail(base::Internal, "serve: cannot wait for clients: %s",
                      strerror(errno));
  buffer.resize(bufferBytes);
  return {};
}

Failure Server::listen(int socket) {
  epoll_event event = {EPOLLIN, {.u64 = listenerKey | listeners.size()}};
  int flags = fcntl(socket, F_GETFL);
  if (flags < 0 || fcntl(socket, F_SETFL, flags | O_NONBLOCK) ||
      fcntl(socket, F_SETFD, FD_CLOEXEC) ||
      epoll_ctl(poller, EPOLL_CTL_ADD, socket, &event))
    return base::fail(base::Internal, "serve: cannot listen: %s",
                      strerror(errno));
  listeners.push(socket);
  return {};
}

void Server::wake() {
  // One write is enough until the loop has seen it.
  if (isWoken.exchange(true))
    return;
  uint64_t one = 1;
  int saved = errno;
  (void)!write(waker, &one, sizeof(one));
  errno = saved;
}

void Server::end() {
  ends.fetch_add(1);
  wake();
}

uint64_t Server::nextNumber(uint32_t slot) {
  return ++serial << slotBits | slot;
}

Exchange *Server::find(uint64_t number) {
  size_t slot = number & ((1u << slotBits) - 1);
  Connection *connection = slot < slots.size() ? slots[slot] : nullptr;
  return connection && connection->number() == number ? connection : nullptr;
}

void Server::touch(Connection &connection) {
  if (connection.isTouched)
    return;
  connection.isTouched = true;
  touched.push(&connection);
}

//===----------------------------------------------------------------------===//
// Who comes
//===----------------------------------------------------------------------===//

void Server::watchListeners(bool on) {
  if (on == listens)
    return;
  listens = on;
  for (size_t i = 0; i < listeners.size(); ++i) {
    epoll_event event = {on ? EPOLLIN : 0u, {.u64 = listenerKey | i}};
    epoll_ctl(poller, EPOLL_CTL_MOD, listeners[i], &event);
  }
}

/// Where all places are taken, the one goes that has been idle longest.
bool Server::makeRoom() {
  if (counts.connections < limits.connections)
    return true;
  Connection *oldest = nullptr;
  for (Connection *connection : slots)
    if (connection && connection->stage == Stage::Reading &&
        connection->requests().isFresh() &&
        (!oldest || connection->deadline < oldest->deadline))
      oldest = connection;
  if (oldest)
    close(*oldest);
  return oldest;
}

void Server::accept(int listener) {
  constexpr int most = 64; // then others have their turn
  for (int i = 0; i < most && !draining; ++i) {
    int socket =
        accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0 && (errno == EINTR || errno == ECONNABORTED))
      continue;
    // Without descriptors there is nothing to do until one is free.
    if (socket < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
      watchListeners(false);
    if (socket < 0)
      return;
    if (makeRoom())
      adopt(socket);
    else {
      constexpr std::string_view full =
          "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n"
          "Retry-After: 5\r\nConnection: close\r\n\r\n";
      ++counts.refused;
      (void)!send(socket, full.data(), full.size(), MSG_NOSIGNAL);
      ::close(socket);
    }
  }
}

void Server::adopt(int socket) {
  int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
  uint32_t slot = static_cast<uint32_t>(slots.size());
  if (freeSlots.empty()) {
    slots.push(nullptr);
  } else {
    slot = freeSlots.back();
    freeSlots.pop();
  }
  auto *connection = base::create<Connection>(sender, limits, socket, slot);
  slots[slot] = connection;
  connection->setNumber(nextNumber(slot));
  connection->deadline = exec::monotonicSeconds() + limits.headSeconds;
  ++counts.connections;
  ++counts.accepted;
  epoll_event event = {0, {.u64 = slot}};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, socket, &event))
    return close(*connection);
  watch(*connection);
}

void Server::close(Connection &connection) {
  if (connection.stage == Stage::Closed)
    return;
  connection.stage = Stage::Closed;
  if (connection.isDispatched && !connection.isOver()) {
    ++counts.gone;
    handler.onGone(handler.context, connection);
  } else if (connection.isDispatched && connection.unsentBytes()) {
    ++counts.gone;
  }
  bodyBytes -= connection.countedBytes;
  epoll_ctl(poller, EPOLL_CTL_DEL, connection.socket, nullptr);
  slots[connection.slot] = nullptr;
  --counts.connections;
  graveyard.push(&connection);
}

/// Ends what nothing refers to any more.
void Server::bury() {
  for (Connection *connection : graveyard) {
    freeSlots.push(connection->slot);
    base::destroy(connection);
  }
  if (!graveyard.empty() && !draining)
    watchListeners(true);
  graveyard.clear();
}

//===----------------------------------------------------------------------===//
// What they send
//===----------------------------------------------------------------------===//

/// Tells epoll what the connection waits for.
void Server::watch(Connection &connection) {
  uint32_t wanted = 0;
  if (connection.unsentBytes())
    wanted |= EPOLLOUT;
  if (connection.stage != Stage::Answering)
    wanted |= EPOLLIN;
  else if (!connection.isHalfClosed())
    wanted |= EPOLLRDHUP;
  if (wanted == connection.interest)
    return;
  connection.interest = wanted;
  epoll_event event = {wanted, {.u64 = connection.slot}};
  epoll_ctl(poller, EPOLL_CTL_MOD, connection.socket, &event);
}

/// Counts the memory of a body among all. \returns whether all are too much
bool Server::countBody(Connection &connection) {
  size_t before = connection.countedBytes;
  connection.countedBytes = connection.requests().bodyMemory();
  bodyBytes += connection.countedBytes - before;
  return connection.countedBytes > before && bodyBytes > limits.allBodyBytes;
}

void Server::receive(Connection &connection) {
  size_t count = 0;
  Connection::Moved moved = connection.read(buffer, count);
  if (moved == Connection::Moved::Nothing)
    return;
  if (connection.stage == Stage::Lingering) {
    if (moved == Connection::Moved::End)
      close(connection);
    return;
  }
  if (moved == Connection::Moved::End)
    return close(connection); // nothing is owed to it
  connection.pending.append(buffer.data(), count);
  process(connection);
}

/// Answers what is not read any further, and closes.
void Server::refuse(Connection &connection, const Refusal &refusal) {
  base::Array<char> body;
  handler.describe(handler.context, refusal, body);
  ++counts.refused;
  connection.requests().dropBody();
  countBody(connection);
  connection.setClosing(true);
  connection.stage = Stage::Answering;
  connection.deadline = 0;
  connection.respond(refusal.status, "application/json", body.view());
}

/// The head is there. \returns whether the body is wanted
bool Server::admit(Connection &connection) {
  RequestReader &requests = connection.requests();
  ++counts.requests;
  // What answers now does not read the body, which would be taken for the next
  // request.
  bool wasClosing = connection.isClosing();
  connection.setClosing(wasClosing || requests.expectsBody());
  handler.onHead(handler.context, connection);
  if (!connection.isOver())
    connection.setClosing(wasClosing);
  else if (!requests.expectsBody())
    requests.readBody();
  if (connection.isOver()) {
    connection.stage = Stage::Answering;
    connection.deadline = 0;
    return false;
  }
  if (requests.expectsBody() && connection.pending.empty() &&
      equalsIgnoringCase(requests.request().field("Expect"), "100-continue"))
    connection.proceed();
  requests.readBody();
  connection.deadline = exec::monotonicSeconds() + limits.bodySeconds;
  return true;
}

/// Goes on with what has come. \returns whether there may be more to do
bool Server::step(Connection &connection) {
  RequestReader &requests = connection.requests();
  bool wasFresh = requests.isFresh();
  if (requests.stage() == Reading::Head || requests.stage() == Reading::Body) {
    if (connection.pending.empty())
      return false;
    size_t taken = requests.feed(connection.pending.view());
    size_t left = connection.pending.size() - taken;
    memmove(connection.pending.data(), connection.pending.data() + taken, left);
    connection.pending.resize(left);
    if (wasFresh && !requests.isFresh())
      connection.deadline = exec::monotonicSeconds() + limits.headSeconds;
    if (countBody(connection)) {
      refuse(connection, {503, "too many bodies are being read"});
      return false;
    }
  }
  switch (requests.stage()) {
  case Reading::Head:
  case Reading::Body:
    return false;
  case Reading::Refused:
    refuse(connection, requests.refusal());
    return false;
  case Reading::HeadDone:
    return admit(connection);
  case Reading::Done:
    connection.stage = Stage::Answering;
    connection.isDispatched = true;
    connection.deadline = 0;
    handler.onRequest(handler.context, connection);
    return false;
  }
  return false;
}

void Server::process(Connection &connection) {
  while (connection.stage == Stage::Reading && step(connection))
    continue;
  touch(connection);
}

void Server::dispatch(Connection &connection, uint32_t events) {
  if (events & (EPOLLERR | EPOLLHUP)) // nobody reads what we would write
    return close(connection);
  if (events & EPOLLIN && connection.stage != Stage::Answering)
    receive(connection);
  if (connection.stage == Stage::Closed)
    return;
  if (events & EPOLLRDHUP && connection.stage == Stage::Answering &&
      !connection.isHalfClosed()) {
    connection.endInput();
    if (connection.isDispatched && !connection.isOver())
      handler.onHalfClose(handler.context, connection);
  }
  touch(connection);
}

//===----------------------------------------------------------------------===//
// What they get
//===----------------------------------------------------------------------===//

/// The answer is sent: waits for the next request, or closes.
void Server::finishAnswer(Connection &connection) {
  bool isWhole = connection.requests().stage() == Reading::Done;
  if (connection.isAborted())
    return close(connection);
  if (connection.isClosing() || !isWhole || draining) {
    // Closing while bytes come would take the answer away from the client.
    connection.shutWriting();
    connection.stage = Stage::Lingering;
    connection.pending.clear();
    connection.deadline = exec::monotonicSeconds() + lingerSeconds;
    return;
  }
  bodyBytes -= std::exchange(connection.countedBytes, 0);
  connection.startAnew(nextNumber(connection.slot));
  connection.stage = Stage::Reading;
  connection.deadline = exec::monotonicSeconds() + limits.idleSeconds;
  if (!connection.pending.empty())
    process(connection);
}

void Server::settle(Connection &connection) {
  if (connection.stage == Stage::Closed)
    return;
  switch (connection.flush()) {
  case Connection::Moved::End:
    return close(connection);
  case Connection::Moved::Something:
    if (connection.stage == Stage::Answering)
      connection.deadline = 0;
    break;
  case Connection::Moved::Nothing:
    break;
  }
  bool isSent = connection.unsentBytes() == 0;
  if (connection.stage == Stage::Answering) {
    if (isSent && connection.isOver())
      finishAnswer(connection);
    else if (isSent)
      connection.deadline = 0;
    else if (connection.deadline == 0)
      connection.deadline = exec::monotonicSeconds() + limits.writeSeconds;
  }
  if (connection.stage != Stage::Closed)
    watch(connection);
}

void Server::settleAll() {
  while (!touched.empty()) {
    Connection *connection = touched.back();
    touched.pop();
    connection->isTouched = false;
    settle(*connection);
  }
  bury();
}

//===----------------------------------------------------------------------===//
// The loop
//===----------------------------------------------------------------------===//

void Server::expire(double now) {
  for (size_t i = 0; i < slots.size(); ++i) {
    Connection *connection = slots[i];
    if (!connection || connection->deadline == 0 || connection->deadline > now)
      continue;
    RequestReader &requests = connection->requests();
    bool isAsking = connection->stage == Stage::Reading && !requests.isFresh();
    if (isAsking)
      refuse(*connection, {408, "the request came too slowly"});
    else
      close(*connection);
  }
}

void Server::drain() {
  draining = true;
  for (int listener : listeners)
    ::close(listener);
  listeners.clear();
  for (Connection *connection : slots) {
    if (!connection)
      continue;
    connection->setClosing(true);
    if (connection->stage == Stage::Reading && connection->requests().isFresh())
      close(*connection);
  }
}

void Server::run() {
  constexpr double tickSeconds = 0.5;
  epoll_event events[128];
  double lastTick = exec::monotonicSeconds();
  while (!stopped && !(draining && counts.connections == 0)) {
    int count = epoll_wait(poller, events, std::size(events),
                           static_cast<int>(1000 * tickSeconds));
    bool wakes = false;
    for (int i = 0; i < count; ++i) {
      uint64_t key = events[i].data.u64;
      if (key == wakerKey) {
        wakes = true;
      } else if (key & listenerKey) {
        size_t index = key & ~listenerKey;
        if (index < listeners.size())
          accept(listeners[index]);
      } else if (Connection *connection = slots[key]) {
        // No slot is given away before bury().
        dispatch(*connection, events[i].events);
      }
    }
    if (wakes) {
      uint64_t many;
      (void)!read(waker, &many, sizeof(many));
      isWoken.store(false);
      if (ends.load() > 1)
        stop();
      else if (ends.load() && !draining)
        drain();
      handler.onWake(handler.context);
    }
    double now = exec::monotonicSeconds();
    if (now - lastTick >= tickSeconds) {
      lastTick = now;
      if (!draining)
        watchListeners(true);
      expire(now);
    }
    settleAll();
  }
}
