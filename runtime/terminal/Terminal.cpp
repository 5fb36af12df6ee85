//===- Terminal.cpp - A terminal's modes, and giving it back --------------===//
//
// What signal handlers touch is in `now`: set before the handlers are there,
// and only by the thread that they interrupt.
//
//===----------------------------------------------------------------------===//

#include "runtime/terminal/Terminal.h"

#include <cerrno>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

using namespace tritc::terminal;

/// Signals that end the process, by somebody's wish or by a mistake of ours.
static constexpr int endings[] = {SIGTERM, SIGHUP, SIGQUIT, SIGSEGV,
                                  SIGBUS,  SIGFPE, SIGILL,  SIGABRT};
static constexpr int others[] = {SIGTSTP, SIGCONT, SIGWINCH};

// Bracketed paste; and for the way back: no colours, lines that wrap.
static constexpr std::string_view beginSequence = "\x1b[?2004h";
static constexpr std::string_view endSequence = "\x1b[0m\x1b[?7h\x1b[?2004l";

static struct {
  bool isOpen = false;
  int input = -1, output = -1;
  bool isPlain = false;
  Mode mode = Mode::Given;
  bool isGivenBack = false; ///< while stopped
  termios given = {};
  struct sigaction beforeEndings[sizeof(endings) / sizeof(int)] = {};
  struct sigaction beforeOthers[sizeof(others) / sizeof(int)] = {};
  std::atomic<bool> needsRedraw{false};
} now;

static void writeAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t wrote = write(descriptor, bytes.data(), bytes.size());
    if (wrote >= 0)
      bytes.remove_prefix(static_cast<size_t>(wrote));
    else if (errno != EINTR)
      return;
  }
}

static termios attributesOf(Mode mode) {
  termios attributes = now.given;
  if (mode == Mode::Given)
    return attributes;
  attributes.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ECHONL | IEXTEN);
  attributes.c_iflag &= ~static_cast<tcflag_t>(ICRNL | INLCR | IGNCR | ISTRIP);
  attributes.c_cc[VMIN] = 1;
  attributes.c_cc[VTIME] = 0;
  if (mode == Mode::Editing) {
    attributes.c_lflag &= ~static_cast<tcflag_t>(ISIG);
    attributes.c_iflag &= ~static_cast<tcflag_t>(IXON);
  } else {
    // What was typed ahead outlives Ctrl-C.
    attributes.c_lflag |= ISIG | NOFLSH;
  }
  if (!now.isPlain)
    attributes.c_oflag |= OPOST | ONLCR;
  return attributes;
}

/// Async-signal-safe. What is typed ahead stays.
static void apply(Mode mode) {
  termios attributes = attributesOf(mode);
  while (tcsetattr(now.input, TCSADRAIN, &attributes) && errno == EINTR) {
  }
}

/// Async-signal-safe, and harmless when done twice.
static void giveBack() {
  if (now.mode == Mode::Given || now.isGivenBack)
    return;
  if (!now.isPlain)
    writeAll(now.output, endSequence);
  apply(Mode::Given);
  now.isGivenBack = true;
}

static void takeAgain() {
  if (now.mode == Mode::Given || !now.isGivenBack)
    return;
  now.isGivenBack = false;
  tcgetattr(now.input, &now.given); // somebody's stty while we were stopped
  apply(now.mode);
  if (!now.isPlain)
    writeAll(now.output, beginSequence);
}

/// Leaves the signal to whoever had it before: it comes again at once.
static void onEnding(int signal) {
  int error = errno;
  giveBack();
  for (size_t i = 0; i < std::size(endings); ++i)
    if (endings[i] == signal)
      sigaction(signal, &now.beforeEndings[i], nullptr);
  raise(signal);
  errno = error;
}

static void setStop(void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  sigaction(SIGTSTP, &action, nullptr);
}

static void onStop(int) {
  int error = errno;
  giveBack();
  setStop(SIG_DFL);
  sigset_t stop, before;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  raise(SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &stop, &before); // stops here
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  setStop(onStop);
  takeAgain();
  now.needsRedraw.store(true);
  errno = error;
}

