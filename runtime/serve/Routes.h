//===- Routes.h - Who answers what ----------------------------------------===//
//
// Each function reads the body of a request and answers it, now or when the
// scheduler has. A new one is a line of the table in Routes.cpp.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/serve/Service.h"

namespace tritc::serve {

void answerChatCompletions(Service &service, http::Exchange &exchange);
void answerCompletions(Service &service, http::Exchange &exchange);
void answerEmbeddings(Service &service, http::Exchange &exchange);
void answerModels(Service &service, http::Exchange &exchange);
void answerModel(Service &service, http::Exchange &exchange);
void answerTokenize(Service &service, http::Exchange &exchange);
void answerDetokenize(Service &service, http::Exchange &exchange);
void answerHealth(Service &service, http::Exchange &exchange);
void answerMetrics(Service &service, http::Exchange &exchange);
void answerPage(Service &service, http::Exchange &exchange);

void answerOllamaChat(Service &service, http::Exchange &exchange);
void answerOllamaGenerate(Service &service, http::Exchange &exchange);
void answerOllamaEmbed(Service &service, http::Exchange &exchange);
void answerOllamaTags(Service &service, http::Exchange &exchange);
void answerOllamaRunning(Service &service, http::Exchange &exchange);
void answerOllamaShow(Service &service, http::Exchange &exchange);
void answerOllamaVersion(Service &service, http::Exchange &exchange);

} // namespace tritc::serve
