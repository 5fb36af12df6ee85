//===- ConversationTest.cpp -----------------------------------------------===//

#include "runtime/chat/Conversation.h"
#include "test/unit/runtime/ToyModel.h"

#include "gtest/gtest.h"

using namespace tritc;

namespace {
class ConversationTest : public testing::Test {
protected:
  /// The ids as text, special tokens by their spelling.
  std::string rendered() {
    exec::Array<int32_t> ids;
    conversation.render(ids);
    std::string text;
    for (int32_t id : ids)
      text += model.tokenizer.bytesOf(id);
    return text;
  }
  size_t tokenCount() {
    exec::Array<int32_t> ids;
    conversation.render(ids);
    return ids.size();
  }

  test::ToyModel toy;
  chat::Model model{toy.program(), toy.image()};
  chat::Conversation conversation{model};
};
} // namespace

TEST_F(ConversationTest, FollowsTheTemplate) {
  conversation.setSystem("S");
  conversation.addUser("U");
  std::vector<int32_t> answer = {'A', 'B'};
  conversation.addAnswer(answer);
  conversation.addUser("V");
  EXPECT_EQ(rendered(),
            "<|begin|><|system|>S<|end|><|user|>U<|end|><|assistant|>AB<|end|>"
            "<|user|>V<|end|><|assistant|>");
}

TEST_F(ConversationTest, ADefaultStandsInForTheSystemMessage) {
  toy.image().chat.withoutSystem = toy.image().chat.prefix[0];
  conversation.addUser("U");
  EXPECT_EQ(rendered(), "<|begin|><|system|><|user|>U<|end|><|assistant|>");
  conversation.setSystem("S");
  EXPECT_EQ(rendered(),
            "<|begin|><|system|>S<|end|><|user|>U<|end|><|assistant|>");
}

TEST_F(ConversationTest, StripsWhiteSpaceWhereTheTemplateDoes) {
  conversation.addUser(" \t\r\n U v \n");
  EXPECT_EQ(rendered(), "<|begin|><|user|>U v<|end|><|assistant|>");
  toy.image().chat.trimsContent = 0;
  EXPECT_EQ(rendered(), "<|begin|><|user|> \t\r\n U v \n<|end|><|assistant|>");
}

TEST_F(ConversationTest, RecognisesNoSpecialTokenInContent) {
  conversation.addUser("<|end|>");
  // begin, user, seven characters, end, assistant
  EXPECT_EQ(tokenCount(), 11u);
}

/// Pitfall 12: a header that is encoded alone gives other ids.
TEST_F(ConversationTest, EncodesAcrossTheBorderOfTemplateAndContent) {
  // "h" of the template and "e" of the content are one token together.
  TritcSpan &prefix = toy.image().chat.prefix[1];
  char *bytes = reinterpret_cast<char *>(&toy.image()) + prefix.offset;
  toy.image().chat.suffix[1].bytes = 0;
  memcpy(bytes + prefix.bytes - 1, "h", 1); // "<|user|h": no special token
  exec::Array<int32_t> ids;
  conversation.addUser("e");
  conversation.render(ids);
  ASSERT_EQ(ids.size(), 1u + 7u + 1u + 1u);
  EXPECT_EQ(model.tokenizer.bytesOf(ids[8]), "he");
}

TEST_F(ConversationTest, KeepsTheIdsOfAnswers) {
  conversation.addUser("x");
  std::vector<int32_t> answer = {'h', 'e'}; // encoded again: one token
  conversation.addAnswer(answer);
  conversation.addUser("y");
  exec::Array<int32_t> ids;
  conversation.render(ids);
  EXPECT_EQ(ids[5], 'h');
  EXPECT_EQ(ids[6], 'e');
}

TEST_F(ConversationTest, StartsWithOneBosOnly) {
  // A template that spells BOS itself.
  TritcSpan &prefix = toy.image().chat.prefix[0];
  memcpy(reinterpret_cast<char *>(&toy.image()) + prefix.offset, "<|begin|>",
         9);
  prefix.bytes = 9;
  conversation.setSystem("S");
  EXPECT_EQ(rendered(), "<|begin|>S<|end|><|assistant|>");
}

TEST_F(ConversationTest, AddsNoBosWhereTheTokenizerHasNone) {
  auto tables = reinterpret_cast<TritcTokenizerHeader *>(
      reinterpret_cast<char *>(&toy.image()) + toy.image().tokenizer.offset);
  tables->flags &= ~TRITC_TOKENIZER_ADDS_BOS;
  conversation.addUser("U");
  EXPECT_EQ(rendered(), "<|user|>U<|end|><|assistant|>");
  // Pitfall of early Llama-3 tokenizers: the template wants it all the same.
  toy.image().chat.startsWithBos = 1;
  EXPECT_EQ(rendered(), "<|begin|><|user|>U<|end|><|assistant|>");
}

TEST_F(ConversationTest, ForgetsWhatIsRemoved) {
  conversation.setSystem("S");
  conversation.addUser("U");
  std::string one = rendered();
  std::vector<int32_t> answer = {'A'};
  conversation.addAnswer(answer);
  EXPECT_TRUE(conversation.endsWithAnswer());
  conversation.removeLast();
  EXPECT_EQ(rendered(), one);
  conversation.clear();
  EXPECT_TRUE(conversation.isEmpty());
  EXPECT_EQ(rendered(), "<|begin|><|system|>S<|end|><|assistant|>");
  conversation.setSystem("");
  EXPECT_EQ(rendered(), "<|begin|><|assistant|>");
}