static void onChange(int signal) {
  int error = errno;
  if (signal == SIGCONT && now.mode != Mode::Given && !now.isGivenBack)
    apply(now.mode); // a shell has changed it after SIGSTOP
  now.needsRedraw.store(true);
  errno = error;
}

/// exit() from anywhere, as when memory runs out.
struct AtExit {
  ~AtExit() { giveBack(); }
};

Terminal::Terminal(int input, int output, std::atomic<bool> &interrupted,
                   bool isPlain)
    : interrupted(interrupted), input(input), output(output), plain(isPlain) {
  now.input = input;
  now.output = output;
  now.isPlain = isPlain;
  now.mode = Mode::Given;
  now.isGivenBack = false;
  now.needsRedraw.store(false);
  tcgetattr(input, &now.given);
  static AtExit atExit;
  struct sigaction action = {};
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_ONSTACK;
  action.sa_handler = onEnding;
  for (size_t i = 0; i < std::size(endings); ++i) {
    sigaction(endings[i], nullptr, &now.beforeEndings[i]);
    if (now.beforeEndings[i].sa_handler != SIG_IGN) // nohup
      sigaction(endings[i], &action, nullptr);
  }
  for (size_t i = 0; i < std::size(others); ++i) {
    action.sa_handler = others[i] == SIGTSTP ? onStop : onChange;
    sigaction(others[i], &action, &now.beforeOthers[i]);
  }
  now.isOpen = true;
}

Terminal::~Terminal() {
  enter(Mode::Given);
  for (size_t i = 0; i < std::size(endings); ++i)
    sigaction(endings[i], &now.beforeEndings[i], nullptr);
  for (size_t i = 0; i < std::size(others); ++i)
    sigaction(others[i], &now.beforeOthers[i], nullptr);
  now.isOpen = false;
}

void Terminal::enter(Mode mode) {
  if (mode == now.mode)
    return;
  bool wasGiven = now.mode == Mode::Given;
  if (mode == Mode::Given) {
    giveBack();
    now.mode = mode;
    now.isGivenBack = false;
    return;
  }
  now.mode = mode;
  apply(mode);
  if (wasGiven && !plain)
    writeAll(output, beginSequence);
}

bool Terminal::showsInput() const { return now.given.c_lflag & ECHO; }

Terminal::Event Terminal::wait(int milliseconds) {
  sigset_t blocked, before;
  sigemptyset(&blocked);
  for (int signal : {SIGINT, SIGTSTP, SIGCONT, SIGWINCH})
    sigaddset(&blocked, signal);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
  Event event = Event::Nothing;
  while (true) {
    if (interrupted.exchange(false)) {
      event = Event::Interrupted;
      break;
    }
    if (now.needsRedraw.exchange(false)) {
      event = Event::Redraw;
      break;
    }
    pollfd waited = {input, POLLIN, 0};
    int ready = ppoll(&waited, 1, milliseconds < 0 ? nullptr : &time, &before);
    if (ready > 0 || (ready < 0 && errno != EINTR))
      event = Event::Input;
    if (ready >= 0 || errno != EINTR)
      break;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return event;
}

bool Terminal::hasInput() const {
  pollfd waited = {input, POLLIN, 0};
  return poll(&waited, 1, 0) > 0;
}

bool Terminal::read(char *buffer, size_t capacity, size_t &got) {
  ssize_t result = ::read(input, buffer, capacity);
  got = result > 0 ? static_cast<size_t>(result) : 0;
  return result > 0 || (result < 0 && errno == EINTR);
}

void Terminal::write(std::string_view bytes) { writeAll(output, bytes); }

void Terminal::suspend() {
  giveBack();
  kill(0, SIGTSTP); // the pipeline as a whole, as the terminal would
  takeAgain();
  now.needsRedraw.store(true);
}

Terminal::Size Terminal::size() const {
  winsize window = {};
  for (int descriptor : {output, input})
    if (!ioctl(descriptor, TIOCGWINSZ, &window) && window.ws_col)
      break;
  return {window.ws_col ? window.ws_col : 80u,
          window.ws_row ? window.ws_row : 24u};
}
