//===- Service.h - Requests in, answers out -------------------------------===//
//
// What stands between the server, which knows sockets, and the scheduler, which
// knows tokens. All of it belongs to the server's thread.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/chat/Commands.h"
#include "runtime/http/Server.h"
#include "runtime/serve/Access.h"
#include "runtime/serve/Answer.h"
#include "runtime/serve/Fields.h"

namespace tritc::serve {

class Service;

/// What there is, and who answers. A path that ends in * is the beginning of
/// one.
struct Route {
  enum Kind {
    Public, ///< without a key
    Any,    ///< whatever the model is
    Writes, ///< with a model that writes text
    Embeds, ///< with one that makes vectors
  };
  const char *method, *path;
  Kind kind;
  void (*answer)(Service &service, http::Exchange &exchange);
};

std::span<const Route> routes();

class Service {
public:
  Service(const chat::Context &context, const Access &access,
          Scheduler &scheduler, http::Server *&server);
  ~Service();

  /// For the server, to which `server` points by the time it runs.
  http::Handler handler();
  Outbox &outbox() { return box; }

  const chat::Context &context() const { return chatContext; }
  const chat::Model &model() const { return chatContext.model; }
  const chat::Settings &settings() const { return chatContext.settings; }
  Scheduler &jobs() { return scheduler; }
  const http::ServerCounters &connections() const { return server->counters(); }
  int64_t startedAt() const { return started; }

  /// What a body is where it says nothing.
  void applyDefaults(Ask &ask) const;
  /// Reads the body of a request by its tables. \returns false where that was
  /// answered with a problem
  bool read(http::Exchange &exchange, std::span<const FieldTable> tables,
            Ask &ask);
  /// Whether that is a name of this model; answers if it is not.
  bool checkModel(http::Exchange &exchange, const Ask &ask);
  /// Whether a text of so many bytes may fit into the context at all. It is not
  /// encoded before: that takes time, in which nobody else is served.
  Problem checkBytes(size_t bytes, const char *param) const;
  /// Has every prompt continued, or made a vector of, and the answer written in
  /// that form.
  void submit(http::Exchange &exchange, const Ask &ask, Prompts &&prompts,
              const AnswerForm &form);
  /// The same with the conversation of `ask` for a prompt.
  void converse(http::Exchange &exchange, const Ask &ask,
                const AnswerForm &form);
  void refuse(http::Exchange &exchange, const Problem &problem);

private:
  struct Running {
    uint64_t job;
    Answer *answer;
    Choice *choice;
  };

  void onHead(http::Exchange &exchange);
  void onRequest(http::Exchange &exchange);
  void onHalfClose(http::Exchange &exchange);
  void onGone(http::Exchange &exchange);
  void hear(const Heard &heard);
  void hearToken(Answer &answer, Choice &choice, const Told &told);
  void hearEnd(Answer &answer, Choice &choice, const Summary &summary);
  void finish(Answer &answer);
  void cancelAll(Answer &answer);
  Running *find(uint64_t job);
  void forget(uint64_t job);
  void discard(Answer &answer);
  void answerPreflight(http::Exchange &exchange);
  Problem checkPrompts(const Prompts &prompts, const AnswerForm &form) const;
  bool feed(Answer &answer);
  void feedAll();

  const chat::Context chatContext;
  const Access &access;
  Scheduler &scheduler;
  http::Server *&server;
  Outbox box;
  schedule::Guides guides;
  base::Array<Running> running; ///< ascending by job
  base::Array<Answer *> hungry; ///< some of their jobs are not submitted yet
  base::Array<char> text;       ///< working memory, as the next
  Logprobs logprobs;
  int64_t started;
};

} // namespace tritc::serve
