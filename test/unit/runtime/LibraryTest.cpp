//===- LibraryTest.cpp ----------------------------------------------------===//

#include "test/unit/runtime/OpenedLibrary.h"

#include <thread>

using namespace tritc;
using namespace tritc::test;

TEST(Library, KnowsItsModel) {
  Opened opened;
  EXPECT_EQ(tritc_library_version(), TRITC_LIBRARY_VERSION);
  EXPECT_STREQ(tritc_name(opened.model), "toy");
  EXPECT_STREQ(tritc_target(opened.model), "toy");
  EXPECT_EQ(tritc_context_size(opened.model), ToyModel::contextSize);
  EXPECT_EQ(tritc_vocabulary_size(opened.model),
            opened.toy.program().vocabSize);
  EXPECT_EQ(tritc_vector_size(opened.model), 0u);
}

TEST(Library, TurnsTextsIntoTokensAndBack) {
  Opened opened;
  std::string text = "hello \xc3\xa9";
  size_t count = 0;
  ASSERT_EQ(tritc_tokenize(opened.model, text.data(), text.size(), 0, nullptr,
                           0, &count, nullptr),
            TRITC_OK);
  std::vector<int32_t> ids(count);
  tritc_tokenize(opened.model, text.data(), text.size(), 0, ids.data(), count,
                 &count, nullptr);
  EXPECT_EQ(ids[0], opened.toy.tokens().begin);
  size_t bytes = 0;
  tritc_detokenize(opened.model, ids.data(), count, nullptr, 0, &bytes,
                   nullptr);
  std::string back(bytes, 0);
  tritc_detokenize(opened.model, ids.data(), count, back.data(), bytes, &bytes,
                   nullptr);
  EXPECT_EQ(back, text);
  char spelled[8];
  ASSERT_EQ(tritc_token_bytes(opened.model, ids[count - 1], spelled,
                              sizeof(spelled), &bytes, nullptr),
            TRITC_OK);
  EXPECT_EQ(std::string(spelled, bytes), "\xa9"); // half of a character
  EXPECT_EQ(
      tritc_token_bytes(opened.model, 1 << 20, spelled, 8, &bytes, nullptr),
      TRITC_USAGE);
  // Room for less than there is.
  int32_t few[2] = {-1, -1};
  tritc_tokenize(opened.model, text.data(), text.size(), TRITC_NO_BOS, few, 1,
                 &count, nullptr);
  EXPECT_EQ(count, ids.size() - 1);
  EXPECT_EQ(few[0], ids[1]);
  EXPECT_EQ(few[1], -1);
  tritc_error error;
  EXPECT_EQ(tritc_tokenize(opened.model, "", 0, 64, nullptr, 0, &count, &error),
            TRITC_USAGE);
}

TEST(Library, Chats) {
  Opened opened;
  Chat chat(opened.model);
  EXPECT_EQ(chat.ask("hello"), "hello");
  EXPECT_EQ(chat.result.ending, TRITC_END_STOP);
  EXPECT_EQ(chat.result.answer_tokens, 3u); // he, ll, o
  size_t before = tritc_chat_tokens(chat.chat);
  EXPECT_EQ(chat.ask("again"), "again");
  EXPECT_GT(tritc_chat_tokens(chat.chat), before);
  EXPECT_GE(chat.result.reused_tokens, before - 1);
  EXPECT_EQ(tritc_chat_undo(chat.chat), 1);
  EXPECT_EQ(chat.answer(), "again");
}

TEST(Library, KeepsTheOrderOfMessages) {
  Opened opened;
  Chat chat(opened.model);
  EXPECT_EQ(tritc_chat_undo(chat.chat), 0);
  EXPECT_EQ(chat.say(TRITC_ASSISTANT, "x"), TRITC_USAGE);
  EXPECT_STREQ(chat.error.message, "an answer follows a user's message");
  EXPECT_EQ(tritc_chat_answer(chat.chat, nullptr, nullptr, nullptr, nullptr,
                              &chat.error),
            TRITC_USAGE);
  EXPECT_EQ(chat.say(TRITC_SYSTEM, "s"), TRITC_OK);
  EXPECT_EQ(chat.say(TRITC_USER, "u"), TRITC_OK);
  EXPECT_EQ(chat.say(TRITC_USER, "u"), TRITC_USAGE);
  EXPECT_EQ(chat.say(TRITC_SYSTEM, "s"), TRITC_USAGE);
  EXPECT_EQ(chat.say(TRITC_ASSISTANT, "a"), TRITC_OK);
  EXPECT_EQ(chat.ask("v"), "sv");
}

