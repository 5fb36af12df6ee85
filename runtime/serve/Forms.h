//===- Forms.h - The forms that answers have ------------------------------===//
#pragma once

#include "runtime/serve/Answer.h"

namespace tritc::serve {

// OpenAI's
extern const AnswerForm chatCompletionForm;
extern const AnswerForm completionForm;
extern const AnswerForm embeddingForm;
// Ollama's
extern const AnswerForm ollamaChatForm;
extern const AnswerForm ollamaGenerateForm;
extern const AnswerForm ollamaEmbedForm;

} // namespace tritc::serve
