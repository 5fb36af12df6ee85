//===- ToyModel.h - A model whose answers are known -----------------------===//
//
// A program and an image as the compiler would make them, of a "model" that
// echoes: it looks for the user's message in its KV cache and says it again
// (after the system message, if there is one), then stops. Its logits depend on
// every token before them, so a cache that was filled wrongly shows in their
// hash.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/abi/Image.h"
#include "runtime/abi/Program.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tritc::test {

/// Ids 0..255 are the bytes; merges follow, then the special tokens.
struct ToyTokens {
  int32_t begin, end, system, user, assistant;
};

class ToyModel {
public:
  static constexpr uint32_t contextSize = 256;
  static constexpr uint32_t maxTokens = 8;
  static constexpr uint32_t layerCount = 2;
  static constexpr uint32_t hiddenSize = 4;

  /// Element k of the residual stream of a token, as the trace shows it.
  static float residual(uint64_t chain, int64_t stage, int64_t k);

  ToyModel();
  ToyModel(const ToyModel &) = delete;

  const TritcProgram &program() const { return code; }
  /// The array `tritc_programs` of a program for one target.
  const TritcProgram *const *programs() const { return list; }
  const TritcImageHeader &image() const {
    return *reinterpret_cast<const TritcImageHeader *>(start());
  }
  /// For tests that damage something.
  TritcProgram &program() { return code; }
  TritcImageHeader &image() {
    return *reinterpret_cast<TritcImageHeader *>(start());
  }
  /// Raises `flag` while the `number`-th block from now on is computed.
  static void interruptInBlock(std::atomic<bool> *flag, int number);
  const ToyTokens &tokens() const { return special; }
  /// Puts a text into the image.
  TritcSpan place(const std::string &text);

private:
  uint8_t *start() const;
  TritcSpan place(const void *data, size_t bytes, size_t alignment);

  TritcProgram code;
  const TritcProgram *list[2] = {&code, nullptr};
  ToyTokens special;
  std::unique_ptr<uint8_t[]> memory;
  size_t used = 0;
};

/// How the toy behaves when the echoed text starts with this: it repeats it
/// without end, 2 ms per token.
constexpr char endless = '~';

/// Without marks of a conversation the toy counts up: after byte b comes b + 1.

} // namespace tritc::test
