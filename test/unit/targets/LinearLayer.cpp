//===- LinearLayer.cpp - One linear layer, compiled and called ------------===//
#include "test/unit/targets/LinearLayer.h"
#include "test/unit/targets/ThisMachine.h"

#include "compiler/tuning/SmallProgram.h"
#include "compiler/tuning/Team.h"
#include "dialects/lut/Lut.h"
#include "targets/Registry.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>

using namespace mlir;

namespace tritc::targets::test {

/// Bytes behind every buffer that must stay as they are.
static constexpr int64_t guardBytes = 4096;
static constexpr uint8_t guardValue = 0xA5;

int64_t Shape::rows() const {
  int64_t sum = 0;
  for (int64_t rows : sourceRows)
    sum += rows;
  return sum;
}

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

std::string LinearLayer::text() const {
  std::string sources, rows;
  for (auto [i, count] : llvm::enumerate(shape.sourceRows)) {
    sources += llvm::formatv("{0}\"s{1}\"", i ? ", " : "", i);
    rows += llvm::formatv("{0}{1}", i ? ", " : "", count);
  }
  return llvm::formatv(R"mlir(
bitnet.weight @inputs : tensor<{2}x{0}xf32> from ["inputs"]
bitnet.weight @weights : !bitnet.ternary<{1}x{0}> from [{3}] rows [{4}]
bitnet.weight @identity : tensor<{1}x{1}xf32> from ["identity"]
func.func @forward(%ids: tensor<?xi32>, %places: tensor<?x3xi32>, %first: index)
    -> tensor<?x{1}xf32>
    attributes {{bitnet.kv_cache = tensor<1x1x2x128x16xf16>} {{
  %inputs = bitnet.parameter @inputs : tensor<{2}x{0}xf32>
  %x = bitnet.embed %ids, %inputs
      : tensor<?xi32>, tensor<{2}x{0}xf32> -> tensor<?x{0}xf32>
  %w = bitnet.parameter @weights : !bitnet.ternary<{1}x{0}>
  %y = bitnet.linear %x, %w
      : tensor<?x{0}xf32>, !bitnet.ternary<{1}x{0}> -> tensor<?x{1}xf32>
  %identity = bitnet.parameter @identity : tensor<{1}x{1}xf32>
  %logits = bitnet.head %y, %identity from %first
      : tensor<?x{1}xf32>, tensor<{1}x{1}xf32> -> tensor<?x{1}xf32>
  return %logits : tensor<?x{1}xf32>
}
)mlir",
                       shape.columns, shape.rows(), shape.inputs, sources,
                       rows);
}

/// Where decode's scratch area holds `bytes` bytes of tables; -1 for nowhere.
static int64_t findTables(ModuleOp module, int64_t bytes) {
  int64_t result = -1;
  auto decode = module.lookupSymbol<func::FuncOp>("decode");
  decode.walk([&](memref::ViewOp view) {
    APInt offset;
    if (view.getSource() == decode.getArgument(1) &&
        view.getType().getElementType().isInteger(8) &&
        view.getType().getNumElements() == int64_t(llvm::alignTo(bytes, 48)) &&
        matchPattern(view.getByteShift(), m_ConstantInt(&offset)))
      result = offset.getSExtValue();
  });
  return result;
}

static int64_t offsetOf(const codegen::WeightPlan &plan, StringRef symbol) {
  return llvm::find_if(plan.entries,
                       [&](const codegen::WeightEntry &entry) {
                         return entry.symbol == symbol;
                       })
      ->offset;
}

std::string LinearLayer::compile() {
  // Where nothing runs it, by the generic lowering of its primitives.
  const Target &own = withoutBlocks ? *lookupTarget(target.fallback) : target;
  const Target host =
      executes(own) || Emulated::canRun(own) ? own : plainHost();
  auto tables = lut::tableShape(kernel.packing);
  tuning::SmallProgram made = llvm::cantFail(tuning::compileSmallProgram(
      {text(), &target, &kernel, &host}, [&](StringRef phase, ModuleOp module) {
        if (phase == "loops" && tables)
          offsets.tables = findTables(module, tables->bytes(shape.columns));
      }));
  offsets.inputs = offsetOf(made.weights, "inputs");
  offsets.weights = offsetOf(made.weights, "weights");
  offsets.identity = offsetOf(made.weights, "identity");
  offsets.image = made.weights.bytes;
  program.maxTokens = made.info.maxTokens;
  program.scratchBytes = made.info.scratchBytes;
  program.kvCacheBytes = made.info.kvCacheBytes;
  program.contextSize = made.info.contextSize;
  return std::move(made.object);
}

void LinearLayer::load(const std::string &object) {
  if (!executes(target) && Emulated::canRun(target)) {
    emulated = std::make_unique<Emulated>(target, object);
    return;
  }
  loaded = llvm::cantFail(
      codegen::LoadedObject::load(object, &tuning::Barrier::waitAt));
  program = loaded->program();
}

LinearLayer::LinearLayer(const Target &target, const Kernel &kernel,
                         Shape shapeOfLayer, bool withoutBlocks)
    : shape(std::move(shapeOfLayer)), target(target), kernel(kernel),
      withoutBlocks(withoutBlocks) {
  load(compile());
  imageBytes.resize(offsets.image + 4096);
  scratchBytes.resize(program.scratchBytes + guardBytes + 64);
  std::vector<float> identity(shape.rows() * shape.rows());
  for (int64_t row = 0; row < shape.rows(); ++row)
    identity[row * shape.rows() + row] = 1.0f;
  memcpy(reinterpret_cast<uint8_t *>(
             llvm::alignTo(uintptr_t(imageBytes.data()), 4096)) +
             offsets.identity,
         identity.data(), identity.size() * sizeof(float));
}

//===----------------------------------------------------------------------===//
// Data
//===----------------------------------------------------------------------===//

template <typename T>
static T *aligned(std::vector<uint8_t> &bytes, int64_t to) {
  return reinterpret_cast<T *>(llvm::alignTo(uintptr_t(bytes.data()), to));
}

void LinearLayer::setInput(int64_t id, ArrayRef<float> values) {
  imageIsSent = false;
  memcpy(aligned<uint8_t>(imageBytes, 4096) + offsets.inputs +
             id * shape.columns * int64_t(sizeof(float)),
         values.data(), values.size() * sizeof(float));
}

void LinearLayer::setWeights(ArrayRef<int8_t> weights, ArrayRef<float> scales) {
  imageIsSent = false;
  uint8_t *out = aligned<uint8_t>(imageBytes, 4096) + offsets.weights;
  lut::Tiles packed =
      lut::packedTiles(kernel.packing, shape.rows(), shape.columns);
  int64_t tiles = packed.count;
  std::vector<int8_t> padded(tiles * kernel.packing.tileRows * shape.columns);
  llvm::copy(weights, padded.begin());
  for (int64_t tile = 0; tile < tiles; ++tile) {
    lut::packTile(kernel.packing,
                  padded.data() +
                      tile * kernel.packing.tileRows * shape.columns,
                  shape.columns, out);
    out += lut::tileBytes(kernel.packing, shape.columns);
  }
  uint8_t *scalesStart =
      aligned<uint8_t>(imageBytes, 4096) + offsets.weights + *packed.size();
  memcpy(scalesStart, scales.data(), scales.size() * sizeof(float));
}

ArrayRef<int8_t> LinearLayer::tables() const {
  auto *scratch = reinterpret_cast<const int8_t *>(
      llvm::alignTo(uintptr_t(scratchBytes.data()), 64));
  return ArrayRef(scratch + offsets.tables,
                  lut::tableShape(kernel.packing)->bytes(shape.columns));
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

void LinearLayer::call(bool isDecode, ArrayRef<int32_t> ids, int64_t threads,
                       float *outputs) {
  if (emulated) {
    if (!std::exchange(imageIsSent, true))
      emulated->setImage(
          {aligned<uint8_t>(imageBytes, 4096), size_t(offsets.image)});
    std::vector<uint8_t> scratch;
    EXPECT_TRUE(emulated->forward(
        isDecode, threads, ids,
        llvm::MutableArrayRef(outputs, ids.size() * size_t(shape.rows())),
        shape.rows(), scratch))
        << "wrote behind the scratch area";
    memcpy(aligned<uint8_t>(scratchBytes, 64), scratch.data(), scratch.size());
    return;
  }
  TritcForward forward = isDecode ? program.decode : program.prefill;
  llvm::fill(scratchBytes, guardValue);
  std::vector<uint8_t> cache(program.kvCacheBytes + 64);
  std::vector<int32_t> places(ids.size() * tritc_place_size(&program));
  tritc_place_alone(&program, places.data(), 0, ids.size());
  tuning::runTeam(
      unsigned(threads), [&](unsigned thread, tuning::Barrier &barrier) {
        forward(aligned<uint8_t>(imageBytes, 4096),
                aligned<uint8_t>(scratchBytes, 64), aligned<uint8_t>(cache, 64),
                ids.data(), places.data(), outputs, nullptr,
                int64_t(ids.size()), 0, thread, threads, &barrier);
      });
  ArrayRef<uint8_t> guard(
      aligned<uint8_t>(scratchBytes, 64) + program.scratchBytes, guardBytes);
  EXPECT_TRUE(llvm::all_of(guard, [](uint8_t b) { return b == guardValue; }))
      << "wrote behind the scratch area";
}

std::vector<float> LinearLayer::decode(int32_t id, int64_t threads) {
  std::vector<float> outputs(shape.rows() + 1, -7.0f);
  call(/*isDecode=*/true, id, threads, outputs.data());
  EXPECT_EQ(outputs.back(), -7.0f) << "wrote behind the logits";
  outputs.pop_back();
  return outputs;
}

std::vector<float> LinearLayer::prefill(ArrayRef<int32_t> ids,
                                        int64_t threads) {
  int64_t count = int64_t(ids.size());
  std::vector<float> outputs(count * shape.rows() + 1, -7.0f);
  for (int64_t at = 0; at < count; at += program.maxTokens)
    call(/*isDecode=*/false,
         ids.slice(at, std::min<int64_t>(program.maxTokens, count - at)),
         threads, outputs.data() + at * shape.rows());
  EXPECT_EQ(outputs.back(), -7.0f) << "wrote behind the logits";
  outputs.pop_back();
  return outputs;
}

//===----------------------------------------------------------------------===//
// The meaning
//===----------------------------------------------------------------------===//

std::vector<float> expectedOutputs(const Shape &shape, ArrayRef<float> input,
                                   ArrayRef<int8_t> weights,
                                   ArrayRef<float> scales) {
  float m = 1e-5f;
  for (float x : input)
    m = std::fabs(x) > m ? std::fabs(x) : m; // false for NaN
  float scale = 127.0f / m, step = m / 127.0f;
  std::vector<int64_t> quantized;
  for (float x : input)
    quantized.push_back(
        std::isnan(x)
            ? (std::signbit(x) ? -128 : 127)
            : int64_t(std::clamp(std::nearbyint(x * scale), -128.0f, 127.0f)));
  std::vector<float> outputs;
  for (auto [source, rows] : llvm::enumerate(shape.sourceRows))
    for (int64_t i = 0; i < rows; ++i) {
      const int8_t *row = &weights[outputs.size() * shape.columns];
      int64_t sum = 0;
      for (int64_t k = 0; k < shape.columns; ++k)
        sum += row[k] * quantized[k];
      float factor = scales[source] * step;
      outputs.push_back(float(sum) * factor);
    }
  return outputs;
}

} // namespace tritc::targets::test
