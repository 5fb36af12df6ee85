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
};

std::span<const Route> serve::routes() { return table; }
