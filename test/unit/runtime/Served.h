//===- Served.h - The toy's program, serving ------------------------------===//
#pragma once

#include "test/unit/runtime/HttpClient.h"
#include "test/unit/runtime/Process.h"

namespace tritc::test {

/// The toy's program, serving.
class Served {
public:
  explicit Served(const Arguments &more = {},
                  const ToyModel &toy = *new ToyModel) // there is one
      : process(toy, argumentsOf(more)) {
    std::string line;
    while (line.find('\n') == line.npos) {
      std::string byte = process.read(1);
      if (byte.empty())
        break;
      line += byte;
    }
    size_t at = line.find("127.0.0.1:");
    port = at == line.npos ? 0 : std::stoi(line.substr(at + 10));
  }
  ~Served() {
    if (port)
      end();
  }

  /// As Ctrl-C does. \returns what became of the process
  Result end() {
    process.interrupt();
    port = 0;
    return process.finish();
  }
  HttpClient client() { return HttpClient(port); }
  Response post(const std::string &path, const std::string &body) {
    return client().post(path, body);
  }
  Response get(const std::string &path) { return client().get(path); }

  Pipes process;
  int port;

private:
  static Arguments argumentsOf(const Arguments &more) {
    Arguments all = {"serve", "--port=0"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

} // namespace tritc::test
