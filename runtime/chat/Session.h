//===- Session.h - One prompt after the other -----------------------------===//
#pragma once

#include "runtime/chat/AnswerForm.h"
#include "runtime/chat/AnswerStream.h"
#include "runtime/chat/Model.h"
#include "runtime/exec/Drafter.h"
#include "runtime/exec/Engine.h"
#include "runtime/sample/Sampler.h"

namespace tritc::chat {

/// Why an answer ended.
enum class Ending {
  Stop,        ///< the model said so, or a reverse prompt was reached
  Length,      ///< --predict
  ContextFull, ///< no place for another token
  Interrupted, ///< Ctrl-C
  Failed,      ///< the output is closed
  Stuck,       ///< no token goes on as the grammar asks
};

/// What people are told of Ending::Stuck.
inline constexpr char whyStuck[] =
    "the model has no token for what the grammar asks for";

/// Counts and times for /stats.
struct Speed {
  size_t promptTokens = 0; ///< computed, without those found in the cache
  size_t reusedTokens = 0; ///< found in the cache
  size_t answerTokens = 0;
  size_t guessedTokens = 0; ///< ahead, and computed together with others
  size_t rightGuesses = 0;  ///< of those, the ones that became the answer
  double promptSeconds = 0;
  double answerSeconds = 0;
  double firstTokenSeconds = 0; ///< from the request to the first token
};

inline double tokensPerSecond(size_t tokens, double seconds) {
  return seconds > 0 ? static_cast<double>(tokens) / seconds : 0;
}

/// Called with how much of the prompt is read, in between its blocks, and with
/// all of it after each token of the answer.
class Between {
public:
  Between() = default;
  template <typename Function>
  Between(Function &function)
      : context(&function), call([](void *context, size_t done, size_t total) {
          (*static_cast<Function *>(context))(done, total);
        }) {}
  void operator()(size_t done, size_t total) const {
    if (call)
      call(context, done, total);
  }

private:
  void *context = nullptr;
  void (*call)(void *context, size_t done, size_t total) = nullptr;
};

/// Options of `settings` that concern the engine.
exec::EngineOptions engineOptions(const Settings &settings);

/// Usage when --ctx-size exceeds what was compiled.
base::Failure checkContextSize(const Model &model, const Settings &settings);

/// The engine with its sampler and the memory of what the KV cache holds.
class Session {
public:
  Session(const Model &model, const Settings &settings);

  base::Failure start();

  uint32_t contextSize() const { return engine.contextSize(); }
  /// Tokens in the KV cache.
  size_t cachedTokens() const { return cached.size(); }
  const Speed &speed() const { return lastSpeed; }
  /// Natural logarithms of the probabilities of the last answer's tokens, of
  /// all logits as they are; where settings.logprobs asks for them.
  std::span<const double> logprobs() const { return answerLogprobs; }

  /// Computes `prompt`, of which the beginning that the KV cache already holds
  /// is skipped, then chooses tokens until something ends the answer. They are
  /// streamed to `stream`, which the caller finishes, and put into `answer`,
  /// without the stop token.
  /// \pre 1 <= prompt.size() <= contextSize()
  Ending answer(std::span<const int32_t> prompt, AnswerStream &stream,
                Output &out, base::Array<int32_t> &answer,
                Between between = {});

  /// Goes on with an answer whose context was full: `prompt` is the
  /// conversation without its oldest turns, behind which `answer` still fits.
  /// Everything is as if the shorter one had been the conversation all along.
  /// \pre prompt.size() + answer.size() <= contextSize()
  Ending goOn(std::span<const int32_t> prompt, AnswerStream &stream,
              Output &out, base::Array<int32_t> &answer, Between between = {});

  //--- What a snapshot keeps ------------------------------------------------
  std::span<const int32_t> cachedIds() const { return cached; }
  std::span<const uint8_t> cacheBytes() {
    return engine.cacheOf(cached.size());
  }
  const sample::Random &random() const { return sampler.random(); }
  /// Takes over what another session with the same program computed.
  /// \pre ids.size() <= contextSize(), `cache` has the size of cacheBytes()
  void restore(std::span<const int32_t> ids, std::span<const uint8_t> cache,
               const sample::Random &random);

  /// A new sequence of random numbers, after settings.seed has changed.
  void reseed();

private:
  bool computePrompt(std::span<const int32_t> prompt, const Between &between);
  Ending generate(AnswerStream &stream, Output &out,
                  base::Array<int32_t> &answer, const Between &between);
  bool compute(int32_t id, size_t wanted);

  const Model &model;
  const Settings &settings;
  exec::Engine engine;
  sample::Sampler sampler;
  AnswerForm form;
  base::Array<int32_t> cached;   ///< ids of KV rows [0, size)
  std::span<const float> logits; ///< of the last of `cached`
  exec::Drafter drafter;
  /// Of the pass that computed `logits`: a token, and guesses behind it.
  int32_t passIds[1 + exec::Drafter::most] = {};
  std::span<const float> passLogits[1 + exec::Drafter::most];
  size_t passSize = 0;
  size_t passAt = 0; ///< which of them is the last of `cached`
  Speed lastSpeed;
  base::Array<double> answerLogprobs;
};

} // namespace tritc::chat
