//===- Answers.h - What a model computes ----------------------------------===//
#pragma once

#include "runtime/library/Handles.h"

namespace tritc::library {

/// How a text is to be continued; all but what is read may be null.
struct Question {
  const tritc_sampling *sampling;
  tritc_on_token onToken;
  void *context;
  tritc_result *result;
  base::Array<int32_t> *said; ///< gets the answer's ids
};

/// Continues `ids`. \returns a TRITC_STATUS
/// \param bell of this call; stops it
int answer(tritc_model &model, std::span<const int32_t> ids,
           const Question &question, Bell &bell, tritc_error *error);

/// What a job is to do about sampling, or what is wrong with that.
base::Failure readSampling(tritc_model &model, const tritc_sampling *given,
                           schedule::Job &job);

} // namespace tritc::library
