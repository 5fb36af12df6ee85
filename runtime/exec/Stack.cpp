//===- Stack.cpp - Stack enough for compiled code -------------------------===//

#include "runtime/exec/Stack.h"

#include <algorithm>
#include <sys/mman.h>
#include <sys/resource.h>
#include <ucontext.h>

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

// makecontext hands over nothing but integers.
static void (*bodyToCall)(void *);
static void *contextOfBody;

static void callBody() { bodyToCall(contextOfBody); }

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
  ucontext_t here, there;
  if (memory == MAP_FAILED || getcontext(&there))
    return base::fail(base::Internal,
                      "no memory for a stack: ulimit -s allows too little");
  mprotect(memory, guardBytes, PROT_NONE); // refused: as safe as without
  there.uc_stack = {.ss_sp = static_cast<char *>(memory) + guardBytes,
                    .ss_flags = 0,
                    .ss_size = stackBytes};
  there.uc_link = &here;
  bodyToCall = body;
  contextOfBody = context;
  makecontext(&there, callBody, 0);
  swapcontext(&here, &there);
  munmap(memory, bytes);
  return {};
}
