//===- Answers.h - What a model computes ----------------------------------===//
#pragma once

#include "runtime/library/Handles.h"

namespace tritc::library {

/// In the place of a job's number: an answer is about to begin; to be stopped.
inline constexpr uint64_t beginMark = UINT64_MAX - 1, stopMark = UINT64_MAX;

/// How a text is to be continued; all but what is read may be null.
struct Question {
  const tritc_sampling *sampling;
  tritc_on_token onToken;
  void *context;
  tritc_result *result;
  base::Array<int32_t> *said; ///< gets the answer's ids
  std::atomic<uint64_t> *job; ///< beginMark; gets the number of the job
};

/// Continues `ids`. \returns a TRITC_STATUS
int answer(tritc_model &model, std::span<const int32_t> ids,
           const Question &question, tritc_error *error);

} // namespace tritc::library
