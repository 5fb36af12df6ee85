//===- HttpServerTest.cpp - Many clients on one thread --------------------===//

#include "runtime/http/Listen.h"
#include "runtime/http/Server.h"
#include "test/unit/runtime/HttpClient.h"

#include "gtest/gtest.h"

#include <arpa/inet.h>
#include <atomic>
#include <functional>
#include <netinet/in.h>
#include <sys/resource.h>
#include <thread>
#include <vector>

using namespace tritc;
using namespace tritc::http;
using test::HttpClient;
using test::Response;

namespace {
/// A server on a thread: /echo answers with the body, /later when it is told
/// to, /stream begins and waits, /large has 8 MB, /denied answers to a head.
class TestServer {
public:
  explicit TestServer(const Limits &limits = {}) : server(limits, handler()) {
    EXPECT_FALSE(server.start());
    Listening listening;
    EXPECT_FALSE(listenOn("127.0.0.1", 0, listening));
    sockaddr_in address = {};
    socklen_t size = sizeof(address);
    getsockname(listening.sockets[0], reinterpret_cast<sockaddr *>(&address),
                &size);
    port = ntohs(address.sin_port);
    EXPECT_FALSE(server.listen(listening.sockets[0]));
    thread = std::thread([this] { server.run(); });
  }
  ~TestServer() {
    server.end();
    server.end();
    thread.join();
  }

  /// Has `action` run on the server's thread, and waits for that.
  template <typename Action>
  void call(Action action) {
    std::atomic<bool> isDone{false};
    task = [&] {
      action();
      isDone = true;
    };
    hasTask = true;
    while (!isDone) {
      server.wake();
      std::this_thread::yield();
    }
  }
  void answerAll(const std::string &body) {
    call([&] {
      for (uint64_t number : waiting)
        if (Exchange *exchange = server.find(number)) {
          if (exchange->hasBegun()) {
            exchange->write(body);
            exchange->end();
          } else {
            exchange->respond(200, "text/plain", body);
          }
        }
      waiting.clear();
    });
  }
  void awaitWaiting(size_t count) {
    while (waitingCount < static_cast<int>(count))
      std::this_thread::yield();
  }
  void awaitGone(int count) {
    while (gone < count)
      std::this_thread::yield();
  }

  int port;
  Server server;
  std::vector<uint64_t> waiting; ///< exchanges, of the server's thread
  std::atomic<int> waitingCount{0}, gone{0}, halfClosed{0};

private:
  Handler handler() {
    Handler made;
    made.context = this;
    made.onHead = [](void *, Exchange &exchange) {
      if (exchange.request().path == "/denied")
        exchange.respond(401, "text/plain", "denied");
    };
    made.onRequest = [](void *context, Exchange &exchange) {
      static_cast<TestServer *>(context)->answer(exchange);
    };
    made.onHalfClose = [](void *context, Exchange &exchange) {
      ++static_cast<TestServer *>(context)->halfClosed;
      if (!exchange.hasBegun())
        exchange.begin(200, "text/plain");
      else
        exchange.write(" ");
    };
    made.onGone = [](void *context, Exchange &) {
      ++static_cast<TestServer *>(context)->gone;
    };
    made.onWake = [](void *context) {
      auto *self = static_cast<TestServer *>(context);
      if (self->hasTask.exchange(false))
        self->task();
    };
    made.describe = [](void *, const Refusal &refusal,
                       base::Array<char> &body) { body.append(refusal.why); };
    return made;
  }
  void answer(Exchange &exchange) {
    std::string_view path = exchange.request().path;
    if (path == "/echo")
      return exchange.respond(200, "text/plain", exchange.request().body);
    if (path == "/large")
      return exchange.respond(200, "text/plain", std::string(8 << 20, 'x'));
    if (path == "/stream")
      exchange.begin(200, "text/plain");
    waiting.push_back(exchange.number());
    ++waitingCount;
  }

  std::function<void()> task;
  std::atomic<bool> hasTask{false};
  std::thread thread;
};
} // namespace

