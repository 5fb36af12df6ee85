//===- SandboxTest.cpp - Rights that serving does not need ----------------===//

#include "runtime/serve/Sandbox.h"

#include "gtest/gtest.h"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <pthread.h>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace tritc::serve;

static constexpr int isMissing = 77;

/// Runs `body` in a child. \returns its exit code
template <typename Body>
static int inChild(Body body) {
  pid_t child = fork();
  if (child == 0)
    _exit(body());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// What a process may do, a letter for each: write a file, read one, make a
/// socket, run a program.
static std::string rights(const std::string &file) {
  std::string found;
  int written = open(file.c_str(), O_WRONLY | O_CREAT, 0600);
  found += written >= 0 ? "w" : "";
  found += open("/proc/self/status", O_RDONLY) >= 0 ? "r" : "";
  found += socket(AF_INET, SOCK_STREAM, 0) >= 0 ? "s" : "";
  pid_t child = fork();
  if (child == 0) {
    execl("/bin/true", "true", nullptr);
    _exit(1);
  }
  int status = 1;
  waitpid(child, &status, 0);
  found += status == 0 ? "x" : "";
  return found;
}

TEST(Sandbox, SeccompForbidsCallsInAllThreads) {
  std::string file = testing::TempDir() + "/sandbox-calls";
  int code = inChild([&] {
    if (rights(file) != "wrsx")
      return 1;
    static std::string seen;
    static int ends[2];
    if (pipe(ends))
      return 2;
    static std::string path = file;
    pthread_t thread; // that was there before
    pthread_create(
        &thread, nullptr,
        [](void *) -> void * {
          char byte;
          (void)!read(ends[0], &byte, 1);
          seen = rights(path);
          return nullptr;
        },
        nullptr);
    if (!forbidCalls())
      return isMissing;
    (void)!write(ends[1], "", 1);
    pthread_join(thread, nullptr);
    return seen == "r" && rights(file) == "r" && errno != 0 ? 0 : 3;
  });
  unlink(file.c_str());
  if (code == isMissing)
    GTEST_SKIP() << "this kernel has no seccomp";
  EXPECT_EQ(code, 0);
}

TEST(Sandbox, LandlockForbidsFilesButThoseToBeRemoved) {
  std::string folder = testing::TempDir() + "/sandbox-files";
  mkdir(folder.c_str(), 0700);
  std::string kept = testing::TempDir() + "/sandbox-kept";
  std::ofstream(folder + "/socket") << "x";
  std::ofstream(kept.c_str()) << "x";
  int code = inChild([&] {
    if (!forbidFiles(folder + "/socket"))
      return isMissing;
    if (rights(folder + "/new") != "rs" || rights(kept) != "rs")
      return 1;
    if (unlink(kept.c_str()) == 0 || unlink((folder + "/socket").c_str()))
      return 2;
    return 0;
  });
  unlink(kept.c_str());
  unlink((folder + "/socket").c_str());
  rmdir(folder.c_str());
  if (code == isMissing)
    GTEST_SKIP() << "this kernel has no Landlock";
  EXPECT_EQ(code, 0);
}
