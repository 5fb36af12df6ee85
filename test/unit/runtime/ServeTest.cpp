//===- ServeTest.cpp - The command that serves ----------------------------===//

#include "test/unit/runtime/Served.h"

#include "gtest/gtest.h"

#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace tritc;
using test::HttpClient;
using test::Pipes;
using test::Response;
using test::Result;
using test::run;
using test::Served;
using test::ToyModel;

namespace {
const std::string chat = "/v1/chat/completions";

std::string asking(const std::string &text, const std::string &more = "") {
  return "{\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]" +
         more + "}";
}

bool has(const Response &response, const std::string &text) {
  return response.body.find(text) != std::string::npos;
}

std::string errorOf(const Response &response) {
  size_t begin = response.body.find("\"message\":\"") + 11;
  return response.body.substr(begin, response.body.find("\",\"type\"") - begin);
}
} // namespace

TEST(Serve, AnswersAConversation) {
  Served served;
  Response response = served.post(chat, asking("hello"));
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(has(response, "\"object\":\"chat.completion\"")) << response.body;
  EXPECT_TRUE(has(response, "\"message\":{\"role\":\"assistant\",\"content\":"
                            "\"hello\""))
      << response.body;
  EXPECT_TRUE(has(response, "\"finish_reason\":\"stop\""));
  EXPECT_TRUE(has(response, "\"model\":\"toy\""));
  Response longer = served.post(
      chat, "{\"messages\":[{\"role\":\"system\",\"content\":\"a\"},{\"role\":"
            "\"user\",\"content\":[{\"type\":\"text\",\"text\":\"b\"},{"
            "\"type\":\"text\",\"text\":\"c\"}]}]}");
  EXPECT_TRUE(has(longer, "\"content\":\"abc\"")) << longer.body;
  Result result = served.end();
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.err, "");
}

TEST(Serve, AnswersInPieces) {
  Served served;
  Response response = served.post(
      chat, asking("abc", ",\"stream\":true,\"stream_options\":{\"include_"
                          "usage\":true}"));
  EXPECT_EQ(response.fields["content-type"], "text/event-stream");
  EXPECT_TRUE(response.isWhole);
  size_t at = 0;
  for (const char *part :
       {"data: {", "\"delta\":{\"role\":\"assistant\",\"content\":\"\"}",
        "\"content\":\"a\"", "\"content\":\"b\"", "\"content\":\"c\"",
        "\"delta\":{}", "\"finish_reason\":\"stop\"",
        "\"choices\":[],\"usage\"", "\"completion_tokens\":3",
        "data: [DONE]\n\n"}) {
    at = response.body.find(part, at);
    ASSERT_NE(at, std::string::npos) << part << " in " << response.body;
  }
}

TEST(Serve, CountsAndLimitsTokens) {
  Served served;
  Response response =
      served.post(chat, asking("abcdef", ",\"max_completion_tokens\":2"));
  EXPECT_TRUE(has(response, "\"content\":\"ab\"")) << response.body;
  EXPECT_TRUE(has(response, "\"finish_reason\":\"length\""));
  EXPECT_TRUE(has(response, "\"completion_tokens\":2,"));
  EXPECT_TRUE(
      has(served.post(chat, asking("abcdef", ",\"stop\":[\"x\",\"de\"]")),
          "\"content\":\"abc\""));
}

TEST(Serve, GivesSeveralAnswers) {
  Served served;
  Response response = served.post(chat, asking("ab", ",\"n\":3"));
  for (const char *index : {"\"index\":0", "\"index\":1", "\"index\":2"})
    EXPECT_TRUE(has(response, index)) << response.body;
  EXPECT_TRUE(has(response, "\"completion_tokens\":6"));
}

TEST(Serve, GoesOnWithTexts) {
  Served served;
  Response response = served.post(
      "/v1/completions", "{\"prompt\":[\"ab\",[97,98]],\"max_tokens\":2,"
                         "\"logprobs\":1}");
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_TRUE(has(response, "\"text\":\"cd\"")) << response.body;
  EXPECT_TRUE(has(response, "\"tokens\":[\"c\",\"d\"]"));
  EXPECT_TRUE(has(response, "\"text_offset\":[0,1]"));
  EXPECT_TRUE(has(response, "\"index\":1"));
}

