//===- Emulated.h - A compiled layer in an emulator -----------------------===//
#pragma once

#include "targets/Target.h"

#include "llvm/ADT/ArrayRef.h"

#include <string>
#include <sys/types.h>
#include <vector>

namespace tritc::targets::test {

/// An object file, linked with Runner.cpp and running under qemu's user-mode
/// emulator of its architecture.
class Emulated {
public:
  /// Whether this machine has an emulator for `target`, and the build a runner.
  static bool canRun(const Target &target);

  Emulated(const Target &target, const std::string &object);
  Emulated(const Emulated &) = delete;
  Emulated &operator=(const Emulated &) = delete;
  ~Emulated();

  void setImage(llvm::ArrayRef<uint8_t> image);
  /// One call of decode or prefill on `threads` threads.
  /// \param outputs [ids x width]
  /// \param scratch gets the scratch area as the call left it
  /// \returns false if it wrote behind the scratch area
  bool forward(bool isDecode, int64_t threads, llvm::ArrayRef<int32_t> ids,
               llvm::MutableArrayRef<float> outputs, int64_t width,
               std::vector<uint8_t> &scratch);

private:
  void send(const void *data, size_t bytes);
  void send(int64_t number) { send(&number, sizeof(number)); }
  void receive(void *data, size_t bytes);

  std::string path; ///< of the linked program
  pid_t child = -1;
  int in = -1, out = -1; ///< our ends of the pipes
};

} // namespace tritc::targets::test
