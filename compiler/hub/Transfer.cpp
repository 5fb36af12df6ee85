//===- Transfer.cpp - One HTTP request ------------------------------------===//
//
// libcurl is loaded here and not before, so that compiling a local path does
// not wait for it and for the libraries behind it.
//
//===----------------------------------------------------------------------===//

#include "compiler/hub/Transfer.h"

#include "compiler/support/Error.h"

#define CURL_DISABLE_TYPECHECK
#include <chrono>
#include <curl/curl.h>
#include <dlfcn.h>
#include <thread>

// Macros that check arguments; ours go through pointers.
#undef curl_easy_setopt
#undef curl_easy_getinfo

namespace tritc::hub {

namespace {
struct Curl {
  decltype(&curl_global_init) globalInit = nullptr;
  decltype(&curl_easy_init) init = nullptr;
  decltype(&curl_easy_setopt) set = nullptr;
  decltype(&curl_easy_getinfo) info = nullptr;
  decltype(&curl_easy_perform) perform = nullptr;
  decltype(&curl_easy_cleanup) cleanup = nullptr;
  decltype(&curl_easy_strerror) describe = nullptr;
  bool isUsable = false;
};
} // namespace

static Curl loadCurl() {
  Curl curl;
  void *library = ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return curl;
  bool found = true;
  auto bind = [&](auto &function, const char *name) {
    void *address = ::dlsym(library, name);
    found &= address != nullptr;
    function = reinterpret_cast<std::decay_t<decltype(function)>>(address);
  };
  bind(curl.globalInit, "curl_global_init");
  bind(curl.init, "curl_easy_init");
  bind(curl.set, "curl_easy_setopt");
  bind(curl.info, "curl_easy_getinfo");
  bind(curl.perform, "curl_easy_perform");
  bind(curl.cleanup, "curl_easy_cleanup");
  bind(curl.describe, "curl_easy_strerror");
  curl.isUsable = found && curl.globalInit(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return curl;
}

static const Curl &loadedCurl() {
  static const Curl curl = loadCurl();
  return curl;
}

namespace {
struct State {
  const Curl &curl;
  CURL *handle;
  Answer answer;
  TakeBody take;
};
} // namespace

/// `<URL>; rel="next"`, among others perhaps.
static std::string nextOf(llvm::StringRef link) {
  while (!link.empty()) {
    auto [before, rest] = link.split('<');
    auto [url, behind] = rest.split('>');
    if (behind.take_until([](char c) { return c == '<'; })
            .contains("rel=\"next\""))
      return url.str();
    link = behind;
  }
  return "";
}

static size_t onHeader(char *data, size_t, size_t count, void *user) {
  Answer &answer = static_cast<State *>(user)->answer;
  llvm::StringRef line(data, count);
  if (line.starts_with("HTTP/")) // the next of several answers
    answer = Answer();
  auto [name, value] = line.split(':');
  if (name.equals_insensitive("content-range"))
    answer.range = value.trim().str();
  if (name.equals_insensitive("link"))
    answer.next = nextOf(value);
  return count;
}

static size_t onBody(char *data, size_t, size_t count, void *user) {
  State &state = *static_cast<State *>(user);
  state.curl.info(state.handle, CURLINFO_RESPONSE_CODE, &state.answer.status);
  if (state.answer.status / 100 != 2)
    return count; // a page for people
  return state.take(state.answer, {data, count}) ? count : 0;
}

llvm::Expected<Answer> transfer(const Request &request, TakeBody take) {
  const Curl &curl = loadedCurl();
  CURL *handle = curl.isUsable ? curl.init() : nullptr;
  if (!handle)
    return makeError(ExitCode::Unreadable,
                     request.url + ": cannot download: libcurl.so.4 is not "
                                   "usable here; on Debian, install libcurl4");
  State state{curl, handle, {}, take};
  auto set = [&](CURLoption option, auto value) {
    return curl.set(handle, option, value) == CURLE_OK;
  };
  // What keeps a server within bounds must be known to this libcurl.
  bool isBounded = set(CURLOPT_PROTOCOLS_STR, "http,https") &&
                   set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https") &&
                   set(CURLOPT_MAXREDIRS, 10L) &&
                   set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT, 30L);
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, 60L);
  set(CURLOPT_USERAGENT, "tritc/" TRITC_VERSION);
  set(CURLOPT_HEADERFUNCTION, onHeader);
  set(CURLOPT_HEADERDATA, static_cast<void *>(&state));
  set(CURLOPT_WRITEFUNCTION, onBody);
  set(CURLOPT_WRITEDATA, static_cast<void *>(&state));
  if (!request.token.empty()) {
    // libcurl keeps it from other hosts, ports and protocols.
    set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
    set(CURLOPT_XOAUTH2_BEARER, request.token.c_str());
  }
  std::string range = std::to_string(request.from) + "-";
  if (request.from > 0)
    set(CURLOPT_RANGE, range.c_str());
  CURLcode code = isBounded ? curl.perform(handle) : CURLE_UNKNOWN_OPTION;
  curl.info(handle, CURLINFO_RESPONSE_CODE, &state.answer.status);
  if (code != CURLE_OK)
    state.answer.problem = curl.describe(code);
  // Not to be mended by another try.
  if (code == CURLE_TOO_MANY_REDIRECTS || code == CURLE_UNSUPPORTED_PROTOCOL)
    state.answer.status = -1;
  curl.cleanup(handle);
  return std::move(state.answer);
}

bool mayGoBetter(const Answer &answer) {
  return answer.status == 429 || answer.status / 100 == 5 ||
         (answer.status >= 0 && answer.status < 400 && !answer.problem.empty());
}

void pauseAfter(unsigned fruitless) {
  std::this_thread::sleep_for(std::chrono::milliseconds(100) *
                              (1u << fruitless));
}

llvm::Expected<Answer> fetchText(const Request &request, size_t most,
                                 std::string &text) {
  // A path with a mistake in it is asked for, too: not for long.
  constexpr unsigned tries = 4;
  for (unsigned fruitless = 1;; ++fruitless) {
    text.clear();
    bool isTooLong = false;
    llvm::Expected<Answer> answer =
        transfer(request, [&](const Answer &, llvm::StringRef data) {
          isTooLong = data.size() > most - text.size();
          if (!isTooLong)
            text += data;
          return !isTooLong;
        });
    if (answer && isTooLong)
      return makeError(ExitCode::Malformed,
                       request.url + ": expected at most " + llvm::Twine(most) +
                           " bytes, found more");
    if (!answer || fruitless >= tries || !mayGoBetter(*answer))
      return answer;
    pauseAfter(fruitless);
  }
}

} // namespace tritc::hub
