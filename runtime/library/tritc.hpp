//===- tritc.hpp - A compiled model in C++ --------------------------------===//
//
// tritc.h for C++17: handles that end by themselves, strings and vectors for
// pointers, exceptions for errors. A header alone: what it calls is the library
// that `tritc --emit=lib` makes.
//
//   tritc::Model model;
//   tritc::Chat chat = model.chat();
//   std::cout << chat.ask("Hello").text;
//
// What fails throws tritc::Error. What a callback throws ends the answer, and
// comes out of the call that it belongs to. For threads, see tritc.h.
//
//===----------------------------------------------------------------------===//
#ifndef TRITC_HPP
#define TRITC_HPP

#include <tritc.h>

#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace tritc {

/// What the library could not do, in a line.
class Error : public std::runtime_error {
public:
  explicit Error(const tritc_error &error)
      : std::runtime_error(error.message), code(error.status) {}
  /// A TRITC_STATUS.
  int status() const noexcept { return code; }

private:
  int code;
};

/// A token of an answer. Views live while the callback runs.
struct Token {
  std::int32_t id;       ///< -1: none, but text that was held back
  std::string_view text; ///< whole characters; perhaps empty
  double logprob;        ///< if asked for
  const tritc_likely *top;
  std::size_t topCount;
};

/// How tokens are chosen. What is not said is as the model's makers advise.
struct Sampling {
  std::optional<double> temperature; ///< 0: always the likeliest token
  std::optional<double> topP, minP, repeatPenalty;
  std::optional<std::int64_t> topK, repeatLastN;
  std::optional<std::int64_t> seed;      ///< none: another one each time
  std::optional<std::int64_t> maxTokens; ///< none: until the model stops
  double frequencyPenalty = 0, presencePenalty = 0;
  std::vector<std::string> stops; ///< texts that end an answer
  std::map<std::int32_t, float> logitBias;
  std::optional<std::string> jsonSchema; ///< empty: any JSON object
  std::optional<std::string> grammar;    ///< in GBNF
  bool logprobs = false;
  std::uint32_t topLogprobs = 0;
  bool ignoreStop = false;  ///< goes on behind a token that ends an answer
  bool keepSpecial = false; ///< special tokens are told as text
};

enum class Ending {
  Stop = TRITC_END_STOP,
  Length = TRITC_END_LENGTH,
  Context = TRITC_END_CONTEXT,
  Stopped, ///< by the callback, or Chat::stop()
};

/// An answer that has ended, or as far as it came.
struct Answer {
  std::string text;
  std::vector<std::int32_t> ids;
  Ending ending = Ending::Stop;
  std::size_t promptTokens = 0, reusedTokens = 0;
  double promptSeconds = 0, answerSeconds = 0;
};

enum class Role {
  System = TRITC_SYSTEM,
  User = TRITC_USER,
  Assistant = TRITC_ASSISTANT,
};

namespace detail {

inline void check(int status, const tritc_error &error) {
  if (status != TRITC_OK)
    throw Error(error);
}

/// What `call(place, room, &count, &error)` writes, however much it is.
template <typename Container, typename Call>
Container filled(Container first, Call &&call) {
  tritc_error error{};
  std::size_t count = 0;
  check(call(first.data(), first.size(), &count, &error), error);
  bool hadRoom = count <= first.size();
  first.resize(count);
  if (!hadRoom)
    check(call(first.data(), first.size(), &count, &error), error);
  return first;
}

/// The structure of a Sampling, which outlives it.
class CSampling {
public:
  CSampling(const tritc_model *model, const Sampling &wanted) {
    tritc_sampling_defaults(model, &made);
    take(wanted.temperature, made.temperature);
    take(wanted.topP, made.top_p);
    take(wanted.minP, made.min_p);
    take(wanted.repeatPenalty, made.repeat_penalty);
    take(wanted.topK, made.top_k);
    take(wanted.repeatLastN, made.repeat_last_n);
    take(wanted.seed, made.seed);
    take(wanted.maxTokens, made.max_tokens);
    made.frequency_penalty = wanted.frequencyPenalty;
    made.presence_penalty = wanted.presencePenalty;
    for (const std::string &stop : wanted.stops)
      stops.push_back(stop.c_str());
    made.stops = stops.data();
    made.stop_count = stops.size();
    for (const auto &[id, bias] : wanted.logitBias)
      biases.push_back({id, bias});
    made.logit_biases = biases.data();
    made.logit_bias_count = biases.size();
    made.json_schema = wanted.jsonSchema ? wanted.jsonSchema->c_str() : nullptr;
    made.grammar = wanted.grammar ? wanted.grammar->c_str() : nullptr;
    made.logprobs = wanted.logprobs;
    made.top_logprobs = wanted.topLogprobs;
    made.ignore_stop = wanted.ignoreStop;
    made.keep_special = wanted.keepSpecial;
  }
  CSampling(const CSampling &) = delete;

