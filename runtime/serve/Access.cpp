//===- Access.cpp - Who may ask -------------------------------------------===//

#include "runtime/serve/Access.h"

#include "runtime/chat/TextFile.h"
#include "runtime/http/Listen.h"
#include "runtime/text/Slice.h"

#include <cstdlib>

using namespace tritc;
using namespace tritc::serve;

/// What separates two keys.
static constexpr std::string_view blanks = " \t\r\n";

void Access::addKeys(std::string_view lines) {
  while (!lines.empty()) {
    size_t length = std::min(lines.find_first_of(blanks), lines.size());
    if (length) {
      keys.append(lines.data(), length);
      keys.push('\n');
    }
    lines.remove_prefix(std::min(length + 1, lines.size()));
  }
}

base::Failure Access::start(const chat::Settings &settings, bool isLocalOnly) {
  hosts = settings.allowedHosts;
  origins = settings.corsOrigins;
  ownHost = http::hostOf(settings.host);
  if (settings.host.find("::") != settings.host.npos &&
      !settings.host.starts_with('['))
    ownHost = settings.host;
  isLocal = isLocalOnly;
  for (std::string_view key : settings.apiKeys)
    addKeys(key);
  if (const char *key = getenv("TRITC_API_KEY"))
    addKeys(key);
  if (settings.apiKeyFile.data()) {
    base::Array<char> text;
    constexpr chat::TextLimit limit = chat::largestText;
    if (base::Failure failure =
            chat::readTextFile(settings.apiKeyFile, limit, text))
      return failure;
    size_t before = keys.size();
    addKeys(text.view());
    if (keys.size() == before)
      return base::fail(base::Usage, "--api-key-file: the file has no key");
  }
  if (settings.noAuth && !keys.empty())
    return base::fail(base::Usage,
                      "--no-auth: there are keys; leave out one of them");
  if (!isLocal && keys.empty() && !settings.noAuth)
    return base::fail(base::Usage,
                      "--host: others reach that address: give --api-key=KEY, "
                      "or --no-auth if everybody may ask");
  return {};
}

/// Names of this machine, and those that were given. An address cannot be
/// pointed elsewhere, so beyond this machine all of them will do.
bool Access::isOurs(std::string_view authority) const {
  std::string_view host = http::hostOf(authority);
  if (http::isLoopback(host) || (!isLocal && http::isAddress(host)) ||
      (!ownHost.empty() && http::equalsIgnoringCase(host, ownHost)))
    return true;
  for (std::string_view other : hosts)
    if (http::equalsIgnoringCase(host, other))
      return true;
  return false;
}

Problem Access::checkOrigin(http::Exchange &exchange) const {
  const http::Request &request = exchange.request();
  // HTTP/1.0 knows no Host; no browser speaks it.
  if (request.host.data() && !isOurs(request.host))
    return problem(403, "host_not_allowed", "Host",
                   "Host: '%.*s' is no name of this server; --allow-host=NAME "
                   "makes it one",
                   static_cast<int>(std::min<size_t>(request.host.size(), 60)),
                   request.host.data());
  std::string_view origin = request.field("Origin");
  if (!origin.data())
    return {};
  std::string_view own = origin;
  for (std::string_view scheme : {"http://", "https://"})
    if (own.starts_with(scheme)) {
      own.remove_prefix(scheme.size());
      break;
    }
  if (own.size() < origin.size() && http::equalsIgnoringCase(own, request.host))
    return {};
  for (std::string_view other : origins)
    if (other == "*" || http::equalsIgnoringCase(other, origin)) {
      exchange.addField("Access-Control-Allow-Origin",
                        other == "*" ? other : origin);
      exchange.addField("Vary", "Origin");
      return {};
    }
  return problem(403, "origin_not_allowed", "Origin",
                 "Origin: '%.*s' may not ask; --cors-origin=ORIGIN lets it",
                 static_cast<int>(std::min<size_t>(origin.size(), 60)),
                 origin.data());
}

/// Takes the same time for every wrong key of a length.
bool Access::isKey(std::string_view given) const {
  bool isFound = false;
  std::string_view rest = keys.view();
  while (!rest.empty()) {
    size_t length = rest.find('\n');
    size_t different = length ^ given.size();
    for (size_t i = 0; i < given.size(); ++i)
      different |= static_cast<unsigned char>(given[i]) ^
                   static_cast<unsigned char>(rest[i % length]);
    isFound |= different == 0;
    rest.remove_prefix(length + 1);
  }
  return isFound;
}

Problem Access::checkKey(const http::Request &request) const {
  if (keys.empty())
    return {};
  constexpr std::string_view scheme = "bearer ";
  std::string_view given = request.field("Authorization");
  bool isBearer =
      given.size() > scheme.size() &&
      http::equalsIgnoringCase(text::slice(given, 0, scheme.size()), scheme);
  if (isBearer && isKey(text::slice(given, scheme.size(), given.size())))
    return {};
  return problem(401, "invalid_api_key", "Authorization",
                 given.data() ? "Authorization: the key is wrong"
                              : "Authorization: expected 'Bearer KEY'");
}
