//===- OpenAiForm.h - Answers as OpenAI's clients read them ---------------===//
#pragma once

#include "runtime/serve/Answer.h"

namespace tritc::serve {

extern const AnswerForm chatCompletionForm;
extern const AnswerForm completionForm;
extern const AnswerForm embeddingForm;

} // namespace tritc::serve
