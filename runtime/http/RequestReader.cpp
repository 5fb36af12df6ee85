//===- RequestReader.cpp - Requests from a stream of bytes ----------------===//

#include "runtime/http/RequestReader.h"

#include "runtime/text/Slice.h"

#include <algorithm>
#include <llhttp.h>

using namespace tritc;
using namespace tritc::http;

/// What llhttp calls. Of a head, the views are of the reader's own copy.
struct RequestReader::Callbacks {
  static RequestReader &readerOf(llhttp_t *parser) {
    return *static_cast<RequestReader *>(parser->data);
  }
  static int onUrl(llhttp_t *parser, const char *at, size_t length) {
    readerOf(parser).parsed.target = {at, length};
    return 0;
  }
  static int onField(llhttp_t *parser, const char *at, size_t length) {
    RequestReader &reader = readerOf(parser);
    if (reader.current == Stage::Head) // trailers are nobody's
      reader.fields.push({{at, length}, {}});
    return 0;
  }
  static int onValue(llhttp_t *parser, const char *at, size_t length) {
    RequestReader &reader = readerOf(parser);
    if (reader.current == Stage::Head && !reader.fields.empty())
      reader.fields.back().value = {at, length};
    return 0;
  }
  /// An upgrade is offered, never taken.
  static int onHeadersComplete(llhttp_t *parser) {
    parser->upgrade = 0;
    return 0;
  }
  static int onBody(llhttp_t *parser, const char *at, size_t length) {
    RequestReader &reader = readerOf(parser);
    if (length > reader.limits.bodyBytes - reader.body.size()) {
      reader.refuse({413, "the body is larger than --max-body"});
      return HPE_USER;
    }
    reader.body.append(at, length);
    return 0;
  }
  static int onMessageComplete(llhttp_t *parser) {
    readerOf(parser).isComplete = true;
    return HPE_PAUSED;
  }
  static const llhttp_settings_t &settings() {
    static const llhttp_settings_t table = [] {
      llhttp_settings_t made;
      llhttp_settings_init(&made);
      made.on_url = onUrl;
      made.on_header_field = onField;
      made.on_header_value = onValue;
      made.on_headers_complete = onHeadersComplete;
      made.on_body = onBody;
      made.on_message_complete = onMessageComplete;
      return made;
    }();
    return table;
  }
};

RequestReader::RequestReader(const Limits &limits)
    : limits(limits),
      parser(static_cast<llhttp_t *>(malloc(sizeof(llhttp_t)))) {
  if (!parser) {
    fprintf(stderr, "error: out of memory (%zu bytes)\n", sizeof(llhttp_t));
    exit(base::Internal);
  }
  begin();
}

RequestReader::~RequestReader() { free(parser); }

void RequestReader::begin() {
  llhttp_init(parser, HTTP_REQUEST, &Callbacks::settings());
  parser->data = this;
  current = Stage::Head;
  parsed = {};
  head.clear();
  fields.clear();
  body.clear();
  bodyLength = framingBytes = 0;
  hasBody = isComplete = skippedLine = false;
}

void RequestReader::next() {
  // Who sent much once need not keep the memory.
  if (body.capacity() > limits.headBytes)
    body = base::Array<char>();
  begin();
}

void RequestReader::refuse(Refusal refusal) {
  if (current == Stage::Refused)
    return;
  current = Stage::Refused;
  refused = refusal;
}

size_t RequestReader::feed(std::string_view bytes) {
  if (current == Stage::Head)
    return feedHead(bytes);
  return current == Stage::Body ? feedBody(bytes) : 0;
}

//===----------------------------------------------------------------------===//
// The head
//===----------------------------------------------------------------------===//

/// A byte of a head that everybody reads alike; else the request is refused.
bool RequestReader::takesByte(char byte) {
  char before = head.empty() ? '\n' : head.back();
  if (head.empty() && byte == '\r')
    refuse({400, "expected a request, found empty lines"});
  else if (before == '\r' && byte != '\n')
    refuse({400, "a carriage return stands alone"});
  else if (byte == '\n' && before != '\r')
    refuse({400, "a line feed stands alone"});
  else if (before == '\n' && !head.empty() && (byte == ' ' || byte == '\t'))
    refuse({400, "a field goes on in the next line"});
  else if ((static_cast<unsigned char>(byte) < ' ' && byte != '\t' &&
            byte != '\r' && byte != '\n') ||
           byte == 0x7f)
    refuse({400, "the head has a control character"});
  else if (head.size() == limits.headBytes)
    refuse(memchr(head.data(), '\n', head.size())
               ? Refusal{431, "the head is larger than --max-head"}
               : Refusal{414, "the target is longer than --max-head"});
  return current != Stage::Refused;
}

size_t RequestReader::feedHead(std::string_view bytes) {
  for (size_t i = 0; i < bytes.size(); ++i) {
    // One empty line in front is what some clients leave behind a body.
    if (head.empty() && !skippedLine && bytes[i] == '\r') {
      head.push('\r');
      continue;
    }
    if (!skippedLine && head.view() == "\r" && bytes[i] == '\n') {
      head.clear();
      skippedLine = true;
      continue;
    }
    if (!takesByte(bytes[i]))
      return i;
    head.push(bytes[i]);
    if (head.view().ends_with("\r\n\r\n")) {
      parseHead();
      return i + 1;
    }
  }
  return bytes.size();
}

