//===- Routes.cpp - Who answers what --------------------------------------===//

#include "runtime/serve/Routes.h"

using namespace tritc;
using namespace tritc::serve;

static constexpr Route table[] = {
    {"GET", "/", Route::Public, answerPage},
    {"GET", "/health", Route::Public, answerHealth},
    {"GET", "/v1/models", Route::Any, answerModels},
    {"GET", "/v1/models/*", Route::Any, answerModel},
    {"POST", "/v1/chat/completions", Route::Writes, answerChatCompletions},
    {"POST", "/v1/completions", Route::Writes, answerCompletions},
    {"POST", "/v1/embeddings", Route::Embeds, answerEmbeddings},
    {"POST", "/tokenize", Route::Any, answerTokenize},
    {"POST", "/detokenize", Route::Any, answerDetokenize},
    {"GET", "/metrics", Route::Any, answerMetrics},
    {"POST", "/api/chat", Route::Writes, answerOllamaChat},
    {"POST", "/api/generate", Route::Writes, answerOllamaGenerate},
    {"POST", "/api/embed", Route::Embeds, answerOllamaEmbed},
    {"GET", "/api/tags", Route::Any, answerOllamaTags},
    {"GET", "/api/ps", Route::Any, answerOllamaRunning},
    {"POST", "/api/show", Route::Any, answerOllamaShow},
    {"GET", "/api/version", Route::Any, answerOllamaVersion},
};

std::span<const Route> serve::routes() { return table; }
