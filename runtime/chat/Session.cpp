//===- Session.cpp - One prompt after the other ---------------------------===//

#include "runtime/chat/Session.h"
#include "runtime/chat/Interrupt.h"
#include "runtime/exec/Clock.h"
#include "runtime/sample/LogProbability.h"

using namespace tritc;
using namespace tritc::chat;

exec::EngineOptions chat::engineOptions(const Settings &settings) {
  return {.threads = static_cast<uint32_t>(settings.threads),
          .contextSize = static_cast<uint32_t>(settings.contextSize),
          .blockSize = static_cast<uint32_t>(settings.chunk),
          .weights = static_cast<exec::Weights>(settings.weights)};
}

base::Failure chat::checkContextSize(const Model &model,
                                     const Settings &settings) {
  if (settings.contextSize <= model.image.contextSize)
    return {};
  return base::fail(
      base::Usage, "--ctx-size: compiled for at most %u tokens, found %lld",
      model.image.contextSize, static_cast<long long>(settings.contextSize));
}

static base::Failure checkBiases(const Model &model, const Settings &settings) {
  for (sample::LogitBias bias : settings.logitBias)
    if (static_cast<uint32_t>(bias.id) >= model.image.vocabSize)
      return base::fail(base::Usage,
                        "--logit-bias: token %d: the model has ids 0 to %u",
                        bias.id, model.image.vocabSize - 1);
  return {};
}

static uint64_t seedOf(const Settings &settings) {
  return settings.seed < 0 ? sample::randomSeed()
                           : static_cast<uint64_t>(settings.seed);
}

Session::Session(const Model &model, const Settings &settings)
    : model(model), settings(settings), engine(model.program, model.image),
      sampler(model.image.vocabSize, seedOf(settings)), form(model) {}

base::Failure Session::start() {
  if (base::Failure failure = checkContextSize(model, settings))
    return failure;
  if (base::Failure failure = checkBiases(model, settings))
    return failure;
  if (base::Failure failure = form.load(settings))
    return failure;
  cached.reserve(model.image.contextSize);
  if (base::Failure failure = engine.start(engineOptions(settings)))
    return failure;
  drafter.start(contextSize() + size_t{1},
                static_cast<size_t>(settings.draftLeast),
                static_cast<size_t>(settings.draftMost));
  return {};
}

void Session::reseed() { sampler.reseed(seedOf(settings)); }

/// Leaves the logits after the prompt's last token. \returns false when
/// interrupted.
bool Session::computePrompt(std::span<const int32_t> prompt,
                            const Between &between) {
  size_t common = 0;
  // The last token is computed even if cached: its logits are not.
  while (common < std::min(cached.size(), prompt.size() - 1) &&
         cached[common] == prompt[common])
    ++common;
  cached.resize(common);
  passSize = passAt = 0;
  drafter.follow(prompt);
  double before = exec::monotonicSeconds();
  size_t done = common;
  bool isInterrupted = false;
  while (done < prompt.size() && !isInterrupted) {
    between(done - common, prompt.size() - common);
    std::span<const int32_t> block = prompt.subspan(
        done, std::min<size_t>(engine.blockSize(), prompt.size() - done));
    bool isLast = done + block.size() == prompt.size();
    size_t computed = engine.forward(
        block, done, block.size() - isLast, &Interrupt::flag(),
        [&](size_t, std::span<const float> row) { logits = row; });
    cached.append(block.first(computed));
    done += computed;
    isInterrupted = computed < block.size();
  }
  between(done - common, prompt.size() - common);
  lastSpeed = {.promptTokens = done - common,
               .reusedTokens = common,
               .promptSeconds = exec::monotonicSeconds() - before};
  return !isInterrupted;
}

/// Computes the logits after `id`, which goes on behind what is cached, unless
/// it was guessed and computed already. \returns false when interrupted
/// \param wanted tokens that may be chosen afterwards
bool Session::compute(int32_t id, size_t wanted) {
  drafter.append(id);
  if (passAt + 1 < passSize && passIds[passAt + 1] == id) {
    ++passAt;
    ++lastSpeed.rightGuesses;
  } else {
    size_t room = std::min<size_t>(
        {contextSize() - cached.size() - 1, engine.blockSize() - size_t{1},
         wanted ? wanted - 1 : 0, exec::Drafter::most});
    passIds[0] = id;
    passSize = 1 + drafter.guess({passIds + 1, room});
    passAt = 0;
    lastSpeed.guessedTokens += passSize - 1;
    double before = exec::monotonicSeconds();
    size_t computed = engine.forward(
        {passIds, passSize}, cached.size(), 0, &Interrupt::flag(),
        [&](size_t at, std::span<const float> row) { passLogits[at] = row; });
    if (computed < passSize) {
      passSize = 0;
      return false;
    }
    drafter.passed(passSize, exec::monotonicSeconds() - before);
  }
  logits = passLogits[passAt];
  cached.push(id);
  return true;
}

Ending Session::generate(AnswerStream &stream, Output &out,
                         base::Array<int32_t> &answer, const Between &between) {
  size_t limit =
      settings.predict < 0 ? SIZE_MAX : static_cast<size_t>(settings.predict);
  while (true) {
    if (answer.size() >= limit)
      return Ending::Length;
    std::span<const uint64_t> allowed;
    if (!form.allowed(allowed))
      return form.mayEnd() ? Ending::Stop : Ending::Stuck;
    int32_t id = sampler.choose(logits, settings, allowed);
    if (model.isStop(id))
      return Ending::Stop;
    form.accept(id);
    if (settings.logprobs)
      answerLogprobs.push(sample::logProbability(logits, id));
    sampler.accept(id);
    answer.push(id);
    between(cached.size(), cached.size());
    if (!stream.add(id))
      return Ending::Stop;
    if (out.hasFailed())
      return Ending::Failed;
    if (cached.size() == contextSize())
      return Ending::ContextFull;
    if (!compute(id, limit - answer.size()))
      return Ending::Interrupted;
  }
}

Ending Session::answer(std::span<const int32_t> prompt, AnswerStream &stream,
                       Output &out, base::Array<int32_t> &answer,
                       Between between) {
  answer.clear();
  answer.reserve(contextSize() + 1);
  answerLogprobs.clear();
  if (settings.logprobs)
    answerLogprobs.reserve(contextSize() + 1);
  return goOn(prompt, stream, out, answer, between);
}

Ending Session::goOn(std::span<const int32_t> prompt, AnswerStream &stream,
                     Output &out, base::Array<int32_t> &answer,
                     Between between) {
  double start = exec::monotonicSeconds();
  base::Array<int32_t> all;
  all.append(prompt);
  all.append(answer);
  sampler.forget();
  for (int32_t id : prompt)
    sampler.accept(id);
  sampler.beginAnswer();
  for (int32_t id : answer)
    sampler.accept(id);
  form.begin(answer);
  if (!computePrompt(all, between))
    return Ending::Interrupted;
  double before = exec::monotonicSeconds();
  lastSpeed.firstTokenSeconds = before - start;
  size_t said = answer.size();
  Ending ending = generate(stream, out, answer, between);
  lastSpeed.answerTokens = answer.size() - said;
  lastSpeed.answerSeconds = exec::monotonicSeconds() - before;
  return out.hasFailed() ? Ending::Failed : ending;
}

void Session::restore(std::span<const int32_t> ids,
                      std::span<const uint8_t> cache,
                      const sample::Random &random) {
  cached.clear();
  cached.append(ids);
  memcpy(engine.cacheOf(ids.size()).data(), cache.data(), cache.size());
  sampler.restore(random);
}
