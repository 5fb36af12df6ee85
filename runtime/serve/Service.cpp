//===- Service.cpp - Requests in, answers out -----------------------------===//

#include "runtime/serve/Service.h"

#include "runtime/exec/Clock.h"
#include "runtime/sample/Random.h"

#include <algorithm>
#include <ctime>

using namespace tritc;
using namespace tritc::serve;

Service::Service(const chat::Context &context, const Access &access,
                 Scheduler &scheduler, http::Server *&server)
    : chatContext(context), access(access), scheduler(scheduler),
      server(server), box(
                          [](void *service) {
                            static_cast<Service *>(service)->server->wake();
                          },
                          this),
      guides(chatContext.model), started(time(nullptr)) {}

Service::~Service() = default;

http::Handler Service::handler() {
  http::Handler made;
  made.context = this;
  made.onHead = [](void *service, http::Exchange &exchange) {
    static_cast<Service *>(service)->onHead(exchange);
  };
  made.onRequest = [](void *service, http::Exchange &exchange) {
    static_cast<Service *>(service)->onRequest(exchange);
  };
  made.onHalfClose = [](void *service, http::Exchange &exchange) {
    static_cast<Service *>(service)->onHalfClose(exchange);
  };
  made.onGone = [](void *service, http::Exchange &exchange) {
    static_cast<Service *>(service)->onGone(exchange);
  };
  made.onWake = [](void *context) {
    auto *service = static_cast<Service *>(context);
    service->box.deliver([&](const Heard &heard) { service->hear(heard); });
  };
  made.describe = [](void *, const http::Refusal &refusal,
                     base::Array<char> &body) {
    writeProblem(problem(refusal.status, nullptr, "", "%s", refusal.why), false,
                 body);
  };
  return made;
}

static bool isOllama(const http::Request &request) {
  return request.path.starts_with("/api/");
}

void Service::refuse(http::Exchange &exchange, const Problem &problem) {
  base::Array<char> body;
  writeProblem(problem, isOllama(exchange.request()), body);
  if (problem.status == 401)
    exchange.addField("WWW-Authenticate", "Bearer");
  if (problem.status == 429)
    exchange.addField("Retry-After", "1");
  exchange.respond(problem.status, "application/json", body.view());
}

//===----------------------------------------------------------------------===//
// Which route
//===----------------------------------------------------------------------===//

static bool fits(const Route &route, std::string_view path) {
  std::string_view known = route.path;
  if (!known.ends_with('*'))
    return path == known;
  known.remove_suffix(1);
  return path.size() > known.size() && path.starts_with(known);
}

/// The route of a request; else null, and `allowed` has the methods of its
/// path.
static const Route *findRoute(const http::Request &request,
                              base::Array<char> &allowed) {
  std::string_view method =
      request.method == "HEAD" ? std::string_view("GET") : request.method;
  for (const Route &route : routes()) {
    if (!fits(route, request.path))
      continue;
    if (method == route.method)
      return &route;
    allowed.append(allowed.empty() ? "" : ", ");
    allowed.append(route.method);
  }
  return nullptr;
}

