//===- KernelRunner.cpp - A small program at work in this process ---------===//
#include "compiler/tuning/KernelRunner.h"

#include "compiler/support/Error.h"
#include "compiler/tuning/Team.h"
#include "dialects/lut/layouts/BlockedRows.h"
#include "dialects/lut/layouts/ScaledRows.h"
#include "targets/Registry.h"

#include "llvm/Support/FormatVariadic.h"

#include <cstring>
#include <random>

namespace tritc::tuning {

using codegen::AnonymousMemory;
using codegen::WeightEntry;

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

/// A tile of random weights.
static void fillTernary(const WeightEntry &entry, uint8_t *out) {
  std::mt19937 random(5);
  std::vector<int8_t> rows(entry.packing.tileRows * entry.columns);
  for (int8_t &weight : rows)
    weight = int8_t(int(random() % 3) - 1);
  lut::packTile(entry.packing, rows.data(), entry.columns, out);
}

static void fillScaled(const WeightEntry &entry, uint8_t *out) {
  std::mt19937 random(6);
  int64_t limit = lut::scaledLimit(entry.bits);
  std::vector<int8_t> rows(lut::scaledTileRows * entry.columns);
  for (int8_t &value : rows)
    value = int8_t(int64_t(random() % (2 * limit + 1)) - limit);
  const float scales[lut::scaledTileRows] = {0.01f, 0.01f, 0.01f, 0.01f};
  lut::packScaledTile(entry.bits, rows.data(), scales, entry.columns, out);
}

/// Any integers, scales and steps of about one.
static void fillBlocked(const WeightEntry &entry, uint8_t *out) {
  std::mt19937 random(8);
  const lut::BlockedShape shape = lut::blockedShape(entry.bits);
  const int64_t numbers = lut::blockedTileRows * entry.columns;
  std::vector<int8_t> integers(numbers),
      scales(numbers / lut::blockedGroupColumns, 1);
  for (int8_t &integer : integers)
    integer = int8_t(int64_t(random() % (2 * shape.offset())) - shape.offset());
  constexpr uint16_t one = 0x3c00;
  std::vector<uint16_t> steps(numbers / shape.stepColumns(), one);
  lut::packBlockedTile(entry.bits,
                       {integers.data(), scales.data(), steps.data()},
                       entry.columns, out);
}

/// A matrix of the tile at `out`: time does not depend on weights. A scale
/// behind the tiles keeps sums of many layers finite.
static void repeatTile(const WeightEntry &entry, uint8_t *out) {
  lut::Tiles tiles = *entry.tiles();
  for (int64_t tile = 1; tile < tiles.count; ++tile)
    std::memcpy(out + tile * tiles.bytes, out, tiles.bytes);
  const float scale = 0.001f;
  for (int64_t at = *tiles.size(); at < entry.bytes(); at += sizeof(float))
    std::memcpy(out + at, &scale, sizeof(float));
}

/// Numbers in [1, 2) of either sign.
static void fillFloats(const WeightEntry &entry, uint8_t *out) {
  std::mt19937 random(7);
  int64_t size = codegen::elementBytes(entry.element);
  for (int64_t i = 0; i < entry.rows * entry.columns; ++i) {
    float value = 1.0f + float(random() >> 9) * 0x1p-23f;
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof(bits));
    bits |= uint32_t(random() & 0x80000000u);
    if (entry.element == WeightEntry::Element::BF16)
      bits >>= 16;
    else if (entry.element == WeightEntry::Element::F16)
      bits = 0x3c00 | (bits >> 16 & 0x83ff);
    std::memcpy(out + i * size, &bits, size);
  }
}

void KernelRunner::fillWeights(const codegen::WeightPlan &plan) {
  for (const WeightEntry &entry : plan.entries) {
    auto *out = image.as<uint8_t>() + entry.offset;
    if (entry.kind == WeightEntry::Kind::Ternary)
      fillTernary(entry, out);
    else if (entry.kind == WeightEntry::Kind::Scaled)
      fillScaled(entry, out);
    else if (entry.kind == WeightEntry::Kind::Blocked)
      fillBlocked(entry, out);
    else if (entry.kind == WeightEntry::Kind::Floats)
      fillFloats(entry, out);
    if (entry.tiles())
      repeatTile(entry, out);
    for (int64_t layer = 1; layer < entry.layers; ++layer)
      std::memcpy(out + layer * entry.stride, out, entry.bytes());
  }
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

/// Bytes behind the weights that kernels may fetch ahead or load in excess.
static constexpr uint64_t slack = 1 << 16;

KernelRunner::KernelRunner(const Workload &workload,
                           const SmallProgram &program,
                           codegen::LoadedObject loaded)
    : positions(workload.positions), hasLogits(workload.hasLogits),
      counts(codegen::countWeights(program.weights)), code(std::move(loaded)),
      image(program.weights.bytes + slack, AnonymousMemory::Pages::Huge),
      scratch(program.info.scratchBytes + slack),
      cache(program.info.kvCacheBytes + slack, AnonymousMemory::Pages::Huge),
      logits(uint64_t(program.info.maxTokens) * program.info.vocabSize *
                 sizeof(float) +
             slack) {}

bool KernelRunner::hasMemory() const {
  return image.isThere() && scratch.isThere() && cache.isThere() &&
         logits.isThere();
}

llvm::Expected<std::unique_ptr<KernelRunner>>
KernelRunner::create(const Workload &workload, const Target &target,
                     const Kernel *kernel) {
  if (!runsHere(target))
    return makeError(
        ExitCode::UnsupportedTarget,
        llvm::formatv("this machine cannot run code for {0}", target.name));
  llvm::Expected<SmallProgram> program =
      compileSmallProgram({workload.text, &target, kernel});
  if (!program)
    return program.takeError();
  llvm::Expected<codegen::LoadedObject> code =
      codegen::LoadedObject::load(program->object, &Barrier::waitAt);
  if (!code)
    return code.takeError();
  std::unique_ptr<KernelRunner> runner(
      new KernelRunner(workload, *program, std::move(*code)));
  if (!runner->hasMemory())
    return makeError(ExitCode::Internal, "no memory for a small program");
  runner->fillWeights(program->weights);
  // Written, so that pages of its own are read.
  std::memset(runner->cache.as<uint8_t>(), 0, program->info.kvCacheBytes);
  return runner;
}

double KernelRunner::seconds(int64_t tokens, unsigned threads, unsigned calls) {
  const TritcProgram &program = code.program();
  TritcForward forward = tokens == 1 ? program.decode : program.prefill;
  std::vector<int32_t> ids(tokens, 0);
  std::vector<int32_t> places(tokens * tritc_place_size(&program));
  tritc_place_alone(&program, places.data(), positions, tokens);
  int64_t firstLogit = hasLogits ? tokens - 1 : tokens;
  double all = runTeam(threads, [&](unsigned thread, Barrier &barrier) {
    for (unsigned call = 0; call < calls; ++call)
      forward(image.as<uint8_t>(), scratch.as<uint8_t>(), cache.as<uint8_t>(),
              ids.data(), places.data(), logits.as<float>(), nullptr, tokens,
              firstLogit, thread, threads, &barrier);
  });
  return all / calls;
}

} // namespace tritc::tuning
