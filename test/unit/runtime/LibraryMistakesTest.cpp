//===- LibraryMistakesTest.cpp --------------------------------------------===//
//
// What callers do wrong, and what they do while something else is going on.
//
//===----------------------------------------------------------------------===//

#include "test/unit/runtime/OpenedLibrary.h"

#include <csignal>
#include <memory>
#include <thread>

using namespace tritc;
using namespace tritc::test;

TEST(LibraryMistakes, RefusesAContextThatWasNotCompiled) {
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

TEST(LibraryMistakes, ReadsOnlyWhatACallerKnowsOfAStructure) {
  ToyModel toy;
  tritc_options options = {};
  options.context_size = 100;
  options.size = offsetof(tritc_options, context_size); // an older caller
  tritc_model *model = nullptr;
  ASSERT_FALSE(library::start(toy.programs(), toy.image(), &options, model));
  EXPECT_EQ(tritc_context_size(model), ToyModel::contextSize);
  tritc_close(model);
  struct {
    tritc_options known;
    uint64_t other[4];
  } newer = {options, {}};
  newer.known.size = sizeof(newer);
  ASSERT_FALSE(
      library::start(toy.programs(), toy.image(), &newer.known, model));
  EXPECT_EQ(tritc_context_size(model), 100u);
  tritc_close(model);
  newer.other[3] = 1;
  base::Failure failure =
      library::start(toy.programs(), toy.image(), &newer.known, model);
  EXPECT_STREQ(failure.message,
               "options: asks for something that this library, version 2, does "
               "not know");
  options.size = 0;
  failure = library::start(toy.programs(), toy.image(), &options, model);
  EXPECT_STREQ(failure.message,
               "options: expected sizeof it in its size, found 0");
}

TEST(LibraryMistakes, TakesNoHandleForAnother) {
  Opened opened;
  Chat chat(opened.model);
  float row[1];
  int32_t id = 1;
  size_t count;
  tritc_chat *made;
  auto *mixedUp = reinterpret_cast<tritc_model *>(chat.chat);
  for (tritc_model *model : {static_cast<tritc_model *>(nullptr), mixedUp}) {
    tritc_error errors[8] = {};
    int statuses[] = {
        tritc_tokenize(model, "x", 1, 0, nullptr, 0, &count, &errors[0]),
        tritc_detokenize(model, &id, 1, nullptr, 0, &count, &errors[1]),
        tritc_complete(model, &id, 1, nullptr, nullptr, nullptr, nullptr,
                       &errors[2]),
        tritc_logits(model, &id, 1, row, &errors[3]),
        tritc_top_k(model, &id, 1, 1, &id, nullptr, &errors[4]),
        tritc_embed(model, "x", 1, row, &errors[5]),
        tritc_embed_for(model, "query", "x", 1, row, &errors[6]),
        tritc_chat_load(model, "x", 1, &made, &errors[7]),
    };
    for (int status : statuses)
      EXPECT_EQ(status, TRITC_USAGE);
    for (const tritc_error &error : errors)
      EXPECT_STREQ(error.message, "model: NULL, or not what it is for");
    EXPECT_STREQ(tritc_name(model), "");
    EXPECT_STREQ(tritc_target(model), "");
    EXPECT_EQ(tritc_context_size(model) + tritc_vocabulary_size(model) +
                  tritc_vector_size(model),
              0u);
    EXPECT_EQ(tritc_is_stop(model, 1), 0);
    EXPECT_EQ(tritc_chat_new(model), nullptr);
    tritc_sampling sampling;
    tritc_sampling_defaults(model, &sampling);
    EXPECT_EQ(sampling.size, sizeof(sampling));
    tritc_close(model);
  }
  for (tritc_chat *other : {static_cast<tritc_chat *>(nullptr),
                            reinterpret_cast<tritc_chat *>(opened.model)}) {
    tritc_error error = {};
    EXPECT_EQ(tritc_chat_say(other, TRITC_USER, "x", 1, &error), TRITC_USAGE);
    EXPECT_STREQ(error.message, "chat: NULL, or not what it is for");
    EXPECT_EQ(
        tritc_chat_answer(other, nullptr, nullptr, nullptr, nullptr, nullptr),
        TRITC_USAGE);
    EXPECT_EQ(tritc_chat_save(other, nullptr, 0, &count, nullptr), TRITC_USAGE);
    EXPECT_EQ(tritc_chat_fork(other), nullptr);
    EXPECT_EQ(tritc_chat_model(other), nullptr);
    EXPECT_EQ(tritc_chat_tokens(other), 0u);
    EXPECT_EQ(tritc_chat_undo(other), 0);
    tritc_chat_stop(other);
    tritc_chat_free(other);
  }
  EXPECT_EQ(chat.ask("still"), "still");
}

TEST(LibraryMistakes, WantsAPlaceForWhatItGives) {
  Opened opened;
  int32_t id = 1;
  tritc_error error;
  EXPECT_EQ(tritc_logits(opened.model, &id, 1, nullptr, &error), TRITC_USAGE);
  EXPECT_STREQ(error.message, "logits: NULL, or not what it is for");
  EXPECT_EQ(tritc_logits(opened.model, nullptr, 1, nullptr, &error),
            TRITC_USAGE);
  EXPECT_STREQ(error.message, "ids: NULL, or not what it is for");
  EXPECT_EQ(tritc_top_k(opened.model, &id, 1, 1, nullptr, nullptr, &error),
            TRITC_USAGE);
  EXPECT_EQ(
      tritc_tokenize(opened.model, nullptr, 3, 0, nullptr, 0, nullptr, &error),
      TRITC_USAGE);
  EXPECT_EQ(
      tritc_tokenize(opened.model, nullptr, 0, 0, nullptr, 0, nullptr, &error),
      TRITC_OK);
  id = -1;
  EXPECT_EQ(tritc_detokenize(opened.model, &id, 1, nullptr, 0, nullptr, &error),
            TRITC_USAGE);
  EXPECT_EQ(tritc_chat_load(opened.model, "x", 1, nullptr, &error),
            TRITC_USAGE);
}

/// What a callback may do.
struct Caller {
  Opened *opened;
  tritc_chat *chat;
  std::string other;
  int status = 0;
  tritc_error error = {};
};

TEST(LibraryMistakes, IsCalledFromCallbacks) {
  Opened opened;
  Chat chat(opened.model);
  chat.say(TRITC_USER, "ab");
  Caller caller = {&opened, chat.chat, ""};
  auto call = [](void *context, const tritc_token *) {
    auto &self = *static_cast<Caller *>(context);
    Chat other(self.opened->model);
    self.other = other.ask("other");
    self.status =
        tritc_chat_say(self.chat, TRITC_ASSISTANT, "x", 1, &self.error);
    EXPECT_EQ(tritc_chat_answer(self.chat, nullptr, nullptr, nullptr, nullptr,
                                nullptr),
              TRITC_USAGE);
    EXPECT_EQ(tritc_chat_undo(self.chat), 0);
    Chat fork(tritc_chat_fork(self.chat));
    EXPECT_EQ(fork.answer(), "ab");
    return 0;
  };
  EXPECT_EQ(
      tritc_chat_answer(chat.chat, nullptr, call, &caller, nullptr, nullptr),
      TRITC_OK);
  EXPECT_EQ(caller.other, "other");
  EXPECT_EQ(caller.status, TRITC_USAGE);
  EXPECT_STREQ(caller.error.message, "this chat is writing an answer");
}

TEST(LibraryMistakes, EndsFromCallbacks) {
  auto opened = std::make_unique<Opened>();
  tritc_chat *chat = tritc_chat_new(opened->model);
  tritc_chat_say(chat, TRITC_USER, "~x", 2, nullptr);
  auto freeIt = [](void *chat, const tritc_token *) {
    tritc_chat_free(static_cast<tritc_chat *>(chat));
    tritc_chat_free(static_cast<tritc_chat *>(chat)); // nothing
    return 0;
  };
  EXPECT_EQ(tritc_chat_answer(chat, nullptr, freeIt, chat, nullptr, nullptr),
            TRITC_STOPPED);
  Chat other(opened->model);
  other.say(TRITC_USER, "~x");
  auto closeIt = [](void *model, const tritc_token *) {
    tritc_close(static_cast<tritc_model *>(model));
    tritc_close(static_cast<tritc_model *>(model)); // nothing
    return 0;
  };
  EXPECT_EQ(tritc_chat_answer(other.chat, nullptr, closeIt, opened->model,
                              nullptr, &other.error),
            TRITC_STOPPED);
  EXPECT_STREQ(other.error.message, "the model was closed");
  opened->model = nullptr;
  // The chat keeps what it needs of its model.
  other.say(TRITC_USER, "on");
  EXPECT_EQ(tritc_chat_answer(other.chat, nullptr, nullptr, nullptr, nullptr,
                              &other.error),
            TRITC_USAGE);
  EXPECT_STREQ(other.error.message, "the model was closed");
}

/// The chat that a signal's handler stops.
static tritc_chat *answering;

TEST(LibraryMistakes, StopsFromASignalsHandler) {
  Opened opened;
  Chat chat(opened.model);
  chat.say(TRITC_USER, "~x");
  answering = chat.chat;
  auto before = signal(SIGUSR1, [](int) { tritc_chat_stop(answering); });
  auto raiseIt = [](void *, const tritc_token *) { return raise(SIGUSR1); };
  EXPECT_EQ(tritc_chat_answer(chat.chat, nullptr, raiseIt, nullptr,
                              &chat.result, nullptr),
            TRITC_STOPPED);
  EXPECT_EQ(signal(SIGUSR1, before) == SIG_ERR, false);
}

TEST(LibraryMistakes, EndsWhatIsComputedWhenItIsClosed) {
  auto opened = std::make_unique<Opened>();
  std::vector<std::thread> threads;
  std::vector<std::unique_ptr<Chat>> chats;
  std::atomic<int> begun{0}, stopped{0};
  for (int i = 0; i < 4; ++i)
    chats.push_back(std::make_unique<Chat>(opened->model));
  for (const auto &chat : chats)
    threads.emplace_back([&] {
      chat->say(TRITC_USER, "~x");
      auto count = [](void *begun, const tritc_token *) {
        ++*static_cast<std::atomic<int> *>(begun);
        return 0;
      };
      stopped += tritc_chat_answer(chat->chat, nullptr, count, &begun, nullptr,
                                   nullptr) == TRITC_STOPPED;
    });
  while (begun < 8)
    std::this_thread::yield();
  tritc_model *model = opened->model;
  tritc_close(model);
  opened->model = nullptr;
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(stopped, 4);
}
