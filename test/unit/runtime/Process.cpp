//===- Process.cpp - The toy's executable, without the executable ---------===//

#include "test/unit/runtime/Process.h"
#include "runtime/abi/Entry.h"

#include "gtest/gtest.h"

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sstream>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <thread>
#include <unistd.h>
#include <utility>

using namespace tritc;
using namespace tritc::test;

static constexpr int patienceMilliseconds = 5000;

/// The child's side: never returns.
[[noreturn]] static void become(const ToyModel &toy,
                                const Arguments &arguments) {
  std::vector<char *> words = {const_cast<char *>("chat")};
  for (const std::string &argument : arguments)
    words.push_back(const_cast<char *>(argument.c_str()));
  words.push_back(nullptr);
  int code = tritc_main(static_cast<int>(words.size()) - 1, words.data(),
                        toy.programs(), &toy.image());
  fflush(stderr);
  _exit(code);
}

std::vector<std::string> test::linesOf(const std::string &text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

static int exitCode(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void closeEnd(int &end) {
  if (end >= 0)
    close(end);
  end = -1;
}

Pipes::Pipes(const ToyModel &toy, const Arguments &arguments,
             const char *outFile, Input input) {
  signal(SIGPIPE, SIG_IGN);
  int inPipe[2], outPipe[2], errPipe[2];
  if (pipe2(inPipe, O_CLOEXEC) || pipe2(outPipe, O_CLOEXEC) ||
      pipe2(errPipe, O_CLOEXEC))
    abort();
  child = fork();
  if (child == 0) {
    if (input == Input::Pipe)
      dup2(inPipe[0], STDIN_FILENO);
    if (outFile && !*outFile)
      close(STDOUT_FILENO);
    else
      dup2(outFile ? open(outFile, O_WRONLY) : outPipe[1], STDOUT_FILENO);
    dup2(errPipe[1], STDERR_FILENO);
    for (int *ends : {inPipe, outPipe, errPipe})
      close(ends[0]), close(ends[1]);
    become(toy, arguments);
  }
  close(inPipe[0]);
  close(outPipe[1]);
  close(errPipe[1]);
  in = inPipe[1];
  out = outPipe[0];
  err = errPipe[0];
}

Pipes::~Pipes() {
  for (int *end : {&in, &out, &err})
    closeEnd(*end);
}

void Pipes::send(const std::string &input) {
  size_t done = 0;
  while (done < input.size()) {
    ssize_t wrote = write(in, input.data() + done, input.size() - done);
    if (wrote < 0)
      return; // the child has gone; its exit code tells why
    done += static_cast<size_t>(wrote);
  }
}

void Pipes::closeInput() { closeEnd(in); }
void Pipes::closeOutput() { closeEnd(out); }
void Pipes::interrupt() { kill(child, SIGINT); }

std::string Pipes::read(size_t bytes) {
  std::string text;
  char byte;
  while (text.size() < bytes && ::read(out, &byte, 1) == 1)
    text += byte;
  return text;
}

static std::string readAll(int end) {
  std::string text;
  char buffer[4096];
  for (ssize_t got; end >= 0 && (got = read(end, buffer, sizeof(buffer))) > 0;)
    text.append(buffer, static_cast<size_t>(got));
  return text;
}

Result Pipes::finish() {
  closeInput();
  Result result;
  // Errors are one line and fit into the pipe: reading in turns cannot hang.
  result.out = readAll(out);
  result.err = readAll(err);
  result.code = exitCode(child);
  return result;
}

Result test::run(const ToyModel &toy, const Arguments &arguments,
                 const std::string &input) {
  Pipes pipes(toy, arguments);
  pipes.send(input);
  return pipes.finish();
}

/// What a chat on a terminal reads, without what the tester's shell has set.
static void setEnvironment(const Environment &environment) {
  for (const char *name : {"NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "HOME",
                           "XDG_STATE_HOME", "VISUAL", "EDITOR"})
    unsetenv(name);
  setenv("TERM", "dumb", 1);
  for (const auto &[name, value] : environment)
    setenv(name.c_str(), value.c_str(), 1);
}

Terminal::Terminal(const ToyModel &toy, const Arguments &arguments,
                   const Environment &environment) {
  winsize size = {.ws_row = 25, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
  child = forkpty(&screenEnd, nullptr, nullptr, &size);
  if (child == 0) {
    setEnvironment(environment);
    become(toy, arguments);
  }
}

Terminal::~Terminal() {
  if (child > 0) {
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
  }
  close(screenEnd);
}

void Terminal::type(const std::string &text) {
  // A terminal takes a few kB at once, and its screen has to be read meanwhile.
  for (size_t done = 0; done < text.size();) {
    size_t piece = std::min<size_t>(text.size() - done, 1024);
    ssize_t wrote = write(screenEnd, text.data() + done, piece);
    if (wrote < 0) {
      ADD_FAILURE() << "the terminal takes no input";
      return;
    }
    done += static_cast<size_t>(wrote);
    while (done < text.size() && readMore(0)) {
    }
  }
}

std::string Terminal::take(int milliseconds) {
  readMore(milliseconds);
  return std::exchange(shown, "");
}

void Terminal::resize(int rows, int columns) {
  winsize size = {};
  size.ws_row = static_cast<unsigned short>(rows);
  size.ws_col = static_cast<unsigned short>(columns);
  ioctl(screenEnd, TIOCSWINSZ, &size); // sends SIGWINCH
}

void Terminal::send(int signal) { kill(child, signal); }

bool Terminal::isAsFound() const {
  termios attributes;
  return !tcgetattr(screenEnd, &attributes) && (attributes.c_lflag & ICANON) &&
         (attributes.c_lflag & ECHO) && (attributes.c_lflag & ISIG) &&
         (attributes.c_iflag & ICRNL);
}

bool Terminal::readMore(int milliseconds) {
  pollfd screen = {screenEnd, POLLIN, 0};
  char buffer[4096];
  if (poll(&screen, 1, milliseconds) != 1)
    return false;
  ssize_t got = read(screenEnd, buffer, sizeof(buffer));
  if (got <= 0)
    return false; // EIO: the child has closed its side
  shown.append(buffer, static_cast<size_t>(got));
  return true;
}

std::string Terminal::expect(const std::string &text) {
  size_t found;
  while ((found = shown.find(text)) == std::string::npos)
    if (!readMore(patienceMilliseconds)) {
      ADD_FAILURE() << "expected '" << text << "' on the screen, found '"
                    << shown << "'";
      return "";
    }
  std::string before = shown.substr(0, found + text.size());
  shown.erase(0, found + text.size());
  return before;
}

std::string Terminal::order(const std::string &line) {
  expect("> ");
  type(line + "\n");
  expect(line + "\r\n");
  std::string answer = expect("> ");
  type("\n"); // so that the next prompt comes as well
  return answer.substr(0, answer.size() - 2);
}

int Terminal::code() {
  while (readMore(patienceMilliseconds)) {
  }
  for (int waited = 0; waited < patienceMilliseconds; waited += 10) {
    int status = 0;
    if (waitpid(child, &status, WNOHANG) == child) {
      child = -1;
      return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return -1;
}