TEST(Serve, AnswersInTheFormThatWasAskedFor) {
  Served served;
  auto format = [](const std::string &said) {
    return ",\"max_tokens\":100,\"response_format\":" + said;
  };
  // The toy would say what it was told.
  Response chosen = served.post(
      chat, asking("hello", format("{\"type\":\"json_schema\",\"json_schema\":{"
                                   "\"name\":\"x\",\"schema\":{\"enum\":["
                                   "\"red\",\"green\"]}}}")));
  EXPECT_TRUE(has(chosen, "\"content\":\"\\\"red\\\"\"") ||
              has(chosen, "\"content\":\"\\\"green\\\"\""))
      << chosen.body;
  EXPECT_TRUE(has(chosen, "\"finish_reason\":\"stop\""));
  Response grammar =
      served.post(chat, asking("ab", ",\"n\":2,\"grammar\":\"root ::= "
                                     "\\\"ba\\\"\""));
  EXPECT_TRUE(has(grammar, "\"content\":\"ba\"")) << grammar.body;
  EXPECT_TRUE(has(grammar, "\"index\":1"));
  Response object =
      served.post(chat, asking("{}", format("{\"type\":\"json_object\"}")));
  EXPECT_TRUE(has(object, "\"content\":\"{}\"")) << object.body;
  EXPECT_TRUE(has(served.post("/api/chat",
                              "{\"messages\":[{\"role\":\"user\",\"content\":"
                              "\"a\"}],\"stream\":false,\"format\":{"
                              "\"const\":7}}"),
                  "\"content\":\"7\""));
}

TEST(Serve, RefusesFormsThatAreNone) {
  Served served;
  auto errorFor = [&](const std::string &format) {
    Response response =
        served.post(chat, asking("a", ",\"response_format\":" + format));
    EXPECT_EQ(response.status, 400) << format;
    return errorOf(response);
  };
  EXPECT_EQ(errorFor("{\"type\":\"xml\"}"),
            "response_format.type: expected text, json_object or json_schema");
  EXPECT_EQ(errorFor("{\"type\":\"json_schema\"}"),
            "response_format.json_schema: expected, found nothing");
  EXPECT_EQ(errorFor("{\"type\":\"json_schema\",\"json_schema\":{}}"),
            "response_format.json_schema.schema: expected, found nothing");
  EXPECT_EQ(errorFor("{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{"
                     "\"type\":\"x\"}}}")
                .find("response_format.json_schema.schema: "),
            0u);
  EXPECT_EQ(errorOf(served.post(chat, asking("a", ",\"grammar\":\"x\"")))
                .find("grammar: "),
            0u);
}

TEST(Serve, PrefersAndAvoidsTokens) {
  Served served;
  // 97 is the a that the toy would say, 98 another letter.
  EXPECT_TRUE(has(served.post(chat, asking("a", ",\"max_tokens\":1,\"logit_"
                                                "bias\":{\"98\":100}")),
                  "\"content\":\"b\""));
  EXPECT_FALSE(has(
      served.post(chat, asking("aaaaaaaa", ",\"frequency_penalty\":2,"
                                           "\"logit_bias\":{\"97\":-29.5}")),
      "\"content\":\"aaaaaaaa\""));
  EXPECT_EQ(
      errorOf(served.post(chat, asking("a", ",\"logit_bias\":{\"x\":1}"))),
      "logit_bias.x: expected a token id below 266");
  EXPECT_EQ(
      errorOf(served.post(chat, asking("a", ",\"logit_bias\":{\"1\":101}"))),
      "logit_bias.1: expected a number from -100 to 100");
}

