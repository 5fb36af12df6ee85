//===- Metrics.cpp - What happened so far, for Prometheus -----------------===//

#include "runtime/serve/Routes.h"

using namespace tritc;
using namespace tritc::serve;

static constexpr struct {
  const char *name, *type, *help;
  uint64_t Counters::*member;
} jobRows[] = {
    {"queued", "gauge", "Answers that wait.", &Counters::queued},
    {"running", "gauge", "Answers that are computed.", &Counters::running},
    {"pages_used", "gauge", "Pages of the KV cache that are in use.",
     &Counters::pagesUsed},
    {"pages", "gauge", "Pages of the KV cache.", &Counters::pages},
    {"jobs_total", "counter", "Answers that were asked for.", &Counters::jobs},
    {"jobs_refused_total", "counter", "Answers for which the queue was full.",
     &Counters::refused},
    {"jobs_cancelled_total", "counter", "Answers whose client has gone.",
     &Counters::cancelled},
    {"jobs_set_back_total", "counter",
     "Times that an answer lost its pages to an older one.",
     &Counters::setBack},
    {"prompt_tokens_total", "counter", "Tokens of prompts.",
     &Counters::promptTokens},
    {"reused_tokens_total", "counter",
     "Tokens of prompts that were found in the KV cache.",
     &Counters::reusedTokens},
    {"answer_tokens_total", "counter", "Tokens of answers.",
     &Counters::answerTokens},
    {"passes_total", "counter", "Passes through the model.", &Counters::passes},
};

static constexpr struct {
  const char *name, *type, *help;
  uint64_t http::ServerCounters::*member;
} connectionRows[] = {
    {"connections", "gauge", "Connections that are open.",
     &http::ServerCounters::connections},
    {"connections_total", "counter", "Connections that were accepted.",
     &http::ServerCounters::accepted},
    {"requests_total", "counter", "Requests whose head was read.",
     &http::ServerCounters::requests},
    {"requests_refused_total", "counter",
     "Requests that were malformed, too large or too slow.",
     &http::ServerCounters::refused},
    {"clients_gone_total", "counter",
     "Clients that left before their answer was whole.",
     &http::ServerCounters::gone},
};

namespace {
class Page {
public:
  explicit Page(base::Array<char> &out) : out(out) {}

  __attribute__((format(printf, 2, 3))) void print(const char *format, ...) {
    char line[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    out.append(line);
  }
  void head(const char *name, const char *type, const char *help) {
    print("# HELP tritc_%s %s\n# TYPE tritc_%s %s\n", name, help, name, type);
  }
  void histogram(const char *name, const char *help,
                 const Histogram &histogram) {
    head(name, "histogram", help);
    unsigned long long sum = 0;
    for (size_t i = 0; i < Histogram::size; ++i) {
      sum += histogram.counts[i];
      print("tritc_%s_bucket{le=\"%g\"} %llu\n", name, Histogram::bounds[i],
            sum);
    }
    sum += histogram.counts[Histogram::size];
    print("tritc_%s_bucket{le=\"+Inf\"} %llu\n", name, sum);
    print("tritc_%s_sum %.9g\ntritc_%s_count %llu\n", name, histogram.sum, name,
          sum);
  }
  template <typename Rows, typename Counts>
  void rows(const Rows &rows, const Counts &counts) {
    for (const auto &[name, type, help, member] : rows) {
      head(name, type, help);
      print("tritc_%s %llu\n", name,
            static_cast<unsigned long long>(counts.*member));
    }
  }

private:
  base::Array<char> &out;
};
} // namespace

void serve::answerMetrics(Service &service, http::Exchange &exchange) {
  base::Array<char> body;
  Page page(body);
  Counters counts = service.jobs().counters();
  page.rows(jobRows, counts);
  page.rows(connectionRows, service.connections());
  page.histogram("first_token_seconds",
                 "Time from a request to its first token.", counts.firstToken);
  page.histogram("next_token_seconds", "Time from one token to the next.",
                 counts.nextToken);
  exchange.respond(200, "text/plain; version=0.0.4; charset=utf-8",
                   body.view());
}
