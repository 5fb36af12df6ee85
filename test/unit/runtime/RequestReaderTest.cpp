//===- RequestReaderTest.cpp - Requests from a stream of bytes ------------===//

#include "runtime/http/RequestReader.h"

#include "gtest/gtest.h"

#include <string>
#include <vector>

using namespace tritc::http;
using Stage = RequestReader::Stage;

namespace {
/// What came of a stream: a line for each request, "400 why" for one refused.
std::vector<std::string> read(const std::string &stream, size_t piece,
                              const Limits &limits = {}) {
  RequestReader reader(limits);
  std::vector<std::string> seen;
  std::string pending;
  size_t given = 0;
  while (true) {
    if (reader.stage() == Stage::Refused) {
      seen.push_back(std::to_string(reader.refusal().status) + " " +
                     reader.refusal().why);
      return seen;
    }
    if (reader.stage() == Stage::HeadDone) {
      reader.readBody();
      continue;
    }
    if (reader.stage() == Stage::Done) {
      const Request &request = reader.request();
      seen.push_back(std::string(request.method) + " " +
                     std::string(request.target) + " [" +
                     std::string(request.body) + "]" +
                     (request.keepsAlive ? "" : " close"));
      reader.next();
      continue;
    }
    if (pending.empty()) {
      if (given == stream.size())
        break;
      pending = stream.substr(given, piece);
      given += pending.size();
    }
    pending.erase(0, reader.feed(pending));
  }
  if (!reader.isFresh())
    seen.push_back("unfinished");
  return seen;
}

using Lines = std::vector<std::string>;

/// However the stream is cut, it says the same.
Lines readAnyhow(const std::string &stream, const Limits &limits = {}) {
  Lines whole = read(stream, stream.size() + 1, limits);
  for (size_t piece : {1, 2, 3, 7})
    EXPECT_EQ(read(stream, piece, limits), whole) << stream;
  return whole;
}

std::string get(const std::string &fields) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}
std::string post(const std::string &fields, const std::string &body) {
  return "POST /p HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
}
} // namespace

TEST(RequestReader, ReadsBodiesOfBothKinds) {
  EXPECT_EQ(readAnyhow(get("")), Lines{"GET / []"});
  EXPECT_EQ(readAnyhow(post("Content-Length: 5\r\n", "hello")),
            Lines{"POST /p [hello]"});
  EXPECT_EQ(readAnyhow(post("Transfer-Encoding: chunked\r\n",
                            "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nT: x\r\n\r\n")),
            Lines{"POST /p [hello]"});
  EXPECT_EQ(readAnyhow(post("Content-Length: 0\r\n", "")), Lines{"POST /p []"});
}

TEST(RequestReader, ReadsOneRequestBehindTheOther) {
  std::string first = post("Content-Length: 2\r\n", "ab");
  std::string second =
      post("Transfer-Encoding: chunked\r\n", "1\r\nc\r\n0\r\n\r\n");
  EXPECT_EQ(readAnyhow(first + second + "\r\n" + get("Connection: close\r\n")),
            (Lines{"POST /p [ab]", "POST /p [c]", "GET / [] close"}));
}

