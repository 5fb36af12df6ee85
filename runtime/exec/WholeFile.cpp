//===- WholeFile.cpp - Is the file of this program all there? -------------===//

#include "runtime/exec/WholeFile.h"

#include <cstring>
#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace tritc;
using namespace tritc::exec;

static_assert(sizeof(void *) == sizeof(uint64_t), "reads Elf64_Phdr");

/// What the program says when a page of its file cannot be read: in a buffer,
/// because a signal handler formats nothing.
static char sentence[sizeof(base::Failure::message) + 16];

static void setSentence(const base::Failure &failure) {
  snprintf(sentence, sizeof(sentence), "error: %s\n", failure.message);
}

static void unreadable(int) {
  [[maybe_unused]] ssize_t written =
      write(STDERR_FILENO, sentence, strlen(sentence));
  _exit(base::Malformed);
}

static void catchUnreadablePages() {
  struct sigaction action = {};
  action.sa_handler = unreadable;
  sigaction(SIGBUS, &action, nullptr);
}

/// Where the image of `bytes` bytes ends in the file; 0 if that is not known.
static uint64_t endInFile(uint64_t bytes) {
  auto *segments = reinterpret_cast<const Elf64_Phdr *>(getauxval(AT_PHDR));
  uint64_t count = segments ? getauxval(AT_PHNUM) : 0;
  for (uint64_t i = 0; i < count; ++i)
    if (segments[i].p_type == PT_LOAD && segments[i].p_memsz == bytes)
      return segments[i].p_offset + bytes;
  return 0;
}

/// Bytes of this program's file; 0 if that is not known. An emulator shows the
/// file it runs under this name when it is opened, and itself to stat.
static uint64_t fileBytes() {
  int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return 0;
  struct stat status;
  bool isKnown = fstat(file, &status) == 0;
  close(file);
  return isKnown ? static_cast<uint64_t>(status.st_size) : 0;
}

static base::Failure brokenOff(uint64_t bytes) {
  uint64_t end = endInFile(bytes), size = fileBytes();
  if (size && size < end)
    return base::fail(
        base::Malformed,
        "this program is incomplete: its file has %llu bytes, expected "
        "%llu; copy it again",
        static_cast<unsigned long long>(size),
        static_cast<unsigned long long>(end));
  return base::fail(base::Malformed,
                    "this program is incomplete: the end of its file is "
                    "not what tritc wrote; copy it again");
}

base::Failure tritc::exec::checkWholeFile(const TritcImageHeader *image,
                                          uint64_t bytes) {
  base::Failure failure = brokenOff(bytes);
  setSentence(failure);
  catchUnreadablePages();
  auto *first = reinterpret_cast<const uint8_t *>(image);
  TritcImageTrailer trailer;
  memcpy(&trailer, first + bytes - sizeof(trailer), sizeof(trailer));
  if (trailer.magic != TRITC_TRAILER_MAGIC ||
      trailer.contentHash != image->contentHash)
    return failure;
  setSentence(base::fail(base::Malformed,
                         "a part of this program's file cannot be read: "
                         "the disk fails, or the file was cut off while "
                         "it ran"));
  return {};
}
