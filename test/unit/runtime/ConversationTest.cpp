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
    base::Array<int32_t> ids;
    conversation.render(ids);
    std::string text;
    for (int32_t id : ids)
      text += model.tokenizer.bytesOf(id);
    return text;
  }
  size_t tokenCount() {
    base::Array<int32_t> ids;
    conversation.render(ids);
    return ids.size();
  }

  std::string text() {
    base::Array<int32_t> ids;
    base::Array<char> text;
    conversation.render(ids, &text);
    return std::string(text.view());
  }
  void setPiece(TritcChatPiece piece, const char *spelled) {
    toy.image().chat.turns[0].pieces[piece] = toy.place(spelled);
  }
  TritcChatTrims &trims(bool hasSystem) {
    return toy.image().chat.turns[hasSystem].trims;
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

TEST_F(ConversationTest, StripsWhiteSpaceWhereTheTemplateDoes) {
  conversation.addUser(" \t\r\n U\u3000v \u00a0\u3000\x1c");
  EXPECT_EQ(rendered(), "<|begin|><|user|>U\u3000v<|end|><|assistant|>");
  trims(false).firstUser = {};
  EXPECT_EQ(rendered(), "<|begin|><|user|> \t\r\n U\u3000v "
                        "\u00a0\u3000\x1c<|end|><|assistant|>");
}

TEST_F(ConversationTest, StripsThePieceInFrontOfNothing) {
  trims(false).firstUser.reachesBack = 1;
  setPiece(TRITC_CHAT_OPEN, "<|user|>\n\n");
  conversation.addUser(" ");
  EXPECT_EQ(rendered(), "<|begin|><|user|><|end|><|assistant|>");
  EXPECT_EQ(text(), "<|user|><|end|><|assistant|>");
}

TEST_F(ConversationTest, CutsThoughtsOffPastAnswers) {
  toy.image().chat.cutAfter = toy.place("</t>");
  for (bool hasSystem : {false, true})
    trims(hasSystem).cutAnswer = {1u << 1, 0, 0};
  conversation.addUser("U");
  std::vector<int32_t> answer;
  for (char c : std::string("a</t>b</t>\n\nhe"))
    answer.push_back(c);
  conversation.addAnswer(answer);
  conversation.addUser("V");
  EXPECT_EQ(rendered(), "<|begin|><|user|>U<|end|><|assistant|>he<|end|>"
                        "<|user|>V<|end|><|assistant|>");
  base::Array<int32_t> ids;
  conversation.render(ids);
  EXPECT_EQ(ids[5], 'h'); // the model's own ids, not the token "he"
  toy.image().chat.rules.sparesLast = 1;
  EXPECT_EQ(text(), "<|user|>U<|end|><|assistant|>a</t>b</t>\n\nhe<|end|>"
                    "<|user|>V<|end|><|assistant|>");
}

TEST_F(ConversationTest, WritesTheTimeOfTheChat) {
  setPiece(TRITC_CHAT_OPEN, "\xff%Y\xff <|user|>");
  conversation.addUser("U");
  time_t now = time(nullptr);
  char year[8];
  strftime(year, sizeof(year), "%Y", localtime(&now));
  EXPECT_EQ(text(), std::string(year) + " <|user|>U<|end|><|assistant|>");
}

TEST_F(ConversationTest, MayTakeNoSystemMessage) {
  EXPECT_TRUE(conversation.takesSystem());
  toy.image().chat.rules.takesSystem = 0;
  EXPECT_FALSE(conversation.takesSystem());
}

TEST_F(ConversationTest, AnEmptySystemMessageIsOneOrNone) {
  conversation.giveSystem("");
  conversation.addUser("U");
  EXPECT_EQ(text(), "<|system|><|end|><|user|>U<|end|><|assistant|>");
  toy.image().chat.rules.emptyIsNone = 1;
  EXPECT_EQ(text(), "<|user|>U<|end|><|assistant|>");
  conversation.giveSystem(" \n");
  EXPECT_EQ(text(), "<|system|><|end|><|user|>U<|end|><|assistant|>");
  toy.image().chat.rules.blankIsNone = 1;
  EXPECT_EQ(text(), "<|user|>U<|end|><|assistant|>");
}

TEST_F(ConversationTest, PutsTheSystemMessageLastIfTheTemplateDoes) {
  toy.image().chat.rules.systemIsLast = 1;
  conversation.giveSystem("S");
  conversation.addUser("U");
  conversation.addAnswer(std::string_view("A"));
  conversation.addUser("V");
  EXPECT_EQ(text(), "<|system|>U<|end|><|assistant|>A<|end|><|user|>S"
                    "<|end|><|user|>V<|end|><|assistant|>");
}

TEST_F(ConversationTest, RecognisesNoSpecialTokenInContent) {
  conversation.addUser("<|end|>");
  // begin, user, seven characters, end, assistant
  EXPECT_EQ(tokenCount(), 11u);
}

/// Pitfall 12: a header that is encoded alone gives other ids.
TEST_F(ConversationTest, EncodesAcrossTheBorderOfTemplateAndContent) {
  // "h" of the template and "e" of the content are one token together.
  setPiece(TRITC_CHAT_OPEN, "<|user|h"); // no special token
  setPiece(TRITC_CHAT_PROMPT, "<|assistant|>");
  base::Array<int32_t> ids;
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
  base::Array<int32_t> ids;
  conversation.render(ids);
  EXPECT_EQ(ids[5], 'h');
  EXPECT_EQ(ids[6], 'e');
}

TEST_F(ConversationTest, StartsWithOneBosOnly) {
  // A template that spells BOS itself.
  setPiece(TRITC_CHAT_OPEN, "<|begin|><|user|>");
  conversation.addUser("U");
  EXPECT_EQ(rendered(), "<|begin|><|user|>U<|end|><|assistant|>");
  EXPECT_EQ(text(), "<|begin|><|user|>U<|end|><|assistant|>");
}

TEST_F(ConversationTest, AddsNoBosWhereTheTokenizerHasNone) {
  auto tables = reinterpret_cast<TritcTokenizerHeader *>(
      reinterpret_cast<char *>(&toy.image()) + toy.image().tokenizer.offset);
  tables->flags &= ~TRITC_TOKENIZER_ADDS_BOS;
  conversation.addUser("U");
  EXPECT_EQ(rendered(), "<|user|>U<|end|><|assistant|>");
  // Pitfall of early Llama-3 tokenizers: the template wants it all the same.
  toy.image().chat.rules.addsBos = 1;
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
  EXPECT_EQ(rendered(), "");
  conversation.addUser("V");
  EXPECT_EQ(rendered(),
            "<|begin|><|system|>S<|end|><|user|>V<|end|><|assistant|>");
  conversation.setSystem("");
  EXPECT_EQ(rendered(), "<|begin|><|user|>V<|end|><|assistant|>");
}
