//===- Answers.cpp - What a model computes --------------------------------===//

#include "runtime/library/Answers.h"
#include "runtime/chat/Commands.h"
#include "runtime/library/Waiter.h"
#include "runtime/sample/LogProbability.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::library;

/// Every sequence has a place for the prompt, at least.
static base::Failure checkPrompt(const tritc_model &model,
                                 std::span<const int32_t> ids) {
  if (ids.empty())
    return base::fail(base::Usage, "expected a text of at least one token");
  if (ids.size() > model.scheduler.contextSize())
    return base::fail(base::Usage,
                      "the text has %zu tokens, the context holds %u",
                      ids.size(), model.scheduler.contextSize());
  for (int32_t id : ids)
    if (id < 0 || static_cast<uint32_t>(id) >= model.model.image.vocabSize)
      return base::fail(base::Usage, "expected ids below %u, found %d",
                        model.model.image.vocabSize, id);
  return {};
}

/// What keeps the model from doing what is asked; null if nothing.
static const char *unfit(const tritc_model &model, bool wantsVector) {
  if (model.model.embeds() == wantsVector)
    return nullptr;
  return wantsVector ? "this model writes text, it has no vectors"
                     : "this model makes vectors, it writes no text";
}

static base::Failure readSampling(const tritc_model &model,
                                  const tritc_sampling *given,
                                  schedule::Job &job) {
  tritc_sampling defaults;
  tritc_sampling_defaults(&model, &defaults);
  tritc_sampling all = known(given, defaults);
  job.sampling.temperature = all.temperature;
  job.sampling.topP = all.top_p;
  job.sampling.minP = all.min_p;
  job.sampling.repeatPenalty = all.repeat_penalty;
  job.sampling.topK = all.top_k;
  job.sampling.repeatLastN = all.repeat_last_n;
  job.seed =
      all.seed < 0 ? sample::randomSeed() : static_cast<uint64_t>(all.seed);
  job.predict = all.max_tokens < 0 ? -1 : all.max_tokens;
  job.wantsLogprobs = all.logprobs != 0;
  struct Range {
    const char *name;
    double value, least, most;
  } ranges[] = {{"temperature", all.temperature, 0, 1e6},
                {"top_p", all.top_p, 0, 1},
                {"min_p", all.min_p, 0, 1},
                {"repeat_penalty", all.repeat_penalty, 1e-3, 1e3}};
  for (const Range &range : ranges)
    if (!(range.value >= range.least && range.value <= range.most))
      return base::fail(base::Usage, "%s: expected %g to %g, found %g",
                        range.name, range.least, range.most, range.value);
  if (all.stop_count > chat::TextList::capacity)
    return base::fail(base::Usage, "stops: expected at most %zu, found %zu",
                      chat::TextList::capacity, all.stop_count);
  for (size_t i = 0; i < all.stop_count; ++i) {
    std::string_view text = all.stops[i];
    if (text.empty())
      return base::fail(base::Usage,
                        "stops: expected texts, found an empty one");
    auto length = static_cast<uint32_t>(text.size());
    job.stops.append(reinterpret_cast<const char *>(&length), sizeof(length));
    job.stops.append(text);
  }
  return {};
}

static void tell(const schedule::Summary &summary, tritc_result *result) {
  if (!result)
    return;
  *result = {.ending = summary.ending == schedule::Ending::Length
                           ? TRITC_END_LENGTH
                       : summary.ending == schedule::Ending::ContextFull
                           ? TRITC_END_CONTEXT
                           : TRITC_END_STOP,
             .prompt_tokens = summary.promptTokens,
             .reused_tokens = summary.reusedTokens,
             .answer_tokens = summary.answerTokens,
             .prompt_seconds = summary.promptSeconds,
             .answer_seconds = summary.answerSeconds};
}

int library::answer(tritc_model &model, std::span<const int32_t> ids,
                    const Question &question, tritc_error *error) {
  if (const char *reason = unfit(model, /*wantsVector=*/false))
    return report(TRITC_USAGE, reason, error);
  if (base::Failure failure = checkPrompt(model, ids))
    return report(failure, error);
  schedule::Job job;
  job.prompt.append(ids);
  if (base::Failure failure = readSampling(model, question.sampling, job))
    return report(failure, error);
  Waiter waiter;
  uint64_t number = model.scheduler.submit(std::move(job), waiter.listener());
  if (number == 0)
    return report(TRITC_BUSY, "too much is waiting already", error);
  // Who has stopped it meanwhile did not know its number.
  uint64_t begun = beginMark;
  if (question.job && !question.job->compare_exchange_strong(begun, number))
    model.scheduler.cancel(number);
  schedule::Summary summary = waiter.wait(model.scheduler, number,
                                       {.onToken = question.onToken,
                                        .context = question.context,
                                        .ids = question.said,
                                        .row = {}});
  tell(summary, question.result);
  if (summary.ending == schedule::Ending::Cancelled)
    return report(TRITC_STOPPED, "the answer was stopped", error);
  return TRITC_OK;
}

