//===- gguf.cpp - A GGUF file: opened, and everything read ----------------===//

#include "test/fuzz/Opened.h"

using namespace tritc;
using namespace tritc::import;

/// Of one tensor: a file has as many bytes as it has, its shape may say more.
static constexpr uint64_t mostElements = 1 << 11;

static void readTensor(const Checkpoint &checkpoint,
                       const ModelTensor &tensor) {
  if (tensor.role == TensorRole::Ternary) {
    uint64_t rows = std::min(tensor.shape[0], mostElements / tensor.shape[1]);
    std::vector<int8_t> weights(rows * tensor.shape[1]);
    if (llvm::Error error =
            checkpoint.ternaryRows(tensor.name, 0, rows, weights))
      fuzz::refuse(std::move(error));
    else if (llvm::any_of(weights, [](int8_t w) { return w < -1 || w > 1; }))
      std::abort();
    if (auto scale = checkpoint.weightScale(tensor.name); !scale)
      fuzz::refuse(scale.takeError());
    else if (!(*scale > 0))
      std::abort();
    return;
  }
  uint64_t count = checkpoint.find(tensor.name)->elements();
  std::vector<float> values(std::min(count, mostElements));
  for (uint64_t first : {uint64_t(0), count - values.size()})
    if (llvm::Error error = checkpoint.floats(tensor.name, first, values))
      fuzz::refuse(std::move(error));
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  // The last byte chooses what is not in a file.
  OpenOptions options;
  if (size > 0)
    options.gguf.i2sLayout = I2sLayout(data[size - 1] % 3);
  options.gguf.lutTiles = {{0, 0, {32, 96, 32}}, {64, 64, {32, 32, 32}}};
  std::string bytes =
      "GGUF" +
      fuzz::textOf(data, size).drop_front(std::min<size_t>(size, 4)).str();
  fuzz::readAll(Checkpoint::open(fuzz::fileOf(reinterpret_cast<const uint8_t *>(
                                                  bytes.data()),
                                              bytes.size()),
                                 options),
                readTensor);
  return 0;
}