TEST(Serve, RefusesByName) {
  Served served;
  const std::pair<const char *, const char *> table[] = {
      {",\"foo\":1", "foo: this program does not know it"},
      {",\"temperature\":\"1\"",
       "temperature: expected a number, found a string"},
      {",\"temperature\":-1",
       "temperature: expected a number from 0 to 100, found -1"},
      {",\"max_tokens\":1.5",
       "max_tokens: expected an integer, found a number"},
      {",\"n\":0", "n: expected an integer from 1 to 16, found 0"},
      {",\"stream\":1", "stream: expected a boolean, found an integer"},
      {",\"stop\":[\"a\",1]", "stop[1]: expected a string, found an integer"},
      {",\"stop\":\"\"", "stop: expected a text that is not empty"},
      {",\"tools\":[{}]", "tools: the chat template has no place for tools"},
      {",\"top_logprobs\":2", "top_logprobs: expected logprobs to be true"},
      {",\"stream_options\":{\"x\":1}",
       "stream_options.x: this program does not know it"},
      {",\"store\":true", "store: nothing is stored here"},
      {",\"temperature\":1,\"temperature\":2",
       "body: line 1, byte 76: expected each name once in an object"},
  };
  for (const auto &[more, message] : table) {
    Response response = served.post(chat, asking("a", more));
    EXPECT_EQ(response.status, 400) << more;
    EXPECT_EQ(errorOf(response), message) << more;
  }
  // What asks for nothing is fine.
  EXPECT_EQ(
      served
          .post(chat, asking("a", ",\"tools\":[],\"user\":\"me\",\"store\":"
                                  "false,\"seed\":null,\"metadata\":{"
                                  "\"a\":\"b\"}"))
          .status,
      200);
}

TEST(Serve, RefusesConversationsThatTheTemplateCannotWrite) {
  Served served;
  const std::pair<const char *, const char *> table[] = {
      {"[]", "messages: expected a message of the user at the end"},
      {"{}", "messages: expected a list, found an object"},
      {"[1]", "messages[0]: expected an object, found an integer"},
      {"[{\"role\":\"user\"}]", "messages[0].content: expected, found nothing"},
      {"[{\"role\":\"user\",\"content\":1}]",
       "messages[0].content: expected a string, or a list of parts, found an "
       "integer"},
      {"[{\"role\":\"tool\",\"content\":\"\"}]",
       "messages[0].role: expected system, user or assistant; the chat "
       "template has no place for others"},
      {"[{\"role\":\"user\",\"content\":\"\",\"name\":\"x\"}]",
       "messages[0].name: the chat template has no place for it"},
      {"[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]",
       "messages[0].content[0].type: expected \\\"text\\\", the model takes "
       "nothing else"},
  };
  for (const auto &[messages, message] : table) {
    Response response =
        served.post(chat, std::string("{\"messages\":") + messages + "}");
    EXPECT_EQ(response.status, 400) << messages;
    EXPECT_EQ(errorOf(response), message) << messages;
  }
  EXPECT_EQ(errorOf(served.post(chat, "{}")),
            "messages: expected, found nothing");
}

TEST(Serve, GivesTheNumbersOfAPromptThatDoesNotFit) {
  Served served;
  Response response = served.post(chat, asking(std::string(300, 'a')));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(errorOf(response),
            "messages: the prompt has 304 tokens, the context holds 256");
  EXPECT_TRUE(has(response, "context_length_exceeded"));
}

TEST(Serve, KnowsOnlyItsOwnModel) {
  Served served({"--alias=gpt-4"});
  EXPECT_EQ(served.post(chat, asking("a", ",\"model\":\"toy\"")).status, 200);
  EXPECT_EQ(served.post(chat, asking("a", ",\"model\":\"gpt-4\"")).status, 200);
  EXPECT_EQ(served.post(chat, asking("a", ",\"model\":\"other\"")).status, 404);
  EXPECT_TRUE(has(served.get("/v1/models"), "\"id\":\"toy\""));
  EXPECT_EQ(served.get("/v1/models/toy").status, 200);
  EXPECT_EQ(served.get("/v1/models/other").status, 404);
}

TEST(Serve, AsksForAKeyBeforeAnythingElse) {
  Served served({"--api-key=one", "--api-key=two"});
  EXPECT_EQ(served.post(chat, asking("a")).status, 401);
  EXPECT_EQ(served.get("/v1/models").status, 401);
  EXPECT_EQ(served.get("/health").status, 200);
  EXPECT_EQ(served.get("/").status, 200);
  for (const char *key : {"one", "two"})
    EXPECT_EQ(served.client()
                  .get("/v1/models",
                       std::string("Authorization: Bearer ") + key + "\r\n")
                  .status,
              200);
  for (const char *field : {"Bearer on", "Bearer onee", "Basic one", "Bearer",
                            "Bearer one\ntwo", "Bearer "})
    EXPECT_NE(
        served.client()
            .get("/v1/models", std::string("Authorization: ") + field + "\r\n")
            .status,
        200)
        << field;
}