TEST(Library, ForksSavesAndLoads) {
  Opened opened;
  Chat chat(opened.model);
  chat.say(TRITC_SYSTEM, "s");
  chat.ask("one");
  Chat fork(tritc_chat_fork(chat.chat));
  EXPECT_EQ(tritc_chat_tokens(fork.chat), tritc_chat_tokens(chat.chat));
  EXPECT_EQ(fork.ask("two"), "stwo");
  EXPECT_LT(tritc_chat_tokens(chat.chat), tritc_chat_tokens(fork.chat));

  size_t size = 0;
  tritc_chat_save(fork.chat, nullptr, 0, &size, nullptr);
  std::string saved(size, 0);
  tritc_chat_save(fork.chat, saved.data(), size, &size, nullptr);
  tritc_chat *loaded = nullptr;
  ASSERT_EQ(tritc_chat_load(opened.model, saved.data(), size, &loaded, nullptr),
            TRITC_OK);
  Chat again(loaded);
  EXPECT_EQ(tritc_chat_tokens(again.chat), tritc_chat_tokens(fork.chat));
  EXPECT_EQ(again.ask("three"), "sthree");
  tritc_error error;
  EXPECT_EQ(
      tritc_chat_load(opened.model, saved.data(), size / 2, &loaded, &error),
      TRITC_USAGE);
}

TEST(Library, EndsWhereItIsTold) {
  Opened opened;
  Chat chat(opened.model);
  tritc_sampling sampling = samplingOf(opened.model);
  sampling.max_tokens = 2;
  chat.say(TRITC_USER, "abcdef");
  EXPECT_EQ(chat.answer(&sampling), "ab");
  EXPECT_EQ(chat.result.ending, TRITC_END_LENGTH);
  const char *const stops[] = {"zz", "de"};
  sampling = samplingOf(opened.model);
  sampling.stops = stops;
  sampling.stop_count = 2;
  tritc_chat_undo(chat.chat);
  EXPECT_EQ(chat.answer(&sampling), "abc");
  // What might have become a stop text comes at the end.
  tritc_chat_undo(chat.chat);
  tritc_chat_undo(chat.chat);
  chat.say(TRITC_USER, "abcd");
  EXPECT_EQ(chat.answer(&sampling), "abcd");
  sampling.temperature = -1;
  chat.say(TRITC_USER, "x");
  EXPECT_EQ(tritc_chat_answer(chat.chat, &sampling, nullptr, nullptr, nullptr,
                              &chat.error),
            TRITC_USAGE);
  EXPECT_STREQ(chat.error.message,
               "temperature: expected 0 to 1e+06, found -1");
}

TEST(Library, StopsWhenACallbackSaysSo) {
  Opened opened;
  Chat chat(opened.model);
  chat.say(TRITC_USER, "~xyz");
  Heard heard;
  heard.stopAfter = 3;
  EXPECT_EQ(tritc_chat_answer(chat.chat, nullptr, Heard::onToken, &heard,
                              &chat.result, &chat.error),
            TRITC_STOPPED);
  EXPECT_EQ(heard.ids.size(), 3u);
  EXPECT_EQ(heard.text, "~xy");
  // The answer is kept as far as it was told.
  size_t tokens = tritc_chat_tokens(chat.chat);
  EXPECT_EQ(chat.say(TRITC_USER, "on"), TRITC_OK) << tokens;
}

TEST(Library, StopsFromAnotherThread) {
  Opened opened;
  Chat chat(opened.model);
  tritc_chat_stop(chat.chat); // nothing is being written
  EXPECT_EQ(chat.ask("on"), "on");
  chat.say(TRITC_USER, "~x");
  std::atomic<bool> hasBegun{false};
  auto begun = [](void *context, const tritc_token *) {
    *static_cast<std::atomic<bool> *>(context) = true;
    return 0;
  };
  std::thread other([&] {
    while (!hasBegun)
      std::this_thread::yield();
    tritc_chat_stop(chat.chat);
  });
  EXPECT_EQ(
      tritc_chat_answer(chat.chat, nullptr, begun, &hasBegun, nullptr, nullptr),
      TRITC_STOPPED);
  other.join();
}