TEST(HttpServer, AnswersOneRequestAfterTheOther) {
  TestServer server;
  HttpClient client(server.port);
  for (int i = 0; i < 100; ++i) {
    Response response = client.post("/echo", std::to_string(i));
    ASSERT_EQ(response.status, 200);
    EXPECT_EQ(response.body, std::to_string(i));
    EXPECT_EQ(response.fields.count("connection"), 0u);
  }
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  TestServer server;
  HttpClient client(server.port);
  client.ask("POST", "/later", "x");
  std::string many;
  for (int i = 0; i < 500; ++i)
    many += "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n" +
            std::to_string(100 + i);
  client.send(many);
  server.awaitWaiting(1);
  server.answerAll("first");
  EXPECT_EQ(client.receive().body, "first");
  for (int i = 0; i < 500; ++i)
    ASSERT_EQ(client.receive().body, std::to_string(100 + i));
}

TEST(HttpServer, KnowsHead) {
  TestServer server;
  HttpClient client(server.port);
  client.ask("HEAD", "/large");
  Response head = client.receive(/*isHead=*/true);
  EXPECT_EQ(head.fields["content-length"], std::to_string(8 << 20));
  EXPECT_EQ(client.post("/echo", "still there").body, "still there");
}

TEST(HttpServer, SendsMoreThanASocketHolds) {
  TestServer server;
  HttpClient client(server.port);
  EXPECT_EQ(client.get("/large").body.size(), size_t{8} << 20);
}

TEST(HttpServer, SaysContinueToWhoWaitsForIt) {
  TestServer server;
  HttpClient client(server.port);
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
              "Expect: 100-continue\r\n\r\n");
  EXPECT_TRUE(client.awaitText("HTTP/1.1 100 Continue\r\n\r\n"));
  client.send("ab");
  EXPECT_EQ(client.receive().body, "ab");
}

TEST(HttpServer, DoesNotReadTheBodyOfWhatIsDenied) {
  TestServer server;
  HttpClient client(server.port);
  client.send("POST /denied HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n"
              "Expect: 100-continue\r\n\r\n");
  Response response = client.receive();
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(response.fields["connection"], "close");
  HttpClient other(server.port);
  EXPECT_EQ(other.get("/denied").status, 401);
  EXPECT_EQ(other.post("/echo", "x").body, "x"); // there was no body to skip
}

TEST(HttpServer, RefusesAndCloses) {
  TestServer server;
  HttpClient client(server.port);
  client.send("GET / HTTP/1.1\nHost: a\n\n");
  Response response = client.receive();
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, "a line feed stands alone");
  EXPECT_EQ(response.fields["connection"], "close");
  EXPECT_TRUE(client.isClosed());
}

TEST(HttpServer, SpeaksHttp10) {
  TestServer server;
  HttpClient client(server.port);
  client.send("GET /stream HTTP/1.0\r\n\r\n");
  server.awaitWaiting(1);
  server.answerAll("to the end");
  Response response = client.receive();
  EXPECT_EQ(response.body, "to the end");
  EXPECT_EQ(response.fields.count("transfer-encoding"), 0u);
}

TEST(HttpServer, TellsAtOnceWhoHasGone) {
  TestServer server;
  for (const char *path : {"/stream", "/later"}) {
    int before = server.gone;
    HttpClient client(server.port);
    size_t known = static_cast<size_t>(server.waitingCount);
    client.ask("GET", path);
    server.awaitWaiting(known + 1);
    client.close();
    server.awaitGone(before + 1);
  }
}

TEST(HttpServer, AnswersWhoOnlyShutTheirSide) {
  TestServer server;
  for (const char *path : {"/stream", "/later"}) {
    HttpClient client(server.port);
    size_t known = static_cast<size_t>(server.waitingCount);
    client.ask("GET", path);
    server.awaitWaiting(known + 1);
    client.shutWriting();
    while (server.halfClosed == static_cast<int>(known))
      std::this_thread::yield();
    server.answerAll("here");
    Response response = client.receive();
    EXPECT_EQ(response.body.substr(response.body.size() - 4), "here");
    EXPECT_TRUE(response.isWhole);
    EXPECT_TRUE(client.isClosed());
  }
  EXPECT_EQ(server.gone, 0);
}

