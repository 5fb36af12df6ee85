//===- TestFiles.h - Checkpoints and safetensors files for tests ----------===//
#pragma once

#include "compiler/support/Error.h"

#include "llvm/Support/Error.h"
#include "gtest/gtest.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tritc::import::test {

/// A directory that is gone, with its files, at the end of the test.
class TempDirectory {
public:
  TempDirectory();
  TempDirectory(const TempDirectory &) = delete;
  ~TempDirectory();
  std::string path(const std::string &name) const { return root + "/" + name; }
  const std::string &path() const { return root; }
  /// Writes a file and returns its path.
  std::string write(const std::string &name, const std::string &bytes) const;

private:
  std::string root;
};

struct Tensor {
  std::string dtype;
  std::vector<uint64_t> shape;
  std::string bytes;
};

/// The bytes of a safetensors file with these tensors, in the order of names.
std::string safetensors(const std::map<std::string, Tensor> &tensors);

/// Length word, `header` as given, and `data`: for files that break rules.
std::string safetensorsRaw(const std::string &header, const std::string &data);

std::string bf16(const std::vector<float> &values);
std::string f32(const std::vector<float> &values);
std::string f16Bits(const std::vector<uint16_t> &bits);

/// Two-bit codes of a rows x columns ternary matrix: four rows to a byte, row
/// i * R + r in bits 2i of packed row r, R = ceil(rows / 4).
std::string pack(const std::vector<int> &weights, uint64_t rows,
                 uint64_t columns);

/// A small model of the 2B4T family: vocabulary 11, hidden 8, ffn 10, 2 layers,
/// 2 heads of 4, 1 key-value head. 10 rows leave the last strip of the packing
/// short.
struct TestModel {
  /// Keys of config.json as JSON text; erase or overwrite at will.
  std::map<std::string, std::string> config;
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> files; ///< more files, by name

  static TestModel packed();
  static TestModel master();
  /// The same shape as a Llama: no sub-norms, a head of its own.
  static TestModel llama(bool packed);

  std::string configText() const;
  /// Writes everything, the tensors as one file.
  void write(const TempDirectory &directory) const;
};

/// Weight (row, column) of the test models' matrices, -1, 0 or 1.
int testWeight(uint64_t row, uint64_t column);

/// The failure of `expected`, which must be one.
template <typename T>
Failure failureOf(llvm::Expected<T> expected) {
  if (expected)
    return {};
  return toFailure(expected.takeError());
}
inline Failure failureOf(llvm::Error error) {
  return toFailure(std::move(error));
}

/// Expects a failure with this exit code whose line contains `text`.
#define EXPECT_FAILURE(expression, exitCode, text)                             \
  do {                                                                         \
    ::tritc::Failure failure = ::tritc::import::test::failureOf(expression);   \
    EXPECT_EQ(failure.code, exitCode) << failure.message;                      \
    EXPECT_NE(failure.message.find(text), std::string::npos)                   \
        << "the line is: " << failure.message;                                 \
  } while (false)

/// Expects success and shows the line otherwise.
#define EXPECT_SUCCESS(expression)                                             \
  do {                                                                         \
    ::tritc::Failure failure = ::tritc::import::test::failureOf(expression);   \
    EXPECT_EQ(failure.code, ::tritc::ExitCode::Ok) << failure.message;         \
  } while (false)

} // namespace tritc::import::test
