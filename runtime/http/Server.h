//===- Server.h - Many clients on one thread ------------------------------===//
//
// An epoll loop. It reads requests, hands them to a handler, and sends what
// that one writes, now or later. A client that is slow, idle, greedy or gone
// costs the others nothing.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Failure.h"
#include "runtime/http/Connection.h"

#include <atomic>

namespace tritc::http {

/// Who answers. All is called on the thread of Server::run().
struct Handler {
  void *context;
  /// The head of a request is there, its body perhaps not. Answering here means
  /// that the body is not wanted.
  void (*onHead)(void *context, Exchange &exchange);
  /// All of a request is there. To be answered now, or later by
  /// Server::find(number).
  void (*onRequest)(void *context, Exchange &exchange);
  /// The client shut its side, as one does that will not send more, and one
  /// that has gone. Only writing shows which of them.
  void (*onHalfClose)(void *context, Exchange &exchange);
  /// The client has gone before the answer was whole. The exchange is no more
  /// when this returns.
  void (*onGone)(void *context, Exchange &exchange);
  /// wake() was called, since the last time.
  void (*onWake)(void *context);
  /// The body of an answer to a request that is refused without asking anybody.
  void (*describe)(void *context, const Refusal &refusal,
                   base::Array<char> &body);
};

/// For those who watch.
struct ServerCounters {
  uint64_t connections = 0; ///< open now
  uint64_t accepted = 0, requests = 0, refused = 0, gone = 0;
};

class Server {
public:
  Server(const Limits &limits, const Handler &handler)
      : limits(limits), handler(handler) {}
  Server(const Server &) = delete;
  Server &operator=(const Server &) = delete;
  ~Server();

  base::Failure start();
  /// Takes over a socket that listens.
  base::Failure listen(int socket);
  /// Serves until stop(), or until drain() and every exchange is over.
  void run();

  /// Has onWake called soon. From any thread, and from a signal's handler.
  void wake();
  /// Has the loop drain, and when it is called again stop. From any thread, and
  /// from a signal's handler.
  void end();

  //--- On the loop's thread, or while it does not run -----------------------
  /// Accepts nobody any more, and closes each connection once its answer is
  /// sent.
  void drain();
  bool isDraining() const { return draining; }
  /// Closes everything.
  void stop() { stopped = true; }
  /// The exchange of that number; null once it is gone.
  Exchange *find(uint64_t number);
  const ServerCounters &counters() const { return counts; }

private:
  void touch(Connection &connection);
  void accept(int listener);
  bool makeRoom();
  void adopt(int socket);
  void dispatch(Connection &connection, uint32_t events);
  void receive(Connection &connection);
  void process(Connection &connection);
  bool step(Connection &connection);
  bool admit(Connection &connection);
  void refuse(Connection &connection, const Refusal &refusal);
  void settle(Connection &connection);
  void settleAll();
  void finishAnswer(Connection &connection);
  bool countBody(Connection &connection);
  void watch(Connection &connection);
  void close(Connection &connection);
  void bury();
  void expire(double now);
  void watchListeners(bool on);
  uint64_t nextNumber(uint32_t slot);

  const Limits limits;
  const Handler handler;
  const Sender sender = {this, [](void *server, Exchange &exchange) {
                           static_cast<Server *>(server)->touch(
                               static_cast<Connection &>(exchange));
                         }};
  int poller = -1, waker = -1;
  base::Array<int> listeners;
  base::Array<Connection *> slots; ///< null where nobody is
  base::Array<uint32_t> freeSlots;
  base::Array<Connection *> touched, graveyard;
  base::Array<char> buffer;
  size_t bodyBytes = 0; ///< of all that are being read or answered
  uint64_t serial = 0;
  bool draining = false, stopped = false;
  bool listens = true; ///< epoll watches the listeners
  std::atomic<bool> isWoken{false};
  std::atomic<uint32_t> ends{0}; ///< calls of end()
  ServerCounters counts;
};

} // namespace tritc::http