/// The logits after `ids`, or the vector of the text that they are.
static int computeRow(tritc_model &model, std::span<const int32_t> ids,
                      bool wantsVector, std::span<float> row,
                      tritc_error *error) {
  if (const char *reason = unfit(model, wantsVector))
    return report(TRITC_USAGE, reason, error);
  if (base::Failure failure = checkPrompt(model, ids))
    return report(failure, error);
  schedule::Job job;
  job.prompt.append(ids);
  job.wantsRow = true;
  Waiter waiter;
  uint64_t number = model.scheduler.submit(std::move(job), waiter.listener());
  if (number == 0)
    return report(TRITC_BUSY, "too much is waiting already", error);
  schedule::Summary summary = waiter.wait(
      model.scheduler, number,
      {.onToken = nullptr, .context = nullptr, .ids = nullptr, .row = row});
  if (summary.ending == schedule::Ending::Cancelled)
    return report(TRITC_STOPPED, "the model was closed", error);
  return TRITC_OK;
}

extern "C" {

void tritc_sampling_defaults(const tritc_model *model,
                             tritc_sampling *sampling) {
  const TritcGenerationDefaults &advised = model->model.image.generation;
  *sampling = {.size = sizeof(tritc_sampling),
               .temperature = static_cast<double>(advised.temperature),
               .top_p = static_cast<double>(advised.topP),
               .min_p = static_cast<double>(advised.minP),
               .repeat_penalty = static_cast<double>(advised.repeatPenalty),
               .top_k = advised.topK,
               .repeat_last_n = sample::SamplerOptions().repeatLastN,
               .seed = -1,
               .max_tokens = -1,
               .stops = nullptr,
               .stop_count = 0,
               .logprobs = 0};
}

int tritc_complete(tritc_model *model, const int32_t *ids, size_t count,
                   const tritc_sampling *sampling, tritc_on_token on_token,
                   void *context, tritc_result *result, tritc_error *error) {
  return answer(*model, {ids, count},
                {.sampling = sampling,
                 .onToken = on_token,
                 .context = context,
                 .result = result,
                 .said = nullptr,
                 .job = nullptr},
                error);
}

int tritc_logits(tritc_model *model, const int32_t *ids, size_t count,
                 float *logits, tritc_error *error) {
  return computeRow(*model, {ids, count}, /*wantsVector=*/false,
                    {logits, model->model.image.vocabSize}, error);
}

int tritc_top_k(tritc_model *model, const int32_t *ids, size_t count, size_t k,
                int32_t *top_ids, double *logprobs, tritc_error *error) {
  size_t vocabulary = model->model.image.vocabSize;
  if (k == 0 || k > vocabulary)
    return report(TRITC_USAGE,
                  "k: expected at least 1, at most the size of the vocabulary",
                  error);
  base::Array<float> logits;
  logits.resize(vocabulary);
  if (int status = computeRow(*model, {ids, count}, false, logits, error))
    return status;
  base::Array<sample::Candidate> all;
  all.reserve(vocabulary);
  for (size_t i = 0; i < vocabulary; ++i)
    all.push({logits[i], static_cast<int32_t>(i)});
  std::partial_sort(all.begin(), all.begin() + k, all.end(), sample::isBetter);
  double logOfSum = logprobs ? sample::logOfSum(logits) : 0;
  for (size_t i = 0; i < k; ++i) {
    top_ids[i] = all[i].id;
    if (logprobs)
      logprobs[i] = static_cast<double>(all[i].logit) - logOfSum;
  }
  return TRITC_OK;
}

int tritc_embed(tritc_model *model, const char *text, size_t bytes,
                float *vector, tritc_error *error) {
  if (const char *reason = unfit(*model, /*wantsVector=*/true))
    return report(TRITC_USAGE, reason, error);
  if (bytes == 0)
    return report(TRITC_USAGE, "the text is empty", error);
  // As `embed` does it without options.
  chat::Settings settings;
  base::Array<char> nothing;
  chat::Output out(nothing);
  base::Array<int32_t> ids;
  if (base::Failure failure = chat::encodeForVector(
          {model->model, settings, out, nullptr}, {text, bytes}, ids))
    return report(failure, error);
  return computeRow(*model, ids, /*wantsVector=*/true,
                    {vector, tritc_vector_size(model)}, error);
}

} // extern "C"
