//===- Interrupt.cpp - Ctrl-C as a flag -----------------------------------===//

#include "runtime/chat/Interrupt.h"

#include <cerrno>
#include <poll.h>
#include <signal.h>

using namespace tritc::chat;

static std::atomic<bool> interrupted;
static struct sigaction oldInterrupt, oldPipe;

Interrupt::Interrupt() {
  interrupted.store(false);
  struct sigaction action = {};
  action.sa_handler = [](int) { interrupted.store(true); };
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &oldInterrupt); // no SA_RESTART: read() returns
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, &oldPipe);
}

Interrupt::~Interrupt() {
  sigaction(SIGINT, &oldInterrupt, nullptr);
  sigaction(SIGPIPE, &oldPipe, nullptr);
}

std::atomic<bool> &Interrupt::flag() { return interrupted; }

bool Interrupt::waitForInput(int descriptor) {
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGINT);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  bool isReadable = false;
  while (!isReadable && !interrupted.load()) {
    pollfd input = {descriptor, POLLIN, 0};
    isReadable = ppoll(&input, 1, nullptr, &before) > 0 || errno != EINTR;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  // A signal that came with the input counts as well.
  return !interrupted.exchange(false);
}
