//===- AnswerStreamTest.cpp -----------------------------------------------===//

#include "runtime/chat/AnswerStream.h"
#include "runtime/chat/Model.h"
#include "test/unit/runtime/ToyModel.h"

#include "gtest/gtest.h"

#include <fcntl.h>
#include <unistd.h>

using namespace tritc;

namespace {
/// Streams the bytes of a text, token by token, into a pipe.
class AnswerStreamTest : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_EQ(pipe(ends), 0);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
  }
  void TearDown() override {
    close(ends[0]);
    close(ends[1]);
  }

  std::string written() {
    std::string text(4096, 0);
    ssize_t got = read(ends[0], text.data(), text.size());
    text.resize(got > 0 ? static_cast<size_t>(got) : 0);
    return text;
  }

  /// The text that comes out, up to where add() said it is over.
  std::string stream(const std::string &bytes,
                     std::vector<const char *> reverse) {
    chat::TextList list;
    for (const char *text : reverse)
      list.items[list.count++] = text;
    chat::Output out(ends[1]);
    chat::AnswerStream answer(model.tokenizer, list, out);
    for (char byte : bytes)
      if (!answer.add(static_cast<unsigned char>(byte)))
        break;
    answer.finish();
    return written();
  }

  test::ToyModel toy;
  chat::Model model{toy.program(), toy.image()};
  int ends[2];
};
} // namespace

TEST_F(AnswerStreamTest, NeverSplitsACharacter) {
  chat::Output out(ends[1]);
  chat::TextList none;
  chat::AnswerStream answer(model.tokenizer, none, out);
  std::string grin = "\xf0\x9f\x98\x80";
  for (size_t i = 0; i < grin.size(); ++i) {
    answer.add(static_cast<unsigned char>(grin[i]));
    EXPECT_EQ(written(), i == 3 ? grin : "");
  }
}

TEST_F(AnswerStreamTest, ReplacesACharacterThatNeverEnds) {
  EXPECT_EQ(stream("a\xe2\x82", {}), "a\xef\xbf\xbd");
  EXPECT_EQ(stream("\xff!", {}), "\xef\xbf\xbd!");
}

TEST_F(AnswerStreamTest, LeavesSpecialTokensOut) {
  chat::Output out(ends[1]);
  chat::TextList none;
  chat::AnswerStream answer(model.tokenizer, none, out);
  answer.add('a');
  answer.add(toy.tokens().assistant);
  answer.add('b');
  answer.add(static_cast<int32_t>(toy.program().vocabSize) - 1); // no text
  answer.finish();
  EXPECT_EQ(written(), "ab");
}

TEST_F(AnswerStreamTest, EndsBeforeAReversePrompt) {
  EXPECT_EQ(stream("hello User: you", {"User:"}), "hello ");
  EXPECT_EQ(stream("hello", {"hello"}), "");
  EXPECT_EQ(stream("abab!abac", {"abac", "x"}), "abab!");
}

TEST_F(AnswerStreamTest, WritesWhatOnlyLookedLikeAReversePrompt) {
  EXPECT_EQ(stream("Us Use User", {"User:"}), "Us Use User");
  EXPECT_EQ(stream("aaab", {"aab"}), "a");
  EXPECT_EQ(stream("aaa", {"aaab"}), "aaa");
}

TEST_F(AnswerStreamTest, HoldsBackNoMoreThanItMust) {
  chat::Output out(ends[1]);
  chat::TextList list;
  list.items[list.count++] = "##";
  chat::AnswerStream answer(model.tokenizer, list, out);
  answer.add('a');
  EXPECT_EQ(written(), "a");
  answer.add('#');
  EXPECT_EQ(written(), "");
  answer.add('b');
  EXPECT_EQ(written(), "#b");
}