TEST(Serve, DemandsAKeyWhereOthersReachIt) {
  ToyModel toy;
  Result open = run(toy, {"serve", "--port=0", "--host=0.0.0.0"});
  EXPECT_EQ(open.code, 1);
  EXPECT_EQ(open.err,
            "error: --host: others reach that address: give --api-key=KEY, or "
            "--no-auth if everybody may ask\n");
  EXPECT_EQ(run(toy, {"serve", "--no-auth", "--api-key=a", "--port=0"}).code,
            1);
  EXPECT_EQ(run(toy, {"serve", "--host=nowhere", "--port=0"}).code, 1);
}

TEST(Serve, KnowsNobodyElsesPage) {
  Served served({"--cors-origin=http://friend", "--allow-host=alias"});
  auto statusOf = [&](const std::string &fields) {
    return served.client().get("/health", fields).status;
  };
  std::string own = std::to_string(served.port);
  EXPECT_EQ(statusOf("Host: 127.0.0.1:" + own + "\r\n"), 200);
  EXPECT_EQ(statusOf("Host: [::1]\r\n"), 200);
  EXPECT_EQ(statusOf("Host: alias:1\r\n"), 200);
  EXPECT_EQ(statusOf("Host: evil\r\n"), 403);
  EXPECT_EQ(statusOf("Host: localhost.evil\r\n"), 403);
  EXPECT_EQ(statusOf("Host: 192.168.0.1\r\n"), 403);
  EXPECT_EQ(statusOf("Host: a:1\r\nOrigin: http://a:1\r\n"), 403);
  EXPECT_EQ(statusOf("Host: localhost:1\r\nOrigin: http://localhost:1\r\n"),
            200);
  EXPECT_EQ(statusOf("Host: localhost:1\r\nOrigin: http://localhost:2\r\n"),
            403);
  EXPECT_EQ(statusOf("Origin: null\r\n"), 403);
  EXPECT_EQ(statusOf("Origin: http://evil\r\n"), 403);
  HttpClient friendly = served.client();
  friendly.ask("OPTIONS", chat, "", "Origin: http://friend\r\n");
  Response preflight = friendly.receive();
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.fields["access-control-allow-origin"], "http://friend");
  EXPECT_EQ(served.get("/health").fields.count("access-control-allow-origin"),
            0u);
}

TEST(Serve, SpeaksAsOllamaDoes) {
  Served served;
  Response stream = served.post(
      "/api/chat", "{\"model\":\"toy:latest\",\"messages\":[{\"role\":"
                   "\"user\",\"content\":\"ab\"}],\"options\":{"
                   "\"temperature\":0,\"num_gpu\":1}}");
  EXPECT_EQ(stream.fields["content-type"], "application/x-ndjson");
  size_t at = 0;
  for (const char *part :
       {"\"content\":\"a\"},\"done\":false}\n", "\"content\":\"b\"},",
        "\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\"",
        "\"eval_count\":2"}) {
    at = stream.body.find(part, at);
    ASSERT_NE(at, std::string::npos) << part << " in " << stream.body;
  }
  Response whole = served.post("/api/generate",
                               "{\"model\":\"toy\",\"prompt\":\"b\",\"system\":"
                               "\"a\",\"stream\":false}");
  EXPECT_TRUE(has(whole, "\"response\":\"ab\",\"done\":true")) << whole.body;
  Response raw =
      served.post("/api/generate", "{\"prompt\":\"ab\",\"raw\":true,\"stream\":"
                                   "false,\"options\":{\"num_predict\":2}}");
  EXPECT_TRUE(has(raw, "\"response\":\"cd\"")) << raw.body;
  EXPECT_TRUE(has(served.post("/api/generate", "{\"model\":\"toy\"}"),
                  "\"done_reason\":\"load\""));
  EXPECT_TRUE(has(served.get("/api/tags"), "\"name\":\"toy:latest\""));
  EXPECT_TRUE(has(served.get("/api/ps"), "\"context_length\":256"));
  EXPECT_TRUE(has(served.get("/api/version"), "\"version\":"));
  EXPECT_TRUE(has(served.post("/api/show", "{\"model\":\"toy\"}"),
                  "\"capabilities\":[\"completion\"]"));
}

