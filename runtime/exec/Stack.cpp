//===- Stack.cpp - Stack enough for compiled code -------------------------===//

#include "runtime/exec/Stack.h"

#include <algorithm>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>

using namespace tritc;
using namespace tritc::exec;

static constexpr size_t leastStackBytes = size_t{512} << 10;
/// Below the stack; a multiple of every system's page.
static constexpr size_t guardBytes = size_t{64} << 10;

/// The main thread's stack grows up to a limit, which a shell may have set low:
/// raises it as far as that is allowed. \returns whether it is known to be
/// enough.
static bool raiseStackLimit() {
  rlimit limit;
  if (getrlimit(RLIMIT_STACK, &limit))
    return false;
  if (limit.rlim_cur >= stackBytes)
    return true;
  rlim_t before = limit.rlim_cur;
  limit.rlim_cur = std::min<rlim_t>(stackBytes, limit.rlim_max);
  if (setrlimit(RLIMIT_STACK, &limit))
    limit.rlim_cur = before;
  return limit.rlim_cur >= leastStackBytes;
}

// A handler is handed no pointer of ours.
static void (*bodyToCall)(void *);
static void *contextOfBody;
static struct sigaction formerAction;

static void callBody(int) {
  sigaction(SIGUSR1, &formerAction, nullptr);
  bodyToCall(contextOfBody);
}

/// The kernel calls handlers of signals on the stack that they ask for, on
/// every processor alike; one that the program raises interrupts nothing.
static bool callOn(void *stack) {
  stack_t ours = {.ss_sp = stack, .ss_flags = 0, .ss_size = stackBytes}, former;
  struct sigaction action = {};
  action.sa_handler = callBody;
  action.sa_flags = SA_ONSTACK | SA_NODEFER;
  sigset_t raised, before;
  sigemptyset(&raised);
  sigaddset(&raised, SIGUSR1);
  if (sigaltstack(&ours, &former))
    return false;
  sigaction(SIGUSR1, &action, &formerAction);
  pthread_sigmask(SIG_UNBLOCK, &raised, &before);
  raise(SIGUSR1);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  sigaltstack(&former, nullptr);
  return true;
}

base::Failure tritc::exec::callOnLargeStack(void (*body)(void *),
                                            void *context) {
  if (raiseStackLimit()) {
    body(context);
    return {};
  }
  constexpr size_t bytes = guardBytes + stackBytes;
  void *memory =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
           MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
  if (memory != MAP_FAILED) {
    mprotect(memory, guardBytes, PROT_NONE); // refused: as safe as without
    bodyToCall = body;
    contextOfBody = context;
    bool called = callOn(static_cast<char *>(memory) + guardBytes);
    munmap(memory, bytes);
    if (called)
      return {};
  }
  return base::fail(base::Internal,
                    "no memory for a stack: ulimit -s allows too little");
}
