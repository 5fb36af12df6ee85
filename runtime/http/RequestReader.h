//===- RequestReader.h - Requests from a stream of bytes ------------------===//
//
// llhttp, the parser of Node.js, in its strict mode, behind checks of what two
// programs in a row might read differently: a head is looked through byte by
// byte before llhttp sees it, and what it says of its body must be said once.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/http/Limits.h"
#include "runtime/http/Request.h"

struct llhttp__internal_s;

namespace tritc::http {

/// Why a request is not served: a status, and one line.
struct Refusal {
  int status = 0;
  const char *why = nullptr;
};

/// Reads one request after the other. A stream in which one was refused is at
/// its end: nobody knows where the next one would begin.
class RequestReader {
public:
  enum class Stage {
    Head,
    HeadDone, ///< all but the body is known; readBody() goes on
    Body,
    Done, ///< next() goes on
    Refused,
  };

  explicit RequestReader(const Limits &limits);
  RequestReader(const RequestReader &) = delete;
  RequestReader &operator=(const RequestReader &) = delete;
  ~RequestReader();

  /// Takes bytes until the stage changes, or all. \returns how many
  size_t feed(std::string_view bytes);
  Stage stage() const { return current; }
  /// Nothing of a request was seen yet.
  bool isFresh() const { return current == Stage::Head && head.empty(); }

  /// \pre stage is HeadDone
  void readBody();
  /// Whether a body follows. \pre stage is HeadDone
  bool expectsBody() const { return hasBody; }
  /// Forgets the request and waits for the next one. \pre stage is Done
  void next();

  /// \pre stage is HeadDone or later; the body is whole once it is Done
  const Request &request() const { return parsed; }
  /// \pre stage is Refused
  const Refusal &refusal() const { return refused; }
  /// Gives back the memory of a body that nobody will read.
  void dropBody() { body = base::Array<char>(); }
  /// Bytes of memory that the body takes.
  size_t bodyMemory() const { return body.capacity(); }

private:
  struct Callbacks;
  friend struct Callbacks;

  size_t feedHead(std::string_view bytes);
  size_t feedBody(std::string_view bytes);
  bool takesByte(char byte);
  void parseHead();
  Refusal checkHead();
  Refusal checkTarget();
  Refusal checkBody();
  void refuse(Refusal refusal);
  void begin();

  const Limits &limits;
  llhttp__internal_s *parser;
  Stage current = Stage::Head;
  Request parsed;
  Refusal refused;
  base::Array<char> head;
  base::Array<HeaderField> fields;
  base::Array<char> body;
  size_t bodyLength = 0;   ///< as announced
  size_t framingBytes = 0; ///< of chunks, around the body
  bool hasBody = false;
  bool isComplete = false; ///< llhttp says so
  bool skippedLine = false;
};

} // namespace tritc::http
