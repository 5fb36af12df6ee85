//===- Selftest.cpp - Does this machine compute what was compiled? --------===//
//
// The compiler has put prompts into the image, and hashes of what the portable
// target makes of them: after the embedding, after each layer, and of the
// logits. Here they are computed again, by decode and by prefill, with 1..n
// threads. Every bit must be the same; the first stage that differs is named.
//
//===----------------------------------------------------------------------===//

#include "runtime/chat/Commands.h"
#include "runtime/chat/Interrupt.h"
#include "runtime/chat/Report.h"
#include "runtime/chat/Session.h"
#include "runtime/exec/Topology.h"

using namespace tritc;
using namespace tritc::chat;
using base::Array;
using base::Failure;

namespace {

/// The checked section of the image.
struct Expectation {
  uint32_t promptCount, tokenCount, stageCount;
  const int32_t *tokens;
  const uint64_t *hashes;

  std::span<const int32_t> prompt(uint32_t index) const {
    return {tokens + size_t{index} * tokenCount, tokenCount};
  }
  uint64_t hash(uint32_t prompt, uint32_t stage) const {
    return hashes[size_t{prompt} * stageCount + stage];
  }
};

/// One way to compute: all of them must agree.
struct Way {
  bool isDecode;
  uint32_t threads;
};

/// What differed first: a stage of a prompt.
struct Difference {
  bool isThere = false;
  uint32_t prompt = 0, stage = 0;
  Way way = {};
};

/// "embedding", "layer 3" or "output head".
struct StageName {
  char text[24] = "embedding";

  StageName(uint32_t stage, uint32_t stageCount) {
    if (stage == stageCount - 1)
      snprintf(text, sizeof(text), "output head");
    else if (stage)
      snprintf(text, sizeof(text), "layer %u", stage - 1);
  }
};

} // namespace

static bool fits(uint64_t offset, uint64_t count, uint64_t size,
                 uint64_t alignment, uint64_t bytes) {
  return offset <= bytes && offset % alignment == 0 &&
         count <= (bytes - offset) / size;
}

static Failure read(const Model &model, Expectation &expected) {
  const TritcImageHeader &image = model.image;
  if (!image.selftest.bytes)
    return base::fail(base::Usage, "selftest: this program was compiled "
                                   "without one (tritc --selftest=none)");
  auto section = exec::bytesAt(image, image.selftest);
  auto header = reinterpret_cast<const TritcSelftest *>(section);
  uint64_t bytes = image.selftest.bytes;
  uint64_t stages = uint64_t{image.layerCount} + 2;
  if (bytes < sizeof(TritcSelftest) || header->tokenCount == 0 ||
      header->tokenCount > image.contextSize ||
      !fits(header->tokens, uint64_t{header->promptCount} * header->tokenCount,
            sizeof(int32_t), 4, bytes) ||
      !fits(header->hashes, header->promptCount * stages, sizeof(uint64_t), 8,
            bytes))
    return base::fail(base::Malformed, "image: selftest: expected prompts and "
                                       "hashes inside its section");
  expected = {header->promptCount, header->tokenCount,
              static_cast<uint32_t>(stages),
              reinterpret_cast<const int32_t *>(section + header->tokens),
              reinterpret_cast<const uint64_t *>(section + header->hashes)};
  for (uint32_t i = 0; i < header->promptCount; ++i)
    for (int32_t token : expected.prompt(i))
      if (token < 0 || static_cast<uint32_t>(token) >= image.vocabSize)
        return base::fail(base::Malformed,
                          "image: selftest: expected tokens below %u, found %d",
                          image.vocabSize, token);
  return {};
}

