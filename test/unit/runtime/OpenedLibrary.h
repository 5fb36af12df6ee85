//===- OpenedLibrary.h - The library's interface to the toy ---------------===//
#pragma once

#include "runtime/library/Handles.h"
#include "test/unit/runtime/ToyModel.h"

#include "gtest/gtest.h"

#include <string>
#include <vector>

namespace tritc::test {

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

inline tritc_sampling samplingOf(tritc_model *model) {
  tritc_sampling sampling;
  tritc_sampling_defaults(model, &sampling);
  return sampling;
}

} // namespace tritc::test