  const tritc_sampling *get() const { return &made; }

private:
  template <typename T>
  static void take(const std::optional<T> &wanted, T &place) {
    if (wanted)
      place = *wanted;
  }

  tritc_sampling made;
  std::vector<const char *> stops;
  std::vector<tritc_logit_bias> biases;
};

/// Gathers an answer, and calls `onToken` with each token of it.
template <typename OnToken>
struct Listener {
  OnToken &onToken;
  Answer answer{};
  std::exception_ptr failure{};

  static int hear(void *context, const tritc_token *token) noexcept {
    auto &self = *static_cast<Listener *>(context);
    try {
      Token told{token->id,
                 {token->text, token->bytes},
                 token->logprob,
                 token->top,
                 token->top_count};
      self.answer.text += told.text;
      if (told.id >= 0)
        self.answer.ids.push_back(told.id);
      if constexpr (std::is_void_v<decltype(self.onToken(told))>)
        self.onToken(told);
      else
        return self.onToken(told) ? 1 : 0;
    } catch (...) {
      self.failure = std::current_exception();
      return 1;
    }
    return 0;
  }
};

/// Calls `call(hear, context, &result, &error)`, which answers.
template <typename OnToken, typename Call>
Answer listen(OnToken &onToken, Call &&call) {
  Listener<OnToken> listener{onToken};
  tritc_result result{};
  tritc_error error{};
  int status = call(Listener<OnToken>::hear, static_cast<void *>(&listener),
                    &result, &error);
  if (listener.failure)
    std::rethrow_exception(listener.failure);
  if (status != TRITC_STOPPED)
    check(status, error);
  Answer answer = std::move(listener.answer);
  answer.ending = status == TRITC_STOPPED ? Ending::Stopped
                                          : static_cast<Ending>(result.ending);
  answer.promptTokens = result.prompt_tokens;
  answer.reusedTokens = result.reused_tokens;
  answer.promptSeconds = result.prompt_seconds;
  answer.answerSeconds = result.answer_seconds;
  return answer;
}

struct Quiet {
  void operator()(const Token &) const {}
};

} // namespace detail

/// A conversation; for one thread at a time, but for stop().
class Chat {
public:
  /// Takes over a handle.
  explicit Chat(tritc_chat *made) : handle(made) {}
  tritc_chat *get() const { return handle.get(); }

  /// Adds a message. Messages of a user and answers alternate; a system message
  /// comes first.
  void say(Role role, std::string_view text) {
    tritc_error error{};
    detail::check(tritc_chat_say(get(), static_cast<TRITC_ROLE>(role),
                                 text.data(), text.size(), &error),
                  error);
  }
  /// Answers the last message, and adds the answer. `onToken` takes a Token; if
  /// it returns something, what is true ends the answer.
  template <typename OnToken = detail::Quiet>
  Answer answer(const Sampling &sampling = {}, OnToken &&onToken = {}) {
    detail::CSampling made(tritc_chat_model(get()), sampling);
    return detail::listen(onToken, [&](auto... rest) {
      return tritc_chat_answer(get(), made.get(), rest...);
    });
  }
  /// Says `text`, and answers it.
  template <typename OnToken = detail::Quiet>
  Answer ask(std::string_view text, const Sampling &sampling = {},
             OnToken &&onToken = {}) {
    say(Role::User, text);
    return answer(sampling, onToken);
  }
  /// From any thread: ends the answer that is being written.
  void stop() { tritc_chat_stop(get()); }
  /// Takes the last message away; false if there was none.
  bool undo() { return tritc_chat_undo(get()) != 0; }
  std::size_t tokens() const { return tritc_chat_tokens(get()); }
  /// Another one that has said the same so far.
  Chat fork() const { return Chat(tritc_chat_fork(get())); }
  /// For Model::load() of the same model.
  std::string save() const {
    return detail::filled(std::string(), [&](char *bytes, auto... rest) {
      return tritc_chat_save(get(), bytes, rest...);
    });
  }

private:
  struct Free {
    void operator()(tritc_chat *ended) const { tritc_chat_free(ended); }
  };
  std::unique_ptr<tritc_chat, Free> handle;
};

/// The model of the library, at work. May outlive its chats, or they it: then
/// they throw.
class Model {
public:
  struct Options {
    std::uint32_t threads = 0;     ///< 0: one per physical core
    std::uint32_t contextSize = 0; ///< 0: as compiled
    std::uint32_t parallel = 0;    ///< 0: 16 sequences in one pass
    std::uint32_t queue = 0;       ///< 0: 64 calls may wait for a place
    std::uint64_t kvMemory = 0;    ///< 0: bytes for keys and values, chosen
  };

