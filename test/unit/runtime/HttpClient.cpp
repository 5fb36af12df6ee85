//===- HttpClient.cpp - A client that does what tests want ----------------===//

#include "test/unit/runtime/HttpClient.h"

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

using namespace tritc::test;

HttpClient::HttpClient(int port)
    : socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ended = connect(socket, reinterpret_cast<sockaddr *>(&address),
                  sizeof(address)) != 0;
}

HttpClient::HttpClient(HttpClient &&other) noexcept
    : socket(std::exchange(other.socket, -1)),
      received(std::move(other.received)), ended(other.ended) {}

void HttpClient::close() {
  if (socket >= 0)
    ::close(std::exchange(socket, -1));
}

void HttpClient::shutWriting() { shutdown(socket, SHUT_WR); }

void HttpClient::send(const std::string &bytes) {
  size_t done = 0;
  while (done < bytes.size()) {
    ssize_t sent =
        ::send(socket, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (sent <= 0)
      return; // what is received tells why
    done += static_cast<size_t>(sent);
  }
}

void HttpClient::ask(const std::string &method, const std::string &path,
                     const std::string &body, const std::string &fields) {
  bool hasHost = fields.find("Host: ") != std::string::npos;
  std::string length;
  if (method == "POST")
    length = "Content-Length: " + std::to_string(body.size()) + "\r\n";
  send(method + " " + path + " HTTP/1.1\r\n" +
       (hasHost ? "" : "Host: localhost\r\n") + fields + length + "\r\n" +
       body);
}

bool HttpClient::readMore(int milliseconds) {
  pollfd waiting = {socket, POLLIN, 0};
  char buffer[16384];
  if (ended || poll(&waiting, 1, milliseconds) <= 0)
    return false;
  ssize_t got = recv(socket, buffer, sizeof(buffer), 0);
  ended = got <= 0;
  if (got > 0)
    received.append(buffer, static_cast<size_t>(got));
  return got > 0;
}

std::string HttpClient::takeLine() {
  size_t end;
  while ((end = received.find("\r\n")) == std::string::npos)
    if (!readMore())
      return "";
  std::string line = received.substr(0, end);
  received.erase(0, end + 2);
  return line;
}

bool HttpClient::awaitText(const std::string &text) {
  size_t at;
  while ((at = received.find(text)) == std::string::npos)
    if (!readMore())
      return false;
  received.erase(0, at + text.size());
  return true;
}

bool HttpClient::isClosed(int milliseconds) {
  while (readMore(milliseconds))
    continue;
  return ended;
}

Response HttpClient::receive(bool isHead) {
  Response response;
  std::string line = takeLine();
  if (line.compare(0, 9, "HTTP/1.1 ") != 0)
    return response;
  response.status = std::stoi(line.substr(9));
  while (!(line = takeLine()).empty()) {
    size_t colon = line.find(": ");
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(), tolower);
    response.fields[name] = line.substr(colon + 2);
  }
  if (response.status == 100)
    return receive(isHead);
  response.isWhole = true;
  if (isHead || response.status == 204 || response.status == 304)
    return response;
  auto take = [&](size_t bytes) {
    while (received.size() < bytes && readMore())
      continue;
    response.isWhole &= received.size() >= bytes;
    response.body += received.substr(0, bytes);
    received.erase(0, bytes);
  };
  if (response.fields.count("content-length")) {
    take(std::stoul(response.fields["content-length"]));
  } else if (response.fields.count("transfer-encoding")) {
    while (true) {
      std::string size = takeLine();
      response.isWhole &= !size.empty();
      size_t bytes = size.empty() ? 0 : std::stoul(size, nullptr, 16);
      take(bytes);
      takeLine();
      if (!bytes)
        break;
    }
  } else {
    while (readMore())
      continue;
    response.body = std::exchange(received, "");
  }
  return response;
}
