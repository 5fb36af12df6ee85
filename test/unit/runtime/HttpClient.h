//===- HttpClient.h - A client that does what tests want ------------------===//
#pragma once

#include <map>
#include <string>

namespace tritc::test {

/// An answer, its chunks put together.
struct Response {
  int status = 0;                            ///< 0: none came
  std::map<std::string, std::string> fields; ///< names in lower case
  std::string body;
  bool isWhole = false; ///< it ended as its head says
};

/// A connection to a server of this machine.
class HttpClient {
public:
  explicit HttpClient(int port);
  HttpClient(HttpClient &&other) noexcept;
  HttpClient(const HttpClient &) = delete;
  ~HttpClient() { close(); }

  void send(const std::string &bytes);
  /// Sends a request with a body of its length; none for GET.
  void ask(const std::string &method, const std::string &path,
           const std::string &body = "", const std::string &fields = "");
  /// Waits for the next answer. `isHead`: it has no body.
  Response receive(bool isHead = false);
  Response post(const std::string &path, const std::string &body,
                const std::string &fields = "") {
    ask("POST", path, body, fields);
    return receive();
  }
  Response get(const std::string &path, const std::string &fields = "") {
    ask("GET", path, "", fields);
    return receive();
  }
  /// Waits until that has come, and takes it. \returns false once nothing can
  /// come any more
  bool awaitText(const std::string &text);
  /// Whether the server closes, within that time.
  bool isClosed(int milliseconds = 5000);
  void shutWriting();
  void close();

private:
  bool readMore(int milliseconds = 20000);
  std::string takeLine();

  int socket;
  std::string received;
  bool ended = false;
};

} // namespace tritc::test