TEST(Serve, RefusesInTheFormOfWhoAsks) {
  Served served;
  Response option = served.post(
      "/api/chat", "{\"messages\":[],\"options\":{\"mirostat\":1}}");
  EXPECT_EQ(option.status, 400);
  EXPECT_EQ(option.body, "{\"error\":\"options.mirostat: this program does not "
                         "support it\"}");
  EXPECT_EQ(served.post("/api/chat", "{\"options\":{\"num_ctx\":4096}}").body,
            "{\"error\":\"options.num_ctx: compiled for at most 256 tokens, "
            "found 4096\"}");
  EXPECT_EQ(served.post("/api/show", "{\"model\":\"x\"}").status, 404);
}

namespace {
/// A toy that makes vectors: its logits, taken for states.
const ToyModel &vectorToy() {
  static ToyModel toy;
  toy.program().vectorSize = toy.program().vocabSize;
  toy.image().pooling.modeCount = 1;
  toy.image().pooling.modes[0] = TRITC_POOL_LAST;
  return toy;
}
} // namespace

TEST(Serve, MakesVectors) {
  Served served({}, vectorToy());
  Response two =
      served.post("/v1/embeddings", "{\"input\":[\"ab\",\"hello\"],\"model\":"
                                    "\"toy\"}");
  EXPECT_EQ(two.status, 200) << two.body;
  EXPECT_TRUE(has(two, "\"index\":1"));
  // The same as alone, and as the command prints it.
  Response one = served.post("/v1/embeddings", "{\"input\":\"hello\"}");
  std::string vector = one.body.substr(one.body.find("\"embedding\":["));
  vector = vector.substr(0, vector.find(']'));
  EXPECT_TRUE(has(two, vector));
  std::string printed = run(vectorToy(), {"embed", "-p", "hello"}).out;
  std::string first = printed.substr(0, printed.find(' '));
  EXPECT_NE(vector.find("[" + first + ","), std::string::npos) << first;
  EXPECT_TRUE(has(served.post("/v1/embeddings",
                              "{\"input\":[97,98],\"encoding_format\":"
                              "\"base64\"}"),
                  "\"embedding\":\""));
  EXPECT_TRUE(has(served.post("/api/embed", "{\"input\":\"hello\"}"),
                  vector.substr(12)));
  EXPECT_EQ(served.post(chat, asking("a")).status, 400);
}

TEST(Serve, MakesMoreVectorsThanTheQueueHolds) {
  Served served({"--queue=2", "--slots=2"}, vectorToy());
  std::string inputs;
  for (int i = 0; i < 300; ++i)
    inputs += (i ? ",\"" : "\"") + std::to_string(i) + "\"";
  Response response =
      served.post("/v1/embeddings", "{\"input\":[" + inputs + "]}");
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(has(response, "\"index\":299"));
  Response longer = served.post(
      "/v1/embeddings", "{\"input\":\"" + std::string(1000, '-') + "\"}");
  EXPECT_EQ(longer.status, 400);
  EXPECT_TRUE(has(longer, "the context holds 256")) << longer.body;
  EXPECT_EQ(
      served
          .post("/api/embed", "{\"input\":\"" + std::string(1000, '-') + "\"}")
          .status,
      200);
}

TEST(Serve, MakesTokensOfTextsAndBack) {
  Served served;
  EXPECT_EQ(served.post("/tokenize", "{\"content\":\"hea\"}").body,
            "{\"tokens\":[256,97]}");
  Response pieces =
      served.post("/tokenize", "{\"content\":\"\u00e9\",\"with_pieces\":true}");
  EXPECT_TRUE(has(pieces, "\"piece\":[195]")) << pieces.body;
  EXPECT_EQ(served.post("/detokenize", "{\"tokens\":[256,97]}").body,
            "{\"content\":\"hea\"}");
  EXPECT_EQ(served.post("/detokenize", "{\"tokens\":[]}").body,
            "{\"content\":\"\"}");
  EXPECT_EQ(errorOf(served.post("/detokenize", "{\"tokens\":[-1]}")),
            "tokens[0]: expected a token id below 266, found -1");
}

