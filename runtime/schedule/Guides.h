//===- Guides.h - Which texts answers may be ------------------------------===//
#pragma once

#include "runtime/base/Owned.h"
#include "runtime/chat/Model.h"
#include "runtime/grammar/Guide.h"

#include <pthread.h>

namespace tritc::schedule {

/// What an answer has to be: anything, a JSON object, or what a JSON schema or
/// a grammar in GBNF says.
enum class Format { Text, Json, Schema, Gbnf };

/// Makes guides for the jobs of one model. Any thread may ask.
class Guides {
public:
  explicit Guides(const chat::Model &model) : model(model) {}
  ~Guides() { pthread_mutex_destroy(&lock); }

  /// Compiles `text`, of Schema and Gbnf, for one job; none for Text. `guide`
  /// lives as long as this.
  base::Failure make(Format format, std::string_view text,
                     base::Owned<grammar::Guide> &guide);

private:
  const grammar::Vocabulary &tokens();

  const chat::Model &model;
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  /// Made when it is wanted first: it takes milliseconds.
  base::Owned<grammar::Vocabulary> vocabulary;
};

} // namespace tritc::schedule
