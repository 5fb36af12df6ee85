//===- TestGguf.h - GGUF files for tests ----------------------------------===//
#pragma once

#include "compiler/import/Checkpoint.h"
#include "test/unit/import/TestFiles.h"

#include <optional>

namespace tritc::import::test {

/// The bytes of a number, and of a string with its length.
template <typename T>
std::string bytesOf(T value) {
  return std::string(reinterpret_cast<const char *>(&value), sizeof value);
}
std::string lengthAnd(const std::string &text);

/// A GGUF file whose every part can be made wrong.
struct TestGguf {
  struct Value {
    std::string key;
    uint32_t type;
    std::string bytes;
  };
  struct Tensor {
    std::string name;
    std::vector<uint64_t> dims; ///< fastest first, as in the file
    uint32_t type;
    std::string bytes;
    std::optional<uint64_t> offset; ///< other than where the bytes are
  };
  uint32_t version = 3;
  std::vector<Value> keys;
  std::vector<Tensor> tensors;
  std::optional<uint64_t> keyCount, tensorCount; ///< instead of the true ones

  /// A whole small model: 260 tokens (bytes, one merge, three control tokens),
  /// hidden 32, ffn 64, one layer, two heads of 16, one key-value head, I2_S
  /// with the scale 0.5 and testWeights(). "qwen3" and "gemma3" are models that
  /// embed.
  static TestGguf model(const std::string &architecture = "bitnet-b1.58");

  void set(const std::string &key, uint32_t value) {
    set(key, 4, bytesOf(value));
  }
  void set(const std::string &key, float value) { set(key, 6, bytesOf(value)); }
  void set(const std::string &key, const std::string &text) {
    set(key, 8, lengthAnd(text));
  }
  void set(const std::string &key, const std::vector<std::string> &texts);
  /// Replaces the value or adds one.
  void set(const std::string &key, uint32_t type, const std::string &bytes);
  void remove(const std::string &key);
  Tensor &tensor(const std::string &name);

  std::string bytes() const;
};

/// Opens such files.
class GgufTest : public testing::Test {
protected:
  std::unique_ptr<Checkpoint> opened(const TestGguf &file) {
    auto checkpoint =
        Checkpoint::open(directory.write("m.gguf", file.bytes()), options);
    EXPECT_TRUE(bool(checkpoint)) << toFailure(checkpoint.takeError()).message;
    return checkpoint ? std::move(*checkpoint) : nullptr;
  }
  llvm::Error open(const TestGguf &file) {
    return Checkpoint::open(directory.write("m.gguf", file.bytes()), options)
        .takeError();
  }

  TempDirectory directory;
  OpenOptions options;
};

/// Bytes of the I2_S encoding, layout A, of `weights`, and its scale.
std::string i2s(const std::vector<int> &weights, float scale);
/// The weights of the model's matrices: neighbours of any distance differ.
std::vector<int> testWeights(uint64_t rows, uint64_t columns);

} // namespace tritc::import::test
