//===- Exchange.h - A request and its answer ------------------------------===//
#pragma once

#include "runtime/http/RequestReader.h"

namespace tritc::http {

class Exchange;

/// Who sends what was written.
struct Sender {
  void *context;
  /// There is something to send, or an answer is over.
  void (*onWritten)(void *context, Exchange &exchange);
};

/// One request, and the answer that somebody gives to it: at once, or later,
/// whole or in pieces. Lives until it is over and what was written is sent, or
/// the client has gone. All of it belongs to the thread of Server::run().
class Exchange {
public:
  Exchange(const Exchange &) = delete;
  Exchange &operator=(const Exchange &) = delete;

  /// Never that of another exchange of this server.
  uint64_t number() const { return id; }
  const Request &request() const { return reader.request(); }

  /// A field for the head of the answer. \pre !hasBegun(); the value has no
  /// line feed
  void addField(std::string_view name, std::string_view value);
  /// The whole answer. \pre !hasBegun()
  void respond(int status, std::string_view type, std::string_view body);
  /// Its head; the body comes in pieces. \pre !hasBegun()
  void begin(int status, std::string_view type);
  /// \pre hasBegun(), !isOver()
  void write(std::string_view piece);
  void end();
  /// Ends an answer that is not whole: the connection is closed, so that the
  /// client does not take it for one.
  void abort();

  bool hasBegun() const { return begun; }
  bool isOver() const { return over; }
  /// The client sends nothing more; it may still read.
  bool isHalfClosed() const { return inputEnded; }
  /// Bytes that the client did not take yet.
  size_t unsentBytes() const { return output.size() - sent; }

  void *data = nullptr; ///< of whoever answers

protected:
  Exchange(const Sender &sender, const Limits &limits)
      : sender(sender), reader(limits) {}

  void writeHead(int status, std::string_view type, size_t length,
                 bool isWhole);

  void touch() { sender.onWritten(sender.context, *this); }

  const Sender &sender;
  RequestReader reader;
  uint64_t id = 0;
  base::Array<char> output, ownFields;
  size_t sent = 0; ///< bytes of `output`
  bool begun = false, over = false, aborted = false;
  bool isChunked = false;
  bool hidesBody = false;  ///< of HEAD
  bool closes = false;     ///< once the answer is sent
  bool inputEnded = false; ///< the client has shut its side
};

/// The words behind a status.
const char *reasonOf(int status);

} // namespace tritc::http