TEST(Serve, CountsWhatHappened) {
  Served served;
  served.post(chat, asking("ab"));
  Response metrics = served.get("/metrics");
  EXPECT_TRUE(has(metrics, "# TYPE tritc_answer_tokens_total counter\n"
                           "tritc_answer_tokens_total 2\n"))
      << metrics.body;
  EXPECT_TRUE(
      has(metrics, "tritc_first_token_seconds_bucket{le=\"+Inf\"} 1\n"));
  EXPECT_TRUE(has(metrics, "tritc_connections 1\n"));
}

TEST(Serve, ListensOnASocketOfTheFileSystem) {
  std::string path =
      ::testing::TempDir() + "/serve-" + std::to_string(getpid()) + ".sock";
  ToyModel toy;
  for (int round = 0; round < 2; ++round) { // nothing is left behind
    Pipes process(toy, {"serve", "--unix-socket", path});
    std::string line = "serving toy at unix:" + path + "\n";
    EXPECT_EQ(process.read(line.size()), line);
    struct stat facts;
    ASSERT_EQ(stat(path.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777, 0600u);
    process.interrupt();
    EXPECT_EQ(process.finish().code, 0);
    EXPECT_NE(stat(path.c_str(), &facts), 0);
  }
}

TEST(Serve, ShowsAPageThatMayDoLittle) {
  Served served;
  Response page = served.get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.fields["content-type"], "text/html; charset=utf-8");
  std::ifstream file(TRITC_SOURCE_DIR "/runtime/serve/page/index.html");
  std::stringstream written;
  written << file.rdbuf();
  EXPECT_EQ(page.body, written.str());
  EXPECT_NE(page.fields["content-security-policy"].find("default-src 'none'"),
            std::string::npos);
  EXPECT_EQ(served.client()
                .get("/", "If-None-Match: " + page.fields["etag"] + "\r\n")
                .status,
            304);
}

TEST(Serve, NamesWhatThereIsNot) {
  Served served;
  EXPECT_EQ(served.get("/nothing").status, 404);
  Response wrong = served.get(chat);
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.fields["allow"], "POST");
}

TEST(Serve, EndsAnswersWhoseClientHasGone) {
  Served served({"--slots=1"});
  for (const char *stream : {"true", "false"}) {
    HttpClient endless = served.client();
    endless.ask("POST", chat,
                asking("~a", std::string(",\"stream\":") + stream));
    if (stream[0] == 't') {
      ASSERT_TRUE(endless.awaitText("\"content\":\"a\""));
    }
    endless.close();
    EXPECT_EQ(served.post(chat, asking("hello")).status, 200);
  }
}

TEST(Serve, RefusesMoreThanTheQueueHolds) {
  Served served({"--slots=1", "--queue=1"});
  HttpClient first = served.client(), second = served.client();
  first.ask("POST", chat, asking("~a", ",\"stream\":true"));
  ASSERT_TRUE(first.awaitText("\"content\":\"a\""));
  second.ask("POST", chat, asking("~a", ",\"stream\":true"));
  ASSERT_TRUE(second.awaitText("\"content\":\"\""));
  Response response = served.post(chat, asking("a"));
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.fields["retry-after"], "1");
}

TEST(Serve, DrainsAndThenEnds) {
  Served served;
  HttpClient busy = served.client();
  busy.ask("POST", chat, asking("~a", ",\"stream\":true,\"max_tokens\":100"));
  ASSERT_TRUE(busy.awaitText("\"content\":\"a\""));
  served.process.interrupt();
  EXPECT_TRUE(busy.awaitText("\"finish_reason\":\"length\""));
  EXPECT_TRUE(busy.awaitText("[DONE]"));
  busy.close();
  EXPECT_EQ(served.process.finish().code, 0);
  served.port = 0;
}

TEST(Serve, ASecondSignalEndsAtOnce) {
  Served served;
  HttpClient busy = served.client();
  busy.ask("POST", chat, asking("~a", ",\"stream\":true,\"max_tokens\":200"));
  ASSERT_TRUE(busy.awaitText("\"content\":\"a\""));
  served.process.interrupt();
  HttpClient late = served.client();
  EXPECT_TRUE(late.isClosed());
  served.process.interrupt();
  EXPECT_FALSE(busy.awaitText("[DONE]"));
  EXPECT_EQ(served.process.finish().code, 0);
  served.port = 0;
}