TEST(HttpServer, ServesWhileAThousandClientsDawdle) {
  rlimit descriptors;
  getrlimit(RLIMIT_NOFILE, &descriptors);
  descriptors.rlim_cur = descriptors.rlim_max;
  setrlimit(RLIMIT_NOFILE, &descriptors);
  if (descriptors.rlim_cur < 2100)
    GTEST_SKIP() << "this process may have too few sockets";
  TestServer server;
  std::vector<HttpClient> slow;
  for (int i = 0; i < 1000; ++i) {
    slow.emplace_back(server.port);
    slow.back().send(i % 2 ? "POST /echo HTTP/1.1\r\nHost: a\r\nConte"
                           : "POST /echo HTTP/1.1\r\nHost: a\r\n"
                             "Content-Length: 2\r\n\r\na");
  }
  HttpClient fast(server.port);
  EXPECT_EQ(fast.post("/echo", "hello").body, "hello");
  for (int i = 0; i < 1000; ++i)
    slow[static_cast<size_t>(i)].send(i % 2 ? "nt-Length: 2\r\n\r\nab" : "b");
  for (HttpClient &client : slow)
    ASSERT_EQ(client.receive().body, "ab");
}

TEST(HttpServer, EndsWhatTakesTooLong) {
  Limits limits;
  limits.headSeconds = limits.bodySeconds = limits.idleSeconds = 0.2;
  limits.writeSeconds = 0.2;
  TestServer server(limits);
  HttpClient head(server.port), body(server.port), idle(server.port),
      deaf(server.port);
  head.send("GET / HT");
  body.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\na");
  EXPECT_EQ(idle.post("/echo", "x").body, "x");
  for (int i = 0; i < 4; ++i) // more than the buffers between them hold
    deaf.ask("GET", "/large");
  EXPECT_EQ(head.receive().status, 408);
  EXPECT_EQ(body.receive().status, 408);
  EXPECT_TRUE(head.isClosed());
  EXPECT_TRUE(idle.isClosed());
  uint64_t left = 4;
  while (left) // all are closed at last, whatever they do
    server.call([&] { left = server.server.counters().connections; });
}

TEST(HttpServer, MakesRoomByClosingWhoIsIdle) {
  Limits limits;
  limits.connections = 2;
  TestServer server(limits);
  HttpClient first(server.port), second(server.port);
  EXPECT_EQ(first.post("/echo", "1").body, "1");
  EXPECT_EQ(second.post("/echo", "2").body, "2");
  HttpClient third(server.port);
  EXPECT_EQ(third.post("/echo", "3").body, "3");
  EXPECT_TRUE(first.isClosed());
  second.send("POST /echo HTTP/1.1\r\n");
  third.send("POST /echo HTTP/1.1\r\n");
  server.call([] {}); // both are known to have begun
  HttpClient fourth(server.port);
  EXPECT_EQ(fourth.get("/echo").status, 503);
}

TEST(HttpServer, ReadsNoMoreThanItHasMemoryFor) {
  Limits limits;
  limits.allBodyBytes = 700 << 10;
  TestServer server(limits);
  const std::string body(400 << 10, 'x');
  HttpClient first(server.port), second(server.port);
  first.ask("POST", "/later", body);
  server.awaitWaiting(1);
  EXPECT_EQ(second.post("/echo", body).status, 503);
  server.answerAll("fine");
  EXPECT_EQ(first.receive().body, "fine");
  EXPECT_EQ(first.post("/echo", body).body, body);
}

TEST(HttpServer, DrainsBeforeItEnds) {
  TestServer server;
  HttpClient busy(server.port), idle(server.port);
  EXPECT_EQ(idle.post("/echo", "x").body, "x");
  busy.ask("GET", "/later");
  server.awaitWaiting(1);
  server.server.end();
  EXPECT_TRUE(idle.isClosed());
  HttpClient late(server.port);
  EXPECT_EQ(late.get("/echo").status, 0);
  EXPECT_EQ(server.waiting.size(), 1u);
}

TEST(Listen, KnowsNamesOfThisMachine) {
  for (const char *host :
       {"localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1"})
    EXPECT_TRUE(isLoopback(host)) << host;
  for (const char *host : {"", "localhost.evil.com", "0.0.0.0",
                           "::", "128.0.0.1", "127.0.0.1.evil.com", "evil.com"})
    EXPECT_FALSE(isLoopback(host)) << host;
  EXPECT_EQ(hostOf("a:80"), "a");
  EXPECT_EQ(hostOf("[::1]:80"), "::1");
  EXPECT_EQ(hostOf("a"), "a");
}

TEST(Listen, RefusesWhatIsNoAddress) {
  Listening listening;
  EXPECT_NE(std::string(listenOn("nowhere", 0, listening).message)
                .find("--host: expected an address"),
            std::string::npos);
}
