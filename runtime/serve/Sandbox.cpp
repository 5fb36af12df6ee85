//===- Sandbox.cpp - Rights that serving does not need --------------------===//

#include "runtime/serve/Sandbox.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace tritc;
using namespace tritc::serve;

//===----------------------------------------------------------------------===//
// Landlock
//===----------------------------------------------------------------------===//

// Numbers are the kernel's, of all processors; its headers may be older.
static constexpr long createRuleset = 444, addRule = 445, restrictSelf = 446;

namespace {
struct Ruleset {
  uint64_t files, network;
};
struct __attribute__((packed)) PathRule {
  uint64_t allowed;
  int32_t folder;
};
} // namespace

static constexpr uint64_t execute = 1 << 0, writeFile = 1 << 1,
                          removeFolder = 1 << 4, removeFile = 1 << 5,
                          makeThings = 0x7f << 6, refer = 1 << 13,
                          truncateFile = 1 << 14;
static constexpr uint64_t bindTcp = 1 << 0, connectTcp = 1 << 1;

/// Lets files of the folder of `path` be removed.
static void allowRemoving(int ruleset, std::string_view path) {
  char folder[256] = ".";
  size_t slash = path.rfind('/');
  if (slash != path.npos && slash < sizeof(folder)) {
    size_t length = slash ? slash : 1;
    memcpy(folder, path.data(), length);
    folder[length] = 0;
  }
  PathRule rule = {removeFile, open(folder, O_PATH | O_CLOEXEC)};
  constexpr int beneathPath = 1;
  if (rule.folder < 0)
    return;
  syscall(addRule, ruleset, beneathPath, &rule, 0);
  close(rule.folder);
}

int serve::forbidFiles(std::string_view removable) {
  constexpr unsigned askVersion = 1;
  long version = syscall(createRuleset, nullptr, 0, askVersion);
  if (version < 1)
    return 0;
  Ruleset rules = {execute | writeFile | removeFolder | removeFile | makeThings,
                   0};
  if (version >= 2)
    rules.files |= refer;
  if (version >= 3)
    rules.files |= truncateFile;
  if (version >= 4)
    rules.network = bindTcp | connectTcp;
  size_t size = version >= 4 ? sizeof(rules) : sizeof(rules.files);
  long ruleset = syscall(createRuleset, &rules, size, 0);
  if (ruleset < 0)
    return 0;
  if (!removable.empty())
    allowRemoving(static_cast<int>(ruleset), removable);
  bool isOn = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
              syscall(restrictSelf, ruleset, 0) == 0;
  close(static_cast<int>(ruleset));
  return isOn ? static_cast<int>(version) : 0;
}

//===----------------------------------------------------------------------===//
// Seccomp
//===----------------------------------------------------------------------===//

#if defined(__x86_64__)
static constexpr uint32_t ownArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
static constexpr uint32_t ownArchitecture = AUDIT_ARCH_AARCH64;
#endif

/// Calls that are refused whatever their arguments are. io_uring would do what
/// others may not.
static constexpr uint32_t refused[] = {
    SYS_execve,
    SYS_execveat,
    SYS_socket,
    SYS_connect,
    SYS_ptrace,
    SYS_process_vm_writev,
    425 /* io_uring_setup */,
#if defined(__x86_64__)
    SYS_creat,
#endif
};

/// Calls that open a file, and which argument says how.
static constexpr struct {
  uint32_t call, argument;
} opening[] = {
    {SYS_openat, 2},
#if defined(__x86_64__)
    {SYS_open, 1},
#endif
};

/// How is behind a pointer, where no filter looks; the C library asks for the
/// older call then.
static constexpr uint32_t openat2 = 437;

namespace {
/// A filter, written instruction after instruction.
class Filter {
public:
  void load(size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, offset, 0, 0); }
  /// Goes on where the loaded word is `value`, else past `skipped`
  /// instructions.
  void expect(uint32_t value, uint8_t skipped) {
    add(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped);
  }
  /// Goes on where it is another, else past the next instruction.
  void expectOther(uint32_t value) {
    add(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0);
  }
  /// Goes on where the loaded word has one of these bits.
  void expectBits(uint32_t bits, uint8_t skipped) {
    add(BPF_JMP | BPF_JSET | BPF_K, bits, 0, skipped);
  }
  /// Goes on where it is that or more.
  void expectLeast(uint32_t least, uint8_t skipped) {
    add(BPF_JMP | BPF_JGE | BPF_K, least, 0, skipped);
  }
  void refuse(uint32_t error) {
    add(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error, 0, 0);
  }
  void allow() { add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0); }

  sock_fprog program() { return {count, instructions}; }

private:
  void add(uint16_t code, size_t value, uint8_t then, uint8_t otherwise) {
    instructions[count++] = {code, then, otherwise,
                             static_cast<uint32_t>(value)};
  }

  sock_filter instructions[64];
  uint16_t count = 0;
};
} // namespace

bool serve::forbidCalls() {
  constexpr uint32_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
  constexpr uint32_t otherNumbers = 0x40000000; // x32, on x86-64
  Filter filter;
  filter.load(offsetof(seccomp_data, arch));
  filter.expectOther(ownArchitecture);
  filter.refuse(EPERM);
  filter.load(offsetof(seccomp_data, nr));
  filter.expectLeast(otherNumbers, 1);
  filter.refuse(EPERM);
  for (uint32_t call : refused) {
    filter.expect(call, 1);
    filter.refuse(EPERM);
  }
  filter.expect(openat2, 1);
  filter.refuse(ENOSYS);
  for (const auto &[call, argument] : opening) {
    filter.expect(call, 4);
    // The low half: flags are an int, and both processors little-endian.
    filter.load(offsetof(seccomp_data, args) + argument * sizeof(uint64_t));
    filter.expectBits(writing, 1);
    filter.refuse(EPERM);
    filter.allow();
  }
  filter.allow();
  sock_fprog program = filter.program();
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                 SECCOMP_FILTER_FLAG_TSYNC, &program) == 0;
}