TEST(Library, GivesLogitsAndTheLikeliestTokens) {
  Opened opened;
  int32_t ids[] = {1, 2, 3};
  std::vector<float> logits(opened.toy.program().vocabSize);
  ASSERT_EQ(tritc_logits(opened.model, ids, 3, logits.data(), nullptr),
            TRITC_OK);
  exec::Engine engine(opened.toy.program(), opened.toy.image());
  ASSERT_FALSE(engine.start({.threads = 1}));
  engine.forward(ids, 0, 2, nullptr, [&](size_t, std::span<const float> row) {
    EXPECT_EQ(std::vector<float>(row.begin(), row.end()), logits);
  });
  int32_t top[4];
  double logprobs[4];
  ASSERT_EQ(tritc_top_k(opened.model, ids, 3, 4, top, logprobs, nullptr),
            TRITC_OK);
  EXPECT_EQ(top[0], 4); // the toy counts up
  for (int i = 1; i < 4; ++i) {
    EXPECT_GE(logits[size_t(top[i - 1])], logits[size_t(top[i])]);
    EXPECT_GE(logprobs[i - 1], logprobs[i]);
  }
  tritc_error error;
  EXPECT_EQ(tritc_top_k(opened.model, ids, 3, 0, top, logprobs, &error),
            TRITC_USAGE);
  ids[1] = 100000;
  EXPECT_EQ(tritc_logits(opened.model, ids, 3, logits.data(), &error),
            TRITC_USAGE);
  EXPECT_EQ(tritc_logits(opened.model, ids, 0, logits.data(), &error),
            TRITC_USAGE);
  EXPECT_EQ(tritc_embed(opened.model, "x", 1, logits.data(), &error),
            TRITC_USAGE);
}

TEST(Library, CompletesTokens) {
  Opened opened;
  int32_t ids[] = {65, 66};
  tritc_sampling sampling = samplingOf(opened.model);
  sampling.max_tokens = 3;
  sampling.logprobs = 1;
  Heard heard;
  tritc_result result;
  ASSERT_EQ(tritc_complete(opened.model, ids, 2, &sampling, Heard::onToken,
                           &heard, &result, nullptr),
            TRITC_OK);
  EXPECT_EQ(heard.text, "CDE");
  for (double logprob : heard.logprobs)
    EXPECT_TRUE(logprob <= 0 && logprob > -1) << logprob;
  EXPECT_EQ(result.prompt_tokens, 2u);
  EXPECT_EQ(result.answer_tokens, 3u);
}

//===----------------------------------------------------------------------===//
// How an answer is to be written
//===----------------------------------------------------------------------===//

TEST(Library, FillsInNoMoreThanACallerHasRoomFor) {
  Opened opened;
  unsigned char room[sizeof(tritc_sampling) + 8];
  auto *sampling = reinterpret_cast<tritc_sampling *>(room);
  memset(room, 0xff, sizeof(room));
  constexpr size_t older = offsetof(tritc_sampling, top_logprobs);
  tritc_sampling_defaults_sized(opened.model, sampling, older);
  EXPECT_EQ(sampling->size, older);
  EXPECT_EQ(sampling->max_tokens, -1);
  EXPECT_EQ(room[older], 0xff);
  // Of what only newer ones know nothing is asked.
  tritc_sampling_defaults_sized(opened.model, sampling, sizeof(room));
  EXPECT_EQ(sampling->size, sizeof(room));
  EXPECT_EQ(room[sizeof(tritc_sampling)], 0);
}