/// Hashes of all stages of one prompt; false when interrupted.
static bool compute(exec::Engine &engine, std::span<const int32_t> tokens,
                    size_t blockTokens, Array<uint64_t> &hashes) {
  for (uint64_t &hash : hashes)
    hash = TRITC_HASH_START;
  auto add = [&](size_t stage, std::span<const float> row) {
    hashes[stage] = tritc_hash(hashes[stage], row.data(), row.size());
  };
  size_t last = hashes.size() - 1;
  for (size_t at = 0; at < tokens.size(); at += blockTokens) {
    size_t count = std::min(blockTokens, tokens.size() - at);
    // Only the prompt's last row of logits is wanted.
    bool isEnd = at + count == tokens.size();
    size_t done = engine.forward(
        tokens.subspan(at, count), at, isEnd ? count - 1 : count,
        &Interrupt::flag(),
        [&](size_t, std::span<const float> row) { add(last, row); });
    if (done < count)
      return false;
    for (uint32_t stage = 0; stage < last; ++stage)
      for (size_t row = 0; row < count; ++row)
        add(stage, engine.traceRow(stage, row));
  }
  return true;
}

/// \param most grows to the number of threads that were really there
static Failure compare(const Model &model, const Settings &settings,
                       const Expectation &expected, Way way, uint32_t &most,
                       Difference &difference) {
  exec::EngineOptions options = engineOptions(settings);
  options.threads = way.threads;
  options.trace = true;
  exec::Engine engine(model.program, model.image);
  if (Failure failure = engine.start(options))
    return failure;
  way.threads = engine.threads().size();
  most = std::max(most, way.threads);
  Array<uint64_t> hashes;
  for (uint32_t stage = 0; stage < expected.stageCount; ++stage)
    hashes.push(0);
  size_t blockTokens = way.isDecode ? 1 : engine.blockSize();
  for (uint32_t prompt = 0; prompt < expected.promptCount; ++prompt) {
    if (!compute(engine, expected.prompt(prompt), blockTokens, hashes))
      return base::fail(base::Interrupted, "%s", "");
    for (uint32_t stage = 0; stage < expected.stageCount; ++stage)
      if (hashes[stage] != expected.hash(prompt, stage)) {
        difference = {true, prompt, stage, way};
        return {};
      }
  }
  return {};
}

static void report(Context context, const Expectation &expected,
                   uint32_t threads, const Difference &difference) {
  if (!context.settings.json) {
    if (!difference.isThere)
      context.out.print("selftest: %u prompt%s of %u tokens, decode and "
                        "prefill, threads 1 to %u: ok\n",
                        expected.promptCount,
                        expected.promptCount == 1 ? "" : "s",
                        expected.tokenCount, threads);
    return;
  }
  Report json(context.out, /*asJson=*/true);
  json.text("target", context.model.program.targetName);
  json.text("result", difference.isThere ? "differs" : "ok");
  json.integer("prompts", expected.promptCount);
  json.integer("tokens_per_prompt", expected.tokenCount);
  json.integer("threads", threads);
  if (!difference.isThere)
    return;
  json.text("first_difference",
            StageName(difference.stage, expected.stageCount).text);
  json.text("phase", difference.way.isDecode ? "decode" : "prefill");
  json.integer("prompt", difference.prompt);
  json.integer("threads_of_difference", difference.way.threads);
}

/// A line that says ok; or an error that names what differs first.
Failure chat::runSelftest(Context context) {
  Expectation expected;
  if (Failure failure = read(context.model, expected))
    return failure;
  uint32_t wanted = engineOptions(context.settings).threads;
  wanted = wanted ? wanted : exec::physicalCores();
  uint32_t most = 1;
  Difference difference;
  // Every number of threads up to four, then each twice the one before.
  for (uint32_t threads = 1, next = 0; threads && !difference.isThere;
       threads = next) {
    next = threads == wanted
               ? 0
               : std::min(threads < 4 ? threads + 1 : 2 * threads, wanted);
    for (bool isDecode : {true, false})
      if (!difference.isThere)
        if (Failure failure = compare(context.model, context.settings, expected,
                                      {isDecode, threads}, most, difference))
          return failure;
  }
  report(context, expected, most, difference);
  if (!difference.isThere)
    return {};
  return base::fail(
      base::Malformed,
      "selftest: %s differs from what was compiled (prompt %u, %s, %u "
      "thread%s)",
      StageName(difference.stage, expected.stageCount).text, difference.prompt,
      difference.way.isDecode ? "decode" : "prefill", difference.way.threads,
      difference.way.threads == 1 ? "" : "s");
}