static Refusal refusalOf(llhttp_errno_t error) {
  switch (error) {
  case HPE_INVALID_METHOD:
    return {501, "the method is unknown"};
  case HPE_INVALID_VERSION:
    return {505, "expected HTTP/1.1 or HTTP/1.0"};
  case HPE_INVALID_URL:
    return {400, "the target is malformed"};
  case HPE_INVALID_HEADER_TOKEN:
    return {400, "a field is malformed"};
  case HPE_INVALID_CONTENT_LENGTH:
    return {400, "Content-Length is malformed"};
  case HPE_UNEXPECTED_CONTENT_LENGTH:
    return {400, "the length of the body is said twice"};
  case HPE_INVALID_TRANSFER_ENCODING:
    return {400, "Transfer-Encoding: expected chunked"};
  case HPE_INVALID_CHUNK_SIZE:
    return {400, "the size of a chunk is malformed"};
  default:
    return {400, "this is no HTTP request"};
  }
}

void RequestReader::parseHead() {
  llhttp_errno_t error = llhttp_execute(parser, head.data(), head.size());
  if (error != HPE_OK && !(error == HPE_PAUSED && isComplete))
    return refuse(refusalOf(error));
  parsed.fields = fields;
  if (Refusal refusal = checkHead(); refusal.status)
    return refuse(refusal);
  current = Stage::HeadDone;
}

Refusal RequestReader::checkHead() {
  std::string_view line(head.data(), head.view().find('\r'));
  if (std::count(line.begin(), line.end(), ' ') != 2)
    return {400, "the request line is malformed"};
  if (parser->http_major != 1 || parser->http_minor > 1)
    return {505, "expected HTTP/1.1 or HTTP/1.0"};
  if (fields.size() > limits.fields)
    return {431, "the head has too many fields"};
  parsed.method =
      llhttp_method_name(static_cast<llhttp_method_t>(parser->method));
  parsed.minorVersion = parser->http_minor;
  for (HeaderField &field : fields) {
    if (field.name.empty())
      return {400, "a field has no name"};
    while (field.value.ends_with(' ') || field.value.ends_with('\t'))
      field.value.remove_suffix(1);
  }
  parsed.keepsAlive = llhttp_should_keep_alive(parser);
  if (Refusal refusal = checkTarget(); refusal.status)
    return refusal;
  return checkBody();
}

/// The path of the target, and whom it is for.
Refusal RequestReader::checkTarget() {
  size_t hosts = parsed.count("Host");
  if (hosts > 1 || (hosts == 0 && parsed.minorVersion == 1))
    return {400, "expected one Host"};
  parsed.host = parsed.field("Host");
  std::string_view path = parsed.target;
  constexpr std::string_view scheme = "http://";
  if (path.starts_with(scheme)) {
    path.remove_prefix(scheme.size());
    size_t slash = std::min(path.find('/'), path.size());
    parsed.host = text::slice(path, 0, slash);
    path.remove_prefix(slash);
    if (path.empty())
      path = "/";
  }
  bool isForAll = path == "*" && parsed.method == "OPTIONS";
  if (!path.starts_with('/') && !isForAll)
    return {400, "the target is no path"};
  size_t mark = std::min(path.find('?'), path.size());
  parsed.path = text::slice(path, 0, mark);
  parsed.query =
      text::slice(path, std::min(mark + 1, path.size()), path.size());
  return {};
}

/// How long the body is, is said once.
Refusal RequestReader::checkBody() {
  size_t lengths = parsed.count("Content-Length");
  size_t codings = parsed.count("Transfer-Encoding");
  if (lengths + codings > 1)
    return {400, "the length of the body is said twice"};
  if (codings && parsed.minorVersion == 0)
    return {400, "Transfer-Encoding: expected HTTP/1.1"};
  if (codings &&
      !equalsIgnoringCase(parsed.field("Transfer-Encoding"), "chunked"))
    return {501, "Transfer-Encoding: expected chunked"};
  bodyLength = lengths ? parser->content_length : 0;
  hasBody = !isComplete;
  // When it was complete at once, llhttp has no length of it any more: it is 0.
  if (hasBody && bodyLength > limits.bodyBytes)
    return {413, "the body is larger than --max-body"};
  return {};
}

//===----------------------------------------------------------------------===//
// The body
//===----------------------------------------------------------------------===//

void RequestReader::readBody() {
  current = isComplete ? Stage::Done : Stage::Body;
  body.reserve(std::min(bodyLength, limits.headBytes));
}

size_t RequestReader::feedBody(std::string_view bytes) {
  size_t before = body.size();
  llhttp_errno_t error = llhttp_execute(parser, bytes.data(), bytes.size());
  if (current == Stage::Refused)
    return 0;
  size_t taken = bytes.size();
  if (error == HPE_PAUSED && isComplete)
    taken = static_cast<size_t>(llhttp_get_error_pos(parser) - bytes.data());
  else if (error != HPE_OK)
    return refuse(refusalOf(error)), 0;
  // Extensions of chunks and trailers are read by nobody, but there may be
  // only so many.
  framingBytes += taken - (body.size() - before);
  if (framingBytes > limits.headBytes + 8 * body.size())
    return refuse({413, "the chunks have more around them than in them"}), 0;
  if (isComplete) {
    current = Stage::Done;
    parsed.body = body.view();
  }
  return taken;
}