TEST(Library, FollowsASchemaOrAGrammar) {
  Opened opened;
  Chat chat(opened.model);
  tritc_sampling sampling = samplingOf(opened.model);
  sampling.json_schema = R"({"enum": ["yes", "no"]})";
  chat.say(TRITC_USER, "hello");
  std::string answer = chat.answer(&sampling);
  EXPECT_TRUE(answer == "\"yes\"" || answer == "\"no\"") << answer;
  sampling.json_schema = nullptr;
  sampling.grammar = "root ::= \"he\" [a-k]{2}";
  tritc_chat_undo(chat.chat);
  answer = chat.answer(&sampling);
  EXPECT_EQ(answer.size(), 4u);
  EXPECT_EQ(answer.substr(0, 2), "he");
  sampling.json_schema = "";
  tritc_chat_undo(chat.chat);
  EXPECT_EQ(tritc_chat_answer(chat.chat, &sampling, nullptr, nullptr, nullptr,
                              &chat.error),
            TRITC_USAGE);
  EXPECT_STREQ(chat.error.message,
               "json_schema and grammar: an answer has one form");
  sampling.grammar = nullptr;
  sampling.json_schema = R"({"not": {}})";
  EXPECT_EQ(tritc_chat_answer(chat.chat, &sampling, nullptr, nullptr, nullptr,
                              &chat.error),
            TRITC_USAGE);
  EXPECT_EQ(std::string(chat.error.message).find("json_schema: "), 0u)
      << chat.error.message;
}

TEST(Library, BiasesAndPenalizesTokens) {
  Opened opened;
  int32_t ids[] = {65, 66};
  tritc_sampling sampling = samplingOf(opened.model);
  sampling.max_tokens = 2;
  sampling.temperature = 0;
  sampling.top_logprobs = 3;
  tritc_logit_bias biases[] = {{'C', -100}, {'z', 100}};
  sampling.logit_biases = biases;
  sampling.logit_bias_count = 2;
  struct Top {
    std::string text;
    std::vector<size_t> counts;
    std::vector<int32_t> best;
  } told;
  auto listen = [](void *context, const tritc_token *token) {
    auto &told = *static_cast<Top *>(context);
    told.text.append(token->text, token->bytes);
    told.counts.push_back(token->top_count);
    told.best.push_back(token->top[0].id);
    return 0;
  };
  ASSERT_EQ(tritc_complete(opened.model, ids, 2, &sampling, listen, &told,
                           nullptr, nullptr),
            TRITC_OK);
  EXPECT_EQ(told.text, "zz");
  EXPECT_EQ(told.counts, std::vector<size_t>({3, 3}));
  EXPECT_EQ(told.best[0], 'C'); // logprobs are of the logits as they are
  struct Mistake {
    void (*make)(tritc_sampling &sampling);
    const char *message;
  } mistakes[] = {
      {[](tritc_sampling &made) { made.presence_penalty = 3; },
       "presence_penalty: expected -2 to 2, found 3"},
      {[](tritc_sampling &made) { made.top_logprobs = 21; },
       "top_logprobs: expected at most 20, found 21"},
      {[](tritc_sampling &made) { made.logit_biases = nullptr; },
       "logit_biases: NULL"},
      {[](tritc_sampling &made) { made.stop_count = 1; }, "stops: NULL"},
  };
  for (const Mistake &mistake : mistakes) {
    tritc_sampling wrong = sampling;
    mistake.make(wrong);
    tritc_error error;
    EXPECT_EQ(tritc_complete(opened.model, ids, 2, &wrong, nullptr, nullptr,
                             nullptr, &error),
              TRITC_USAGE);
    EXPECT_STREQ(error.message, mistake.message);
  }
}

/// The first that wants a form makes the tree of tokens for all.
TEST(Library, GivesFormsToManyThreadsAtOnce) {
  Opened opened;
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int i = 0; i < 6; ++i)
    threads.emplace_back([&, i] {
      Chat chat(opened.model);
      tritc_sampling sampling = samplingOf(opened.model);
      std::string grammar = "root ::= \"" + std::to_string(i) + "\" [a-c]{3}";
      sampling.grammar = grammar.c_str();
      chat.say(TRITC_USER, "abc");
      std::string answer = chat.answer(&sampling);
      right += answer.size() == 4 && answer[0] == '0' + i;
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(right, 6);
}

/// Any number of threads, and two models in a process.
TEST(Library, AnswersManyThreadsAtOnce) {
  tritc_options options = {};
  options.size = sizeof(options);
  options.parallel = 3;
  Opened one(&options), two;
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      Chat chat(i % 2 ? one.model : two.model);
      for (int turn = 0; turn < 5; ++turn) {
        std::string text = "t" + std::to_string(i) + std::to_string(turn);
        right += chat.ask(text) == text;
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(right, 40);
}
