//===- Serve.cpp - The command that serves --------------------------------===//

#include "runtime/chat/Session.h"
#include "runtime/http/Listen.h"
#include "runtime/serve/Bench.h"
#include "runtime/serve/Sandbox.h"
#include "runtime/serve/Service.h"

#include <cerrno>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace tritc;
using namespace tritc::serve;
using base::Failure;

static http::Limits limitsOf(const chat::Settings &settings) {
  http::Limits limits;
  limits.headBytes = static_cast<size_t>(settings.maxHead) << 10;
  limits.bodyBytes = static_cast<size_t>(settings.maxBody) << 20;
  limits.connections = static_cast<uint32_t>(settings.maxConnections);
  limits.headSeconds = settings.headTimeout;
  limits.bodySeconds = settings.bodyTimeout;
  limits.idleSeconds = settings.idleTimeout;
  limits.writeSeconds = settings.writeTimeout;
  return limits;
}

/// A socket for each connection, as far as the system lets a process have them.
static void raiseDescriptorLimit(http::Limits &limits) {
  constexpr rlim_t others = 32;
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit))
    return;
  rlim_t wanted = limits.connections + others;
  if (limit.rlim_cur < wanted) {
    limit.rlim_cur = std::min(wanted, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  if (limit.rlim_cur < wanted && limit.rlim_cur > others)
    limits.connections = static_cast<uint32_t>(limit.rlim_cur - others);
}

static SchedulerOptions schedulerOptionsOf(const chat::Settings &settings) {
  return {.slots = static_cast<uint32_t>(settings.slots),
          .queue = static_cast<uint32_t>(settings.queue),
          .kvMemory = static_cast<uint64_t>(settings.kvMemory) << 20,
          .threads = static_cast<uint32_t>(settings.threads),
          .contextSize = static_cast<uint32_t>(settings.contextSize),
          .chunk = static_cast<uint32_t>(settings.chunk),
          .weights = static_cast<exec::Weights>(settings.weights)};
}

/// Where the options, or systemd, say.
static Failure listen(const chat::Settings &settings,
                      http::Listening &listening) {
  if (Failure failure = http::takeActivated(listening))
    return failure;
  if (settings.unixSocket.data())
    if (Failure failure = http::listenOnPath(settings.unixSocket, listening))
      return failure;
  // A host that is named is wanted beside other sockets.
  if (!settings.host.data() && !listening.sockets.empty())
    return {};
  return http::listenOn(settings.host.data() ? settings.host : "localhost",
                        static_cast<uint16_t>(settings.port), listening);
}

//===----------------------------------------------------------------------===//
// Until somebody ends it
//===----------------------------------------------------------------------===//

static http::Server *serverToEnd;

static void onSignal(int) { serverToEnd->end(); }

namespace {
/// SIGTERM and Ctrl-C end in order; a second one ends at once.
class EndSignals {
public:
  explicit EndSignals(http::Server &server) {
    serverToEnd = &server;
    struct sigaction action = {};
    action.sa_handler = onSignal;
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, &formerTerminate);
    sigaction(SIGINT, &action, &formerInterrupt);
  }
  ~EndSignals() {
    sigaction(SIGTERM, &formerTerminate, nullptr);
    sigaction(SIGINT, &formerInterrupt, nullptr);
  }
  EndSignals(const EndSignals &) = delete;
  EndSignals &operator=(const EndSignals &) = delete;

private:
  struct sigaction formerTerminate, formerInterrupt;
};
} // namespace

static void removeSocket(std::string_view path) {
  base::Array<char> name;
  name.append(path);
  name.push(0);
  unlink(name.data());
}

static Failure serveUntilEnd(chat::Context context) {
  const chat::Settings &settings = context.settings;
  http::Limits limits = limitsOf(settings);
  raiseDescriptorLimit(limits);
  http::Listening listening;
  if (Failure failure = listen(settings, listening))
    return failure;
  Access access;
  if (Failure failure = access.start(settings, listening.isLocal))
    return failure;
  Scheduler scheduler(context.model, schedulerOptionsOf(settings));
  http::Server *running = nullptr;
  Service service(context, access, scheduler, running);
  http::Server server(limits, service.handler());
  running = &server;
  if (Failure failure = server.start())
    return failure;
  for (int socket : listening.sockets)
    if (Failure failure = server.listen(socket))
      return failure;
  // Threads that are started from here on inherit what Landlock forbids.
  int landlock = settings.noSandbox ? 0 : forbidFiles(settings.unixSocket);
  if (Failure failure = scheduler.start())
    return failure;
  EndSignals signals(server);
  http::notifyReady();
  bool seccomp = !settings.noSandbox && forbidCalls();
  if (settings.verbose)
    fprintf(stderr, "sandbox: Landlock %s (version %d), seccomp %s\n",
            landlock ? "on" : "off", landlock, seccomp ? "on" : "off");
  context.out.write("serving ");
  chat::writeEscaped(context.out, context.model.name());
  context.out.write(" at ");
  context.out.write(listening.addresses.view());
  context.out.write("\n");
  context.out.flush();
  server.run();
  scheduler.stop();
  if (settings.unixSocket.data())
    removeSocket(settings.unixSocket);
  return {};
}

extern "C" void tritc_run_serve(const chat::Context &context,
                                Failure &failure) {
  failure = chat::checkContextSize(context.model, context.settings);
  if (failure)
    return;
  const chat::Settings &settings = context.settings;
  if (settings.serveBench)
    failure = bench(context, schedulerOptionsOf(settings));
  else if (settings.benchPrompt >= 0)
    failure = base::fail(base::Usage, "serve: -p goes with --bench");
  else
    failure = serveUntilEnd(context);
}
