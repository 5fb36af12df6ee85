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
    if (base::Failure failure = checkId(model, id))
      return failure;
  return {};
}

/// What keeps the model from doing what is asked; null if nothing.
static const char *unfit(const tritc_model &model, bool wantsVector) {
  if (model.model.embeds() == wantsVector)
    return nullptr;
  return wantsVector ? "this model writes text, it has no vectors"
                     : "this model makes vectors, it writes no text";
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

/// Hands a job over and waits for its end. \returns a TRITC_STATUS
static int run(tritc_model &model, schedule::Job &&job, Bell &bell,
               const Waiter::Wishes &wishes, schedule::Summary &summary,
               tritc_error *error) {
  Waiter waiter(bell);
  uint64_t number = model.scheduler.submit(std::move(job), waiter.listener());
  if (number == 0)
    return model.isClosed
               ? report(TRITC_USAGE, "the model was closed", error)
               : report(TRITC_BUSY, "too much is waiting already", error);
  summary = waiter.wait(model.scheduler, number, wishes);
  if (summary.ending != schedule::Ending::Cancelled)
    return TRITC_OK;
  return report(TRITC_STOPPED,
                model.isClosed ? "the model was closed"
                               : "the answer was stopped",
                error);
}

int library::answer(tritc_model &model, std::span<const int32_t> ids,
                    const Question &question, Bell &bell, tritc_error *error) {
  if (const char *reason = unfit(model, /*wantsVector=*/false))
    return report(TRITC_USAGE, reason, error);
  if (base::Failure failure = checkPrompt(model, ids))
    return report(failure, error);
  schedule::Job job;
  job.prompt.append(ids);
  if (base::Failure failure = readSampling(model, question.sampling, job))
    return report(failure, error);
  schedule::Summary summary = {};
  int status = run(model, std::move(job), bell,
                   {.onToken = question.onToken,
                    .context = question.context,
                    .ids = question.said,
                    .row = {}},
                   summary, error);
  if (status == TRITC_OK || status == TRITC_STOPPED)
    tell(summary, question.result);
  return status;
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
  Bell bell;
  schedule::Summary summary = {};
  return run(
      model, std::move(job), bell,
      {.onToken = nullptr, .context = nullptr, .ids = nullptr, .row = row},
      summary, error);
}

/// Whether that names a prompt of the model's; the empty name is for none.
static bool hasPrompt(const tritc_model &model, std::string_view name) {
  const TritcImageHeader &image = model.model.image;
  bool isKnown = name.empty();
  for (const TritcPrompt &prompt : exec::promptsOf(image))
    isKnown |= exec::textAt(image, prompt.name) == name;
  return isKnown;
}

extern "C" {

int tritc_complete(tritc_model *model, const int32_t *ids, size_t count,
                   const tritc_sampling *sampling, tritc_on_token on_token,
                   void *context, tritc_result *result, tritc_error *error) {
  if (int status =
          check({{"model", isValid(model)}, pointer("ids", ids, count)}, error))
    return status;
  Held held(*model);
  Bell bell;
  return answer(*model, {ids, count},
                {.sampling = sampling,
                 .onToken = on_token,
                 .context = context,
                 .result = result,
                 .said = nullptr},
                bell, error);
}

int tritc_logits(tritc_model *model, const int32_t *ids, size_t count,
                 float *logits, tritc_error *error) {
  if (int status = check({{"model", isValid(model)},
                          pointer("ids", ids, count),
                          pointer("logits", logits)},
                         error))
    return status;
  Held held(*model);
  return computeRow(*model, {ids, count}, /*wantsVector=*/false,
                    {logits, model->model.image.vocabSize}, error);
}

int tritc_top_k(tritc_model *model, const int32_t *ids, size_t count, size_t k,
                int32_t *top_ids, double *logprobs, tritc_error *error) {
  if (int status = check({{"model", isValid(model)},
                          pointer("ids", ids, count),
                          pointer("top_ids", top_ids)},
                         error))
    return status;
  Held held(*model);
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

int tritc_embed_for(tritc_model *model, const char *prompt, const char *text,
                    size_t bytes, float *vector, tritc_error *error) {
  if (int status = check({{"model", isValid(model)},
                          pointer("text", text, bytes),
                          pointer("vector", vector)},
                         error))
    return status;
  if (const char *reason = unfit(*model, /*wantsVector=*/true))
    return report(TRITC_USAGE, reason, error);
  if (bytes == 0)
    return report(TRITC_USAGE, "the text is empty", error);
  Held held(*model);
  chat::Settings settings; // as `embed` has them
  if (prompt && !hasPrompt(*model, prompt))
    return report(TRITC_USAGE, "prompt: the model has none of that name",
                  error);
  if (prompt)
    settings.promptName = prompt;
  base::Array<char> nothing;
  chat::Output out(nothing);
  base::Array<int32_t> ids;
  if (base::Failure failure = chat::encodeForVector(
          {model->model, settings, out, nullptr}, {text, bytes}, ids))
    return report(failure, error);
  return computeRow(*model, ids, /*wantsVector=*/true,
                    {vector, tritc_vector_size(model)}, error);
}

int tritc_embed(tritc_model *model, const char *text, size_t bytes,
                float *vector, tritc_error *error) {
  return tritc_embed_for(model, nullptr, text, bytes, vector, error);
}

} // extern "C"