  Model() : Model(Options()) {}
  explicit Model(const Options &wanted) {
    tritc_options options{sizeof(tritc_options), wanted.threads,
                          wanted.contextSize,    wanted.parallel,
                          wanted.queue,          wanted.kvMemory};
    tritc_model *opened = nullptr;
    tritc_error error{};
    detail::check(tritc_open(&options, &opened, &error), error);
    handle.reset(opened);
  }
  tritc_model *get() const { return handle.get(); }

  std::string_view name() const { return tritc_name(get()); }
  std::string_view target() const { return tritc_target(get()); }
  std::uint32_t contextSize() const { return tritc_context_size(get()); }
  std::uint32_t vocabularySize() const { return tritc_vocabulary_size(get()); }
  /// Floats of a vector; 0 for a model that writes text.
  std::uint32_t vectorSize() const { return tritc_vector_size(get()); }

  /// \param flags TRITC_NO_BOS, TRITC_NO_SPECIAL
  std::vector<std::int32_t> tokenize(std::string_view text,
                                     unsigned flags = 0) const {
    return detail::filled(std::vector<std::int32_t>(text.size() + 1),
                          [&](auto... place) {
                            return tritc_tokenize(get(), text.data(),
                                                  text.size(), flags, place...);
                          });
  }
  /// Without special tokens.
  std::string detokenize(const std::vector<std::int32_t> &ids) const {
    return detail::filled(std::string(4 * ids.size(), 0), [&](auto... place) {
      return tritc_detokenize(get(), ids.data(), ids.size(), place...);
    });
  }
  /// What a token stands for, be it special, or a part of a character.
  std::string tokenBytes(std::int32_t id) const {
    return detail::filled(std::string(), [&](auto... place) {
      return tritc_token_bytes(get(), id, place...);
    });
  }
  bool isStop(std::int32_t id) const { return tritc_is_stop(get(), id) != 0; }

  /// Goes on with a text as it is. `onToken` as in Chat::answer().
  template <typename OnToken = detail::Quiet>
  Answer complete(const std::vector<std::int32_t> &ids,
                  const Sampling &sampling = {}, OnToken &&onToken = {}) {
    detail::CSampling made(get(), sampling);
    return detail::listen(onToken, [&](auto... rest) {
      return tritc_complete(get(), ids.data(), ids.size(), made.get(), rest...);
    });
  }
  template <typename OnToken = detail::Quiet>
  Answer complete(std::string_view text, const Sampling &sampling = {},
                  OnToken &&onToken = {}) {
    return complete(tokenize(text), sampling, onToken);
  }

  /// Of what may follow, for each id of the vocabulary.
  std::vector<float> logits(const std::vector<std::int32_t> &ids) {
    std::vector<float> row(vocabularySize());
    tritc_error error{};
    detail::check(
        tritc_logits(get(), ids.data(), ids.size(), row.data(), &error), error);
    return row;
  }
  /// The `k` likeliest tokens to follow, with logarithms of probabilities.
  std::vector<tritc_likely> topK(const std::vector<std::int32_t> &ids,
                                 std::size_t k) {
    std::vector<std::int32_t> best(k);
    std::vector<double> logprobs(k);
    tritc_error error{};
    detail::check(tritc_top_k(get(), ids.data(), ids.size(), k, best.data(),
                              logprobs.data(), &error),
                  error);
    std::vector<tritc_likely> likely;
    for (std::size_t i = 0; i < k; ++i)
      likely.push_back({best[i], logprobs[i]});
    return likely;
  }
  /// \param prompt the name of what the model wants in front, such as "query";
  ///               null: its default
  std::vector<float> embed(std::string_view text,
                           const char *prompt = nullptr) {
    std::vector<float> vector(vectorSize() ? vectorSize() : 1);
    tritc_error error{};
    detail::check(tritc_embed_for(get(), prompt, text.data(), text.size(),
                                  vector.data(), &error),
                  error);
    return vector;
  }

  Chat chat() { return Chat(tritc_chat_new(get())); }
  /// The conversation of Chat::save().
  Chat load(std::string_view bytes) {
    tritc_chat *loaded = nullptr;
    tritc_error error{};
    detail::check(
        tritc_chat_load(get(), bytes.data(), bytes.size(), &loaded, &error),
        error);
    return Chat(loaded);
  }

private:
  struct Close {
    void operator()(tritc_model *ended) const { tritc_close(ended); }
  };
  std::unique_ptr<tritc_model, Close> handle;
};

} // namespace tritc

#endif // TRITC_HPP
