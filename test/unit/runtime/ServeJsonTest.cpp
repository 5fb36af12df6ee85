//===- ServeJsonTest.cpp - JSON from clients, and for them ----------------===//

#include "runtime/serve/Json.h"
#include "runtime/serve/JsonWriter.h"

#include "gtest/gtest.h"

#include <string>

using namespace tritc;
using namespace tritc::serve;

namespace {
/// A value written again.
void rewrite(const JsonValue &value, JsonWriter &json) {
  switch (value.kind()) {
  case JsonKind::Null:
    json.null();
    break;
  case JsonKind::Bool:
    json.boolean(value.boolean());
    break;
  case JsonKind::Integer:
    json.integer(value.integer());
    break;
  case JsonKind::Number:
    json.number(value.number(), 17);
    break;
  case JsonKind::Text:
    json.text(value.text());
    break;
  case JsonKind::List:
    json.beginList();
    for (JsonValue item = value.first(); item; item = item.next())
      rewrite(item, json);
    json.endList();
    break;
  case JsonKind::Object:
    json.beginObject();
    for (JsonValue item = value.first(); item; item = item.next())
      rewrite(item, json.key(item.name()));
    json.endObject();
    break;
  }
}

std::string rewritten(const std::string &text) {
  JsonDocument document;
  if (JsonProblem problem = document.parse(text))
    return std::to_string(problem.offset) + ": " + problem.what;
  base::Array<char> out;
  JsonWriter json(out);
  rewrite(document.root(), json);
  return std::string(out.view());
}
} // namespace

TEST(ServeJson, ReadsWhatItWrites) {
  for (const char *text :
       {"null", "true", "[]", "{}", "\"a\\\"\\\\\\n\\u0001é\"",
        "[1,-2,[3,{\"a\":[]}],{}]",
        "{\"a\":{\"b\":{\"c\":[null,false]}},\"d\":0.5}", "9223372036854775807",
        "-9223372036854775808", "[[[[[[1]]]]],2]"})
    EXPECT_EQ(rewritten(text), text);
  EXPECT_EQ(rewritten(" [ 1 , \"\\u00e9\\ud83d\\ude00\" ]\n"), "[1,\"é😀\"]");
  EXPECT_EQ(rewritten("9223372036854775808"), "9.2233720368547758e+18");
  EXPECT_EQ(rewritten("[-0,-0e3,0e77]"), "[-0,-0,0]");
  EXPECT_EQ(rewritten("[1e5,0.1]"), "[100000,0.10000000000000001]");
}

TEST(ServeJson, SaysWhereAValueStands) {
  JsonDocument document;
  std::string text = " {\"a\": [1, {\"b\" : 2}], \"c\": {} }";
  ASSERT_FALSE(document.parse(text));
  EXPECT_EQ(document.root().member("a").source(), "[1, {\"b\" : 2}]");
  EXPECT_EQ(document.root().member("c").source(), "{}");
  EXPECT_FALSE(document.root().member("b"));
}

TEST(ServeJson, RefusesWhatIsNone) {
  const std::pair<std::string, const char *> table[] = {
      {"", "0: JSON, found nothing"},
      {"{\"a\":", "5: a value"},
      {"[1,]", "3: a value"},
      {"{\"a\":1,}", "7: a name"},
      {"[1 2]", "3: , or ]"},
      {"[01]", "2: , or ]"},
      {"nul", "3: a value"},
      {"NaN", "0: a value"},
      {"'a'", "0: a value"},
      {"1 2", "2: nothing behind the value"},
      {std::string("{}\0x", 4), "2: nothing behind the value"},
      {"\"\\x\"", "1: an escape that JSON knows"},
      {"\"\\ud800\"", "1: both halves of a surrogate pair"},
      {"\"\\udc00x\"", "9: both halves of a surrogate pair"},
      {"1e999", "0: a number that a double can hold"},
      {"{\"a\":1,\"b\":2,\"a\":3}", "18: each name once in an object"},
      {"{\"a\":1,\"\\u0061\":3}", "17: each name once in an object"},
      {"// x\n1", "0: a value"},
      {"\xef\xbb\xbf{}", "0: a value"},
  };
  for (const auto &[text, problem] : table)
    EXPECT_EQ(rewritten(text), problem) << text;
}

TEST(ServeJson, RefusesWhatIsNoUtf8) {
  for (const char *text :
       {"\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\xe2\x82\"",
        "\"\xf5\x80\x80\x80\"", "\"\n\"", "{\"\xff\":1}"})
    EXPECT_NE(rewritten(text).find(": "), std::string::npos) << text;
}

/// Neither the stack nor the time grows with what is nested.
TEST(ServeJson, RefusesDeepNestingAtOnce) {
  std::string deep(4000000, '[');
  EXPECT_EQ(rewritten(deep), "64: less nesting");
  std::string objects;
  for (int i = 0; i < 100000; ++i)
    objects += "{\"a\":";
  EXPECT_NE(rewritten(objects).find("less nesting"), std::string::npos);
  std::string fits(64, '[');
  EXPECT_EQ(rewritten(fits + std::string(64, ']')),
            fits + std::string(64, ']'));
}

TEST(ServeJson, ReadsManyMembersInNoTime) {
  std::string many = "{";
  for (int i = 0; i < 200000; ++i)
    many += (i ? ",\"" : "\"") + std::to_string(i) + "\":0";
  EXPECT_EQ(rewritten(many + "}"), many + "}");
  EXPECT_NE(rewritten(many + ",\"7\":1}").find("each name once"),
            std::string::npos);
}

TEST(ServeJson, WritesWhatIsNoTextAsReplacement) {
  base::Array<char> out;
  JsonWriter(out).beginList().text("a\xff\x01").number(1.0 / 0).endList();
  EXPECT_EQ(out.view(), "[\"a\xef\xbf\xbd\\u0001\",null]");
}