void Service::answerPreflight(http::Exchange &exchange) {
  exchange.addField("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
  exchange.addField("Access-Control-Allow-Headers",
                    "Authorization, Content-Type");
  exchange.addField("Access-Control-Max-Age", "600");
  exchange.respond(204, {}, {});
}

/// All that needs no body is checked before one is read.
void Service::onHead(http::Exchange &exchange) {
  const http::Request &request = exchange.request();
  exchange.addField("X-Content-Type-Options", "nosniff");
  if (Problem found = access.checkOrigin(exchange))
    return refuse(exchange, found);
  if (request.method == "OPTIONS")
    return answerPreflight(exchange);
  base::Array<char> allowed;
  int shown = static_cast<int>(std::min<size_t>(request.path.size(), 80));
  const Route *route = findRoute(request, allowed);
  if (!route && !allowed.empty()) {
    exchange.addField("Allow", allowed.view());
    return refuse(exchange,
                  problem(405, "method_not_allowed", "", "%.*s: expected %.*s",
                          shown, request.path.data(),
                          static_cast<int>(allowed.size()), allowed.data()));
  }
  if (!route)
    return refuse(exchange, problem(404, "unknown_url", "",
                                    "%.*s: there is no such thing here", shown,
                                    request.path.data()));
  if (route->kind != Route::Public)
    if (Problem found = access.checkKey(request))
      return refuse(exchange, found);
  bool embeds = model().embeds();
  if ((route->kind == Route::Embeds && !embeds) ||
      (route->kind == Route::Writes && embeds))
    return refuse(exchange,
                  problem(400, "unsupported_model", "model",
                          embeds ? "this model makes vectors, it writes no text"
                                 : "this model writes text, it has no "
                                   "vectors"));
}

void Service::onRequest(http::Exchange &exchange) {
  base::Array<char> allowed;
  findRoute(exchange.request(), allowed)->answer(*this, exchange);
}

//===----------------------------------------------------------------------===//
// What is asked
//===----------------------------------------------------------------------===//

void Service::applyDefaults(Ask &ask) const {
  static_cast<sample::SamplerOptions &>(ask) = settings();
  ask.predict = settings().predict;
  ask.seed = settings().seed;
}

bool Service::read(http::Exchange &exchange, std::span<const FieldTable> tables,
                   Ask &ask) {
  std::string_view body = exchange.request().body;
  JsonDocument document;
  Problem found;
  if (JsonProblem wrong = document.parse(body)) {
    std::string_view before(body.data(), std::min(wrong.offset, body.size()));
    size_t line =
        static_cast<size_t>(1 + std::count(before.begin(), before.end(), '\n'));
    size_t column = before.size() - (before.rfind('\n') + 1) + 1;
    found = problem(400, "invalid_json", "",
                    "body: line %zu, byte %zu: expected %s", line, column,
                    wrong.what);
  } else {
    applyDefaults(ask);
    found = readFields(document.root(), tables, Place(), ask);
  }
  if (found)
    refuse(exchange, found);
  return !found;
}

bool Service::checkModel(http::Exchange &exchange, const Ask &ask) {
  std::string_view asked = ask.modelName.view();
  if (constexpr std::string_view tag = ":latest"; asked.ends_with(tag))
    asked.remove_suffix(tag.size());
  bool isOurs = ask.modelName.empty() || asked == model().name();
  for (std::string_view alias : settings().aliases)
    isOurs |= asked == alias || ask.modelName.view() == alias;
  if (!isOurs)
    refuse(
        exchange,
        problem(404, "model_not_found", "model",
                "model: there is no '%.*s' here, but '%.*s'; --alias gives "
                "it other names",
                static_cast<int>(std::min<size_t>(ask.modelName.size(), 60)),
                ask.modelName.data(),
                static_cast<int>(std::min<size_t>(model().name().size(), 80)),
                model().name().data()));
  return isOurs;
}

Problem Service::checkBytes(size_t bytes, const char *param) const {
  uint32_t tokens = scheduler.contextSize();
  if (bytes / tokens <= model().tokenizer.mostBytesPerToken())
    return {};
  return problem(
      400, "context_length_exceeded", param,
      "%s: has %zu bytes, more than the %u tokens of the context can "
      "hold",
      param, bytes, tokens);
}

Problem Service::checkPrompts(const Prompts &prompts,
                              const AnswerForm &form) const {
  for (size_t i = 0; i < prompts.size(); ++i) {
    size_t tokens = prompts.at(i).size();
    if (tokens == 0)
      return problem(400, "invalid_value", form.subject, "%s: has no tokens",
                     form.subject);
    if (tokens > scheduler.contextSize())
      return problem(400, "context_length_exceeded", form.subject,
                     "%s: the prompt has %zu tokens, the context holds %u",
                     form.subject, tokens, scheduler.contextSize());
  }
  return {};
}

static void describe(const Ask &ask, Job &pattern) {
  pattern.sampling = ask;
  pattern.biases.append(ask.biases);
  pattern.seed =
      ask.seed < 0 ? sample::randomSeed() : static_cast<uint64_t>(ask.seed);
  pattern.predict = std::max<int64_t>(ask.predict, -1);
  pattern.stops.append(ask.stops.view());
  pattern.wantsLogprobs = ask.wantsLogprobs;
  pattern.topLogprobs =
      static_cast<uint32_t>(std::max<int64_t>(ask.topLogprobs, 0));
}

void Service::submit(http::Exchange &exchange, const Ask &ask,
                     Prompts &&prompts, const AnswerForm &form) {
  constexpr size_t mostChoices = 2048;
  auto copies = static_cast<size_t>(ask.choices);
  if (Problem found = checkPrompts(prompts, form))
    return refuse(exchange, found);
  if (prompts.size() * copies > mostChoices)
    return refuse(exchange,
                  problem(400, "invalid_value", "n",
                          "n: expected at most %zu answers, found %zu",
                          mostChoices, prompts.size() * copies));
  base::Owned<grammar::Guide> guide;
  if (base::Failure failure = guides.make(ask.format, ask.schema.view(), guide))
    return refuse(exchange,
                  problem(400, "invalid_schema", ask.schemaPlace.path, "%s: %s",
                          ask.schemaPlace.path, failure.message));
  auto *answer = base::create<Answer>(form, exchange, model());
  answer->format = ask.format;
  answer->schema.append(ask.schema.view());
  answer->prompts = std::move(prompts);
  describe(ask, answer->pattern);
  answer->streams = ask.stream;
  answer->includeUsage = ask.includeUsage;
  answer->wantsLogprobs = ask.wantsLogprobs;
  answer->isBase64 = ask.isBase64;
  answer->created = time(nullptr);
  answer->since = exec::monotonicSeconds();
  answer->samePrompt = copies;
  answer->name.append(ask.modelName.empty() ? model().name()
                                            : ask.modelName.view());
  snprintf(answer->id, sizeof(answer->id), "%016llx%08llx",
           static_cast<unsigned long long>(sample::randomSeed()),
           static_cast<unsigned long long>(exchange.number() & 0xffffffff));
  for (size_t i = 0; i < answer->prompts.size() * copies; ++i)
    answer->addChoice();
  bool isFed = feed(*answer);
  if (answer->begun == 0) {
    base::destroy(answer);
    return refuse(
        exchange,
        server->isDraining()
            ? problem(503, "shutting_down", "", "the server is about to end")
            : problem(429, "queue_full", "", "too many requests wait already"));
  }
  if (!isFed)
    hungry.push(answer);
  exchange.data = answer;
  if (!answer->streams)
    return;
  exchange.addField("Cache-Control", "no-cache");
  exchange.begin(200, form.streamType);
  text.clear();
  for (const Choice *choice : answer->choices)
    form.open(*answer, *choice, text);
  exchange.write(text.view());
}

void Service::converse(http::Exchange &exchange, const Ask &ask,
                       const AnswerForm &form) {
  size_t bytes = 0;
  ask.conversation.forEach(
      [&](TritcChatRole, std::string_view said) { bytes += said.size(); });
  if (Problem found = checkBytes(bytes, form.subject))
    return refuse(exchange, found);
  Prompts prompts;
  base::Array<int32_t> ids;
  ask.conversation.render(ids);
  prompts.add(ids);
  submit(exchange, ask, std::move(prompts), form);
}

/// Submits jobs of one that has many: no more at a time than can run, so that
/// others find room in the queue. \returns whether all are submitted
bool Service::feed(Answer &answer) {
  auto most = static_cast<size_t>(settings().slots);
  while (answer.begun < answer.choices.size() &&
         answer.begun - answer.ended < most) {
    Job next = answer.nextJob();
    guides.make(answer.format, answer.schema.view(), next.guide); // as before
    uint64_t job = scheduler.submit(std::move(next), box.listener());
    if (!job)
      break;
    Choice *choice = answer.choices[answer.begun++];
    choice->job = job;
    running.push({job, &answer, choice});
  }
  return answer.begun == answer.choices.size();
}

void Service::feedAll() {
  size_t left = 0;
  for (Answer *answer : hungry)
    if (!feed(*answer))
      hungry[left++] = answer;
  hungry.resize(left);
}

//===----------------------------------------------------------------------===//
// What the scheduler says
//===----------------------------------------------------------------------===//

Service::Running *Service::find(uint64_t job) {
  auto *found = std::lower_bound(
      running.begin(), running.end(), job,
      [](const Running &one, uint64_t other) { return one.job < other; });
  return found != running.end() && found->job == job ? found : nullptr;
}

void Service::forget(uint64_t job) {
  Running *found = find(job);
  if (!found)
    return;
  size_t behind = static_cast<size_t>(running.end() - (found + 1));
  memmove(static_cast<void *>(found), static_cast<const void *>(found + 1),
          behind * sizeof(Running));
  running.pop();
}

void Service::cancelAll(Answer &answer) {
  for (Choice *choice : answer.choices)
    if (choice->job && !choice->isOver) {
      forget(choice->job);
      scheduler.cancel(choice->job);
    }
}

void Service::discard(Answer &answer) {
  answer.exchange.data = nullptr;
  size_t left = 0;
  for (Answer *other : hungry)
    if (other != &answer)
      hungry[left++] = other;
  hungry.resize(left);
  base::destroy(&answer);
}

void Service::hear(const Heard &heard) {
  // Of a job that was cancelled there is more to hear, and nobody to tell.
  if (Running *found = find(heard.job)) {
    Answer &answer = *found->answer;
    Choice &choice = *found->choice;
    switch (heard.kind) {
    case Heard::Token:
      return hearToken(answer, choice, heard.token);
    case Heard::Vector:
      choice.vector.append(heard.vector);
      return;
    case Heard::End:
      forget(heard.job);
      hearEnd(answer, choice, heard.summary);
      break;
    }
  }
  if (heard.kind == Heard::End)
    feedAll();
}

void Service::hearToken(Answer &answer, Choice &choice, const Told &told) {
  logprobs.clear();
  bool hasLogprobs = answer.wantsLogprobs && answer.form.logprob;
  if (hasLogprobs)
    answer.form.logprob(answer, choice, told,
                        answer.streams ? logprobs : choice.logprobs);
  if (answer.streams && (!told.text.empty() || hasLogprobs)) {
    text.clear();
    answer.form.piece(answer, choice, told.text, logprobs, text);
    answer.exchange.write(text.view());
  } else if (!answer.streams) {
    choice.text.append(told.text);
  }
  choice.textOffset += told.text.size();
}

void Service::hearEnd(Answer &answer, Choice &choice, const Summary &summary) {
  choice.isOver = true;
  ++answer.ended;
  choice.summary = summary;
  choice.summary.lastText = {};
  bool isWhole = summary.ending != Ending::Cancelled;
  if (isWhole && answer.streams) {
    text.clear();
    logprobs.clear();
    if (!summary.lastText.empty())
      answer.form.piece(answer, choice, summary.lastText, logprobs, text);
    answer.form.close(answer, choice, text);
    answer.exchange.write(text.view());
  } else if (isWhole) {
    choice.text.append(summary.lastText);
  }
  if (answer.isOver())
    finish(answer);
}

/// All choices have ended; the answer is no more then.
void Service::finish(Answer &answer) {
  http::Exchange &exchange = answer.exchange;
  bool hasFailed = false;
  for (const Choice *choice : answer.choices)
    hasFailed |= choice->summary.ending == Ending::Cancelled;
  const char *why = "the answer was broken off";
  text.clear();
  if (hasFailed && !exchange.hasBegun()) {
    refuse(exchange, problem(server->isDraining() ? 503 : 500, "broken_off", "",
                             "%s", why));
  } else if (hasFailed) {
    if (answer.streams) {
      answer.form.fail(answer, why, text);
      exchange.write(text.view());
    }
    exchange.abort();
  } else if (answer.streams) {
    answer.form.finish(answer, text);
    exchange.write(text.view());
    exchange.end();
  } else {
    answer.form.whole(answer, text);
    if (exchange.hasBegun()) {
      exchange.write(text.view());
      exchange.end();
    } else {
      exchange.respond(200, "application/json", text.view());
    }
  }
  discard(answer);
}

//===----------------------------------------------------------------------===//
// Who leaves
//===----------------------------------------------------------------------===//

/// Writes something, and the system tells whether anybody reads it: one that
/// only shut its own side gets its answer.
void Service::onHalfClose(http::Exchange &exchange) {
  auto *answer = static_cast<Answer *>(exchange.data);
  if (!answer)
    return;
  if (!exchange.hasBegun())
    exchange.begin(200, "application/json");
  else if (answer->streams)
    exchange.write(answer->form.probe);
}

void Service::onGone(http::Exchange &exchange) {
  auto *answer = static_cast<Answer *>(exchange.data);
  if (!answer)
    return;
  cancelAll(*answer);
  discard(*answer);
}