TEST(RequestReader, KnowsWhoKeepsTheConnection) {
  EXPECT_EQ(readAnyhow("GET / HTTP/1.0\r\n\r\n"), Lines{"GET / [] close"});
  EXPECT_EQ(readAnyhow("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
            Lines{"GET / []"});
}

TEST(RequestReader, TakesNoOfferToSpeakAnotherProtocol) {
  EXPECT_EQ(readAnyhow(post("Connection: Upgrade, HTTP2-Settings\r\n"
                            "Upgrade: h2c\r\nContent-Length: 2\r\n",
                            "ab")),
            Lines{"POST /p [ab]"});
  EXPECT_EQ(readAnyhow(get("Connection: Upgrade\r\nUpgrade: websocket\r\n")),
            Lines{"GET / []"});
}

TEST(RequestReader, TakesThePathOutOfAWholeTarget) {
  Limits limits;
  RequestReader reader(limits);
  reader.feed("GET http://b:1/x?y=1 HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_EQ(reader.stage(), Stage::HeadDone);
  EXPECT_EQ(reader.request().path, "/x");
  EXPECT_EQ(reader.request().query, "y=1");
  EXPECT_EQ(reader.request().host, "b:1");
}

/// What two programs in a row could read differently.
TEST(RequestReader, RefusesWhatSmugglesRequests) {
  const std::string hidden = "GET /secret HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::pair<std::string, std::string> table[] = {
      {post("Content-Length: 2\r\nContent-Length: 40\r\n", hidden), "400"},
      {post("Content-Length: 2\r\nContent-Length: 2\r\n", "ab"), "400"},
      {post("Content-Length: 2, 2\r\n", "ab"), "400"},
      {post("Content-Length: +2\r\n", "ab"), "400"},
      {post("Content-Length: -2\r\n", "ab"), "400"},
      {post("Content-Length: 0x2\r\n", "ab"), "400"},
      {post("Content-Length: 2 2\r\n", "ab"), "400"},
      {post("Content-Length: \r\n", hidden), "400"},
      {post("Content-Length: 99999999999999999999\r\n", "ab"), "400"},
      {post("Content-Length : 2\r\n", "ab"), "400"},
      {post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
            "0\r\n\r\n" + hidden),
       "400"},
      {post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
            "0\r\n\r\n" + hidden),
       "400"},
      {post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            "0\r\n\r\n"),
       "400"},
      {post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), "400"},
      {post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), "501"},
      {post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), "400"},
      {post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"), "400"},
      {post("Transfer-Encoding:\x0b chunked\r\n", "0\r\n\r\n"), "400"},
      {post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"), "400"},
      {post("X: a\r\n b\r\n", ""), "400"},
      {post("X: a\n", ""), "400"},
      {post("X: a\rY: b\r\n", ""), "400"},
      {post("X: a\rContent-Length: 2\r\n", "ab"), "400"},
      {post(std::string("X: a\0b\r\n", 8), ""), "400"},
      {post("X\r\n", ""), "400"},
      {post(": x\r\n", ""), "400"},
      {post(" X: a\r\n", ""), "400"},
      {"GET / HTTP/1.1\nHost: a\n\n", "400"},
      {"GET / HTTP/1.1\r\n\r\n", "400"},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
      {"GET /\r\n\r\n", "400"},
      {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", "505"},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505"},
      {"GET / HTTP/1.10\r\nHost: a\r\n\r\n", "505"},
      {"NONSENSE / HTTP/1.1\r\nHost: a\r\n\r\n", "501"},
      {"GET x HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
      {"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
      {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
      {"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
      {"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
  };
  for (const auto &[stream, status] : table) {
    Lines lines = readAnyhow(stream);
    ASSERT_EQ(lines.size(), 1u) << stream;
    EXPECT_EQ(lines[0].substr(0, 3), status) << stream << lines[0];
  }
}

TEST(RequestReader, RefusesChunksThatAreMalformed) {
  for (const char *body :
       {"2\nab\r\n0\r\n\r\n", "2\r\nabc\r\n0\r\n\r\n", "x\r\nab\r\n0\r\n\r\n",
        "2\r\nab\n0\r\n\r\n", "-1\r\n\r\n0\r\n\r\n", "\r\nab\r\n0\r\n\r\n",
        "2\rab\r\n0\r\n\r\n", "fffffffffffffffff\r\nab",
        "2 \r\nab\r\n0\r\n\r\n", "0x2\r\nab\r\n0\r\n\r\n",
        "2;a\nb\r\nab\r\n0\r\n\r\n"}) {
    Lines lines = readAnyhow(post("Transfer-Encoding: chunked\r\n", body));
    ASSERT_EQ(lines.size(), 1u) << body;
    EXPECT_EQ(lines[0].substr(0, 3), "400") << body << lines[0];
  }
}

TEST(RequestReader, RefusesWhatIsTooLarge) {
  Limits limits;
  limits.headBytes = 200;
  limits.bodyBytes = 10;
  limits.fields = 4;
  auto statusOf = [&](const std::string &stream) {
    return readAnyhow(stream, limits).at(0).substr(0, 3);
  };
  EXPECT_EQ(statusOf("GET /" + std::string(300, 'a')), "414");
  EXPECT_EQ(statusOf(get("X: " + std::string(300, 'a') + "\r\n")), "431");
  EXPECT_EQ(statusOf(get("A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\n")), "431");
  EXPECT_EQ(statusOf(post("Content-Length: 11\r\n", "")), "413");
  EXPECT_EQ(statusOf(post("Transfer-Encoding: chunked\r\n",
                          "6\r\nabcdef\r\n5\r\nabcde\r\n0\r\n\r\n")),
            "413");
  EXPECT_EQ(statusOf(post("Transfer-Encoding: chunked\r\n",
                          "1;" + std::string(300, 'x') + "\r\na\r\n")),
            "413");
  EXPECT_EQ(statusOf(post("Content-Length: 10\r\n", "0123456789")), "POS");
}
