//===- ServeCrowdTest.cpp - Thousands of clients, of whom many leave ------===//

#include "test/unit/runtime/Served.h"

#include "gtest/gtest.h"

#include <atomic>
#include <fstream>
#include <random>
#include <thread>

using namespace tritc;
using test::HttpClient;
using test::Response;
using test::Served;

static std::string asking(const std::string &text, bool streams) {
  return "{\"messages\":[{\"role\":\"user\",\"content\":\"" + text +
         "\"}],\"max_tokens\":20,\"stream\":" + (streams ? "true" : "false") +
         "}";
}

/// Kilobytes of memory that a process has.
static long memoryOf(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.compare(0, 6, "VmRSS:") == 0)
      return std::stol(line.substr(6));
  return 0;
}

/// The value of a line of /metrics.
static long metric(Served &served, const std::string &name) {
  std::string body = served.get("/metrics").body;
  size_t at = body.find("\ntritc_" + name + " ");
  return at == body.npos ? -1 : std::stol(body.substr(at + name.size() + 8));
}

namespace {
/// Clients of all kinds, until so many have been there.
class Crowd {
public:
  explicit Crowd(int port) : port(port) {}

  void come(int count) {
    left = count;
    std::vector<std::thread> threads;
    for (unsigned seed = 0; seed < 4; ++seed)
      threads.emplace_back([this, seed] {
        std::mt19937 random(seed);
        while (--left >= 0)
          visit(random);
      });
    for (std::thread &thread : threads)
      thread.join();
  }

  std::atomic<int> answered{0};

private:
  void visit(std::mt19937 &random) {
    const char *path = "/v1/chat/completions";
    std::string text = "hello " + std::to_string(random() % 1000);
    HttpClient client(port);
    switch (random() % 8) {
    case 0: // leaves in the middle of a head
      client.send("POST /v1/chat");
      break;
    case 1: // of a body
      client.send(
          "POST " + std::string(path) +
          " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{");
      break;
    case 2: // before the answer
      client.ask("POST", path, asking(text, random() % 2));
      break;
    case 3: // within it, one that never ends
      client.ask("POST", path, asking("~" + text, true));
      client.awaitText("data: ");
      break;
    case 4: // sends what is no HTTP
      client.send(std::string(random() % 100, char(random() % 256)) +
                  "\r\n\r\n");
      break;
    case 5: // asks without waiting
      for (int i = 0; i < 3; ++i)
        client.ask("POST", path, asking(text, i % 2));
      expect(client.receive(), text);
      break;
    case 6: // shuts its side
      client.ask("POST", path, asking(text, true));
      client.shutWriting();
      EXPECT_EQ(client.receive().status, 200);
      break;
    default:
      expect(client.post(path, asking(text, false)), text);
    }
  }

  void expect(const Response &response, const std::string &text) {
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_NE(response.body.find("\"content\":\"" + text + "\""),
              std::string::npos)
        << response.body;
    ++answered;
  }

  const int port;
  std::atomic<int> left{0};
};
} // namespace

/// Nothing is lost, and nothing kept.
TEST(Serve, OutlivesTenThousandClientsOfWhomMostLeave) {
  Served served({"--queue=1000"});
  Crowd crowd(served.port);
  crowd.come(2000);
  long before = memoryOf(served.process.process());
  crowd.come(8000);
  while (metric(served, "running") + metric(served, "queued") > 0 ||
         metric(served, "connections") > 1)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_GT(crowd.answered, 2000);
  EXPECT_LT(memoryOf(served.process.process()), before + 2048);
  EXPECT_EQ(served.end().code, 0);
}
