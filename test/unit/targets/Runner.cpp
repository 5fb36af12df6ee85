//===- Runner.cpp - Calls a compiled layer for a test outside -------------===//
//
// The part of LinearLayer that runs where the code runs: compiled for the
// layer's architecture, linked with the layer's object and the runtime, and
// driven through pipes by Emulated.cpp. All numbers are int64_t.
//
//   request  0, bytes of the image, the image
//            1, is it decode?, threads, tokens, logits per token, int32_t ids
//   reply    (to 1) is what lies behind the scratch area untouched?, bytes of
//            the scratch area, the logits, the scratch area
//
//===----------------------------------------------------------------------===//

#include "runtime/abi/Program.h"
#include "runtime/base/Array.h"
#include "runtime/exec/Mapping.h"
#include "runtime/exec/ThreadPool.h"

#include <unistd.h>

using namespace tritc;
using namespace tritc::exec;

extern "C" const TritcProgram tritc_program;

static constexpr size_t guardBytes = 4096;
static constexpr uint8_t guardValue = 0xA5;

/// Ends the process where the other side has gone.
static void readAll(void *data, size_t bytes) {
  for (size_t done = 0; done < bytes;) {
    ssize_t size =
        read(STDIN_FILENO, static_cast<char *>(data) + done, bytes - done);
    if (size <= 0)
      _exit(done || size < 0);
    done += static_cast<size_t>(size);
  }
}

static void writeAll(const void *data, size_t bytes) {
  for (size_t done = 0; done < bytes;) {
    ssize_t size = write(STDOUT_FILENO, static_cast<const char *>(data) + done,
                         bytes - done);
    if (size <= 0)
      _exit(1);
    done += static_cast<size_t>(size);
  }
}

static int64_t readNumber() {
  int64_t number = 0;
  readAll(&number, sizeof(number));
  return number;
}

static void writeNumber(int64_t number) { writeAll(&number, sizeof(number)); }

static uint8_t *allocate(Mapping &mapping, size_t bytes) {
  if (!mapping.allocate(bytes))
    _exit(70);
  return mapping.data();
}

static void forward(const uint8_t *image) {
  bool isDecode = readNumber() != 0;
  auto threads = static_cast<uint32_t>(readNumber());
  int64_t tokens = readNumber(), width = readNumber();
  base::Array<int32_t> ids;
  for (int64_t i = 0; i < tokens; ++i) {
    ids.push(0);
    readAll(&ids.back(), sizeof(int32_t));
  }
  base::Array<int32_t> places;
  places.resize(static_cast<size_t>(tokens) * tritc_place_size(&tritc_program));
  tritc_place_alone(&tritc_program, places.data(), 0,
                    static_cast<uint64_t>(tokens));
  Mapping scratch, cache, logits;
  size_t scratchBytes = tritc_program.scratchBytes;
  size_t logitBytes = static_cast<size_t>(tokens * width) * sizeof(float);
  allocate(scratch, scratchBytes + guardBytes);
  memset(scratch.data(), guardValue, scratchBytes + guardBytes);
  allocate(cache, tritc_program.kvCacheBytes);
  allocate(logits, logitBytes);

  ThreadPool pool;
  pool.start(threads);
  if (pool.size() != threads)
    _exit(70);
  TritcForward call = isDecode ? tritc_program.decode : tritc_program.prefill;
  pool.run([&](uint32_t thread) {
    call(image, scratch.data(), cache.data(), ids.data(), places.data(),
         reinterpret_cast<float *>(logits.data()), nullptr, tokens, 0, thread,
         threads, pool.barrier());
  });

  bool isUntouched = true;
  for (size_t i = 0; i < guardBytes; ++i)
    isUntouched &= scratch.data()[scratchBytes + i] == guardValue;
  writeNumber(isUntouched);
  writeNumber(static_cast<int64_t>(scratchBytes));
  writeAll(logits.data(), logitBytes);
  writeAll(scratch.data(), scratchBytes);
}

int main() {
  Mapping image;
  while (true) {
    if (readNumber() == 1) {
      forward(image.data());
      continue;
    }
    auto bytes = static_cast<size_t>(readNumber());
    readAll(allocate(image, bytes), bytes);
  }
}
