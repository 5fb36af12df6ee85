//===- Connection.h - A client's socket -----------------------------------===//
#pragma once

#include "runtime/http/Exchange.h"

namespace tritc::http {

/// A socket with the exchange that runs on it. The server drives it.
class Connection : public Exchange {
public:
  enum class Stage {
    Reading,   ///< a request, or the pause in front of one
    Answering, ///< until the answer is sent; nothing is read
    Lingering, ///< the answer is sent, what else comes is thrown away
    Closed,
  };

  /// Takes over the socket.
  Connection(const Sender &sender, const Limits &limits, int socket,
             uint32_t slot)
      : Exchange(sender, limits), socket(socket), slot(slot) {}
  ~Connection();

  /// What came of a read or a write.
  enum class Moved { Something, Nothing, End };
  /// Reads once into `buffer`. \returns how many bytes came
  Moved read(std::span<char> buffer, size_t &count);
  /// Sends what the socket takes; End: the client has gone.
  Moved flush();
  void shutWriting();
  /// Forgets the exchange that is over.
  void startAnew(uint64_t number);
  /// Makes this the exchange of that number.
  void setNumber(uint64_t number) { id = number; }
  void setClosing(bool wanted) { closes = wanted; }
  /// Writes "100 Continue".
  void proceed() { output.append("HTTP/1.1 100 Continue\r\n\r\n"); }

  RequestReader &requests() { return reader; }
  bool isClosing() const { return closes; }
  bool isAborted() const { return aborted; }
  void endInput() { inputEnded = true; }

  const int socket;
  const uint32_t slot;
  uint32_t interest = 0; ///< what epoll watches
  Stage stage = Stage::Reading;
  base::Array<char> pending; ///< came behind the request that is answered
  double deadline = 0;       ///< when it is closed; 0: never
  bool isTouched = false;    ///< the server will look after it
  size_t countedBytes = 0;   ///< of its body, in the sum of all
  bool isDispatched = false; ///< the handler knows this exchange
};

} // namespace tritc::http
