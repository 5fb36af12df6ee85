//===- Page.cpp - The page that a browser shows ---------------------------===//

#include "runtime/serve/Routes.h"

using namespace tritc;
using namespace tritc::serve;

static constexpr std::string_view page =
#include "runtime/serve/Page.inc"
    ;

/// FNV-1a: the same page has the same tag in every program.
static constexpr uint64_t tag = [] {
  uint64_t hash = 0xcbf29ce484222325;
  for (char byte : page)
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return hash;
}();

void serve::answerPage(Service &, http::Exchange &exchange) {
  char quoted[24];
  snprintf(quoted, sizeof(quoted), "\"%016llx\"",
           static_cast<unsigned long long>(tag));
  exchange.addField("ETag", quoted);
  exchange.addField("Cache-Control", "no-cache");
  if (exchange.request().field("If-None-Match") == quoted)
    return exchange.respond(304, {}, {});
  // What stands in the page may run, and speak with this server; nothing else.
  exchange.addField("Content-Security-Policy",
                    "default-src 'none'; "
#include "runtime/serve/PageSums.inc"
                    "img-src data:; connect-src 'self'; base-uri 'none'; "
                    "form-action 'none'; frame-ancestors 'none'; "
                    "require-trusted-types-for 'script'");
  exchange.addField("Referrer-Policy", "no-referrer");
  exchange.respond(200, "text/html; charset=utf-8", page);
}
