//===- Exchange.cpp - A request and its answer ----------------------------===//

#include "runtime/http/Exchange.h"

#include <ctime>

using namespace tritc;
using namespace tritc::http;

static constexpr struct {
  int status;
  const char *reason;
} reasons[] = {
    {200, "OK"},
    {204, "No Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
};

const char *http::reasonOf(int status) {
  for (const auto &[known, reason] : reasons)
    if (known == status)
      return reason;
  return "Status";
}

void Exchange::addField(std::string_view name, std::string_view value) {
  ownFields.append(name);
  ownFields.append(": ");
  ownFields.append(value);
  ownFields.append("\r\n");
}

static void appendDate(base::Array<char> &output) {
  time_t now = time(nullptr);
  struct tm parts;
  char line[64];
  // Its letters are those of the C locale, which no program of ours leaves.
  if (gmtime_r(&now, &parts) &&
      strftime(line, sizeof(line), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n",
               &parts))
    output.append(line);
}

void Exchange::writeHead(int status, std::string_view type, size_t length,
                         bool isWhole) {
  char line[96];
  const Request &request = reader.request();
  bool isOld = request.minorVersion == 0;
  begun = true;
  hidesBody = request.method == "HEAD";
  isChunked = !isWhole && !isOld;
  // Without chunks the end of the connection is that of the body.
  closes = closes || !request.keepsAlive || (!isWhole && isOld);
  snprintf(line, sizeof(line), "HTTP/1.1 %d %s\r\n", status, reasonOf(status));
  output.append(line);
  appendDate(output);
  if (!type.empty()) {
    output.append("Content-Type: ");
    output.append(type);
    output.append("\r\n");
  }
  if (isChunked) {
    output.append("Transfer-Encoding: chunked\r\n");
  } else if (isWhole && status != 204 && status != 304) {
    snprintf(line, sizeof(line), "Content-Length: %zu\r\n", length);
    output.append(line);
  }
  output.append(ownFields.view());
  ownFields.clear();
  if (closes)
    output.append("Connection: close\r\n");
  else if (isOld)
    output.append("Connection: keep-alive\r\n");
  output.append("\r\n");
}

void Exchange::respond(int status, std::string_view type,
                       std::string_view body) {
  writeHead(status, type, body.size(), true);
  if (!hidesBody)
    output.append(body);
  over = true;
  touch();
}

void Exchange::begin(int status, std::string_view type) {
  writeHead(status, type, 0, false);
  touch();
}

void Exchange::write(std::string_view piece) {
  if (hidesBody || piece.empty())
    return;
  char size[24];
  if (isChunked) {
    snprintf(size, sizeof(size), "%zx\r\n", piece.size());
    output.append(size);
  }
  output.append(piece);
  if (isChunked)
    output.append("\r\n");
  touch();
}

void Exchange::end() {
  if (isChunked && !hidesBody)
    output.append("0\r\n\r\n");
  over = true;
  touch();
}

void Exchange::abort() {
  over = closes = aborted = true;
  touch();
}
