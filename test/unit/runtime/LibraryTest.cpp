//===- LibraryTest.cpp ----------------------------------------------------===//

#include "runtime/library/Handles.h"
#include "test/unit/runtime/ToyModel.h"

#include "gtest/gtest.h"

#include <string>
#include <thread>
#include <vector>

using namespace tritc;
using test::ToyModel;

namespace {

/// The toy, opened.
struct Opened {
  explicit Opened(const tritc_options *options = nullptr) {
    base::Failure failure =
        library::start(toy.programs(), toy.image(), options, model);
    EXPECT_FALSE(failure) << failure.message;
  }
  ~Opened() { tritc_close(model); }

  ToyModel toy;
  tritc_model *model = nullptr;
};

/// What a chat was told, token by token.
struct Heard {
  std::string text;
  std::vector<int32_t> ids;
  std::vector<double> logprobs;
  size_t stopAfter = SIZE_MAX;

  static int onToken(void *context, const tritc_token *token) {
    auto &self = *static_cast<Heard *>(context);
    self.text.append(token->text, token->bytes);
    self.ids.push_back(token->id);
    self.logprobs.push_back(token->logprob);
    return self.ids.size() >= self.stopAfter;
  }
};

struct Chat {
  explicit Chat(tritc_model *model) : chat(tritc_chat_new(model)) {}
  explicit Chat(tritc_chat *chat) : chat(chat) {}
  ~Chat() { tritc_chat_free(chat); }

  int say(TRITC_ROLE role, const std::string &text) {
    return tritc_chat_say(chat, role, text.data(), text.size(), &error);
  }
  std::string answer(const tritc_sampling *sampling = nullptr) {
    Heard heard;
    int status = tritc_chat_answer(chat, sampling, Heard::onToken, &heard,
                                   &result, &error);
    EXPECT_EQ(status, TRITC_OK) << error.message;
    return heard.text;
  }
  std::string ask(const std::string &text) {
    EXPECT_EQ(say(TRITC_USER, text), TRITC_OK) << error.message;
    return answer();
  }

  tritc_chat *chat;
  tritc_result result = {};
  tritc_error error = {};
};

tritc_sampling samplingOf(tritc_model *model) {
  tritc_sampling sampling;
  tritc_sampling_defaults(model, &sampling);
  return sampling;
}

} // namespace

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

TEST(Library, RefusesAContextThatWasNotCompiled) {
  ToyModel toy;
  tritc_options options = {};
  options.size = sizeof(options);
  options.context_size = ToyModel::contextSize + 1;
  tritc_model *model = nullptr;
  base::Failure failure =
      library::start(toy.programs(), toy.image(), &options, model);
  EXPECT_EQ(failure.code, base::Usage);
  EXPECT_STREQ(failure.message,
               "context_size: compiled for at most 256 tokens, found 257");
  EXPECT_EQ(model, nullptr);
}

TEST(Library, ReadsOnlyWhatACallerKnowsOfAStructure) {
  ToyModel toy;
  tritc_options options = {};
  options.context_size = 100;
  options.size = offsetof(tritc_options, context_size); // an older caller
  tritc_model *model = nullptr;
  ASSERT_FALSE(library::start(toy.programs(), toy.image(), &options, model));
  EXPECT_EQ(tritc_context_size(model), ToyModel::contextSize);
  tritc_close(model);
  options.size = sizeof(options) + 64; // a newer one
  ASSERT_FALSE(library::start(toy.programs(), toy.image(), &options, model));
  EXPECT_EQ(tritc_context_size(model), 100u);
  tritc_close(model);
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
