//===- ToyModel.cpp - A model whose answers are known ---------------------===//

#include "test/unit/runtime/ToyModel.h"

#include "runtime/abi/ChatTemplate.h"
#include "test/unit/text/TestTokenizer.h"

#include <cstring>
#include <unistd.h>

using namespace tritc;
using namespace tritc::test;

static constexpr size_t imageCapacity = size_t{1} << 20;
static constexpr size_t pageBytes = 4096;
static constexpr size_t weightBytes = 1000;
/// The table of embeddings lies between these and as many others.
static constexpr size_t tableAt = 1024;
static constexpr size_t rowBytes = 40;

/// The tokens of the one toy there is per process, for its code.
static ToyTokens marks;
static uint32_t vocabSize;

namespace {
struct CacheRow {
  uint64_t chain; ///< depends on all tokens up to this one
  int32_t token;
  int32_t reserved;
};
} // namespace

static uint64_t mix(uint64_t a, uint64_t b) {
  uint64_t x = (a ^ b) * 0x9e3779b97f4a7c15;
  return (x ^ (x >> 29)) * 0xbf58476d1ce4e5b9;
}

namespace {
/// The rows of one sequence, wherever its pages are.
class Sequence {
public:
  Sequence(uint8_t *kvCache, const int32_t *place)
      : rows(reinterpret_cast<CacheRow *>(kvCache)), pages(place + 1) {}
  CacheRow &operator[](int64_t position) const {
    return rows[pages[position / TRITC_KV_PAGE] * int64_t{TRITC_KV_PAGE} +
                position % TRITC_KV_PAGE];
  }

private:
  CacheRow *rows;
  const int32_t *pages;
};
} // namespace

/// Numbers of a place.
static constexpr int64_t placeSize = 1 + ToyModel::contextSize / TRITC_KV_PAGE;

/// What the toy says after rows [0, position].
static int32_t nextToken(const Sequence &rows, int64_t position) {
  std::vector<int32_t> system, user;
  std::vector<int32_t> *part = nullptr;
  int64_t answerStart = -1;
  for (int64_t i = 0; i <= position; ++i) {
    int32_t token = rows[i].token;
    if (token == marks.system)
      part = &system;
    else if (token == marks.user)
      part = &user, user.clear();
    else if (token == marks.assistant)
      answerStart = i, part = nullptr;
    else if (token == marks.end)
      part = nullptr;
    else if (part)
      part->push_back(token);
  }
  if (answerStart < 0)
    return (rows[position].token + 1) % 256;
  system.insert(system.end(), user.begin(), user.end());
  size_t said = static_cast<size_t>(position - answerStart);
  if (!system.empty() && system[0] == endless) {
    usleep(2000);
    return system[said % system.size()];
  }
  return said < system.size() ? system[said] : marks.end;
}

/// Computes the chain of row `at`, and of those before it that have none.
static uint64_t chainOf(const uint8_t *weights, const Sequence &rows,
                        int64_t at) {
  int64_t first = at;
  while (first > 0 && rows[first - 1].chain == 0)
    --first;
  for (int64_t i = first; i <= at; ++i) {
    auto token = static_cast<uint64_t>(rows[i].token);
    uint64_t before = i ? rows[i - 1].chain : 0;
    before += weights[tableAt + token * rowBytes];
    rows[i].chain = mix(before, token);
  }
  return rows[at].chain;
}

static TritcMark hook = nullptr;
static const TritcWork work[] = {
    {"cache", 0}, {"logits", 1000}, {"barrier", 0}};

static void mark(int64_t thread, int64_t kind) {
  if (hook)
    hook(thread, kind);
}

static std::atomic<bool> *flagToRaise = nullptr;
static int blocksUntilThen = 0;

void ToyModel::interruptInBlock(std::atomic<bool> *flag, int number) {
  flagToRaise = flag;
  blocksUntilThen = number;
}

static void forward(const uint8_t *weights, uint8_t *scratch, uint8_t *kvCache,
                    const int32_t *tokens, const int32_t *places, float *logits,
                    float *trace, int64_t tokenCount, int64_t firstLogit,
                    int64_t thread, int64_t threadCount, void *barrier) {
  auto next = reinterpret_cast<int32_t *>(scratch);
  // One thread fills the cache, then all share the vocabulary.
  int64_t traceRows = tokenCount == 1 ? 1 : ToyModel::maxTokens;
  // Like a real one, in any order of tokens: a token's chain is made of those
  // of its sequence before it, which may come later in the pass.
  if (thread == 0) {
    for (int64_t i = 0; i < tokenCount; ++i) {
      const int32_t *place = places + i * placeSize;
      Sequence(kvCache, place)[place[0]] = {0, tokens[i], 0};
    }
    for (int64_t i = 0; i < tokenCount; ++i) {
      const int32_t *place = places + i * placeSize;
      Sequence rows(kvCache, place);
      int64_t at = place[0];
      uint64_t chain = chainOf(weights, rows, at);
      next[i] = i >= firstLogit ? nextToken(rows, at) : 0;
      for (int64_t stage = 0; trace && stage <= ToyModel::layerCount; ++stage)
        for (int64_t k = 0; k < ToyModel::hiddenSize; ++k)
          trace[(stage * traceRows + i) * ToyModel::hiddenSize + k] =
              ToyModel::residual(chain, stage, k);
    }
  }
  if (thread == 0 && flagToRaise && --blocksUntilThen == 0)
    flagToRaise->store(true);
  mark(thread, 0);
  tritc_barrier(barrier);
  mark(thread, 2);
  for (int64_t i = firstLogit; i < tokenCount; ++i) {
    const int32_t *place = places + i * placeSize;
    uint64_t chain = Sequence(kvCache, place)[place[0]].chain;
    for (int64_t v = thread; v < vocabSize; v += threadCount) {
      uint64_t noise = mix(chain, static_cast<uint64_t>(v));
      float logit = static_cast<float>(noise >> 40) * 0x1p-24f;
      size_t at = static_cast<size_t>(v) % weightBytes;
      size_t behind = tableAt + vocabSize * rowBytes;
      logit += static_cast<float>(weights[at]) * 0x1p-10f;
      logit += static_cast<float>(weights[behind + at]) * 0x1p-11f;
      logits[i * vocabSize + v] = logit + (v == next[i] ? 30.0f : 0.0f);
    }
  }
  mark(thread, 1);
}

static void decode(const uint8_t *weights, uint8_t *scratch, uint8_t *kvCache,
                   const int32_t *tokens, const int32_t *places, float *logits,
                   float *trace, int64_t tokenCount, int64_t firstLogit,
                   int64_t thread, int64_t threadCount, void *barrier) {
  if (tokenCount != 1)
    abort();
  forward(weights, scratch, kvCache, tokens, places, logits, trace, 1,
          firstLogit, thread, threadCount, barrier);
}

float ToyModel::residual(uint64_t chain, int64_t stage, int64_t k) {
  return static_cast<float>(mix(chain, static_cast<uint64_t>(8 * stage + k)) >>
                            40);
}

uint8_t *ToyModel::start() const {
  uintptr_t address = reinterpret_cast<uintptr_t>(memory.get());
  return memory.get() + (-address % pageBytes);
}

TritcSpan ToyModel::place(const void *data, size_t bytes, size_t alignment) {
  used = (used + alignment - 1) / alignment * alignment;
  memcpy(start() + used, data, bytes);
  TritcSpan span = {used, bytes};
  used += bytes;
  return span;
}

TritcSpan ToyModel::place(const std::string &text) {
  return place(text.data(), text.size(), 1);
}

ToyModel::ToyModel() : memory(new uint8_t[imageCapacity + pageBytes]()) {
  import::TokenizerModel tokenizer = modelOf({{"h", "e"}, {"l", "l"}});
  auto add = [&](const char *text) {
    return static_cast<int32_t>(addSpecial(tokenizer, text));
  };
  special.begin = add("<|begin|>");
  special.end = add("<|end|>");
  special.system = add("<|system|>");
  special.user = add("<|user|>");
  special.assistant = add("<|assistant|>");
  tokenizer.bos = static_cast<uint32_t>(special.begin);
  tokenizer.addsBos = true;
  marks = special;
  // Three ids more than the tokenizer knows, as padded vocabularies have.
  vocabSize = static_cast<uint32_t>(tokenizer.tokens.size()) + 3;

  used = sizeof(TritcImageHeader);
  TritcImageHeader &header = image();
  header.magic = TRITC_IMAGE_MAGIC;
  header.abiVersion = TRITC_ABI_VERSION;
  header.headerBytes = sizeof(TritcImageHeader);
  header.modelName = place("toy");
  std::vector<uint8_t> tables = import::buildTokenizerTables(tokenizer);
  header.tokenizer = place(tables.data(), tables.size(), 64);
  header.stopTokens = place(&special.end, sizeof(special.end), 4);
  header.vocabSize = vocabSize;
  header.contextSize = contextSize;
  header.layerCount = layerCount;
  header.hiddenSize = hiddenSize;
  header.generation = {.temperature = 0,
                       .topP = 1,
                       .minP = 0,
                       .repeatPenalty = 1,
                       .topK = 0,
                       .reserved = 0};
  for (bool hasSystem : {false, true}) {
    TritcChatTurns &turns = header.chat.turns[hasSystem];
    auto &pieces = turns.pieces;
    pieces[TRITC_CHAT_OPEN] = place(hasSystem ? "<|system|>" : "<|user|>");
    pieces[TRITC_CHAT_AFTER_SYSTEM] = place("<|end|><|user|>");
    for (int later = 0; later < 2; ++later) {
      pieces[TRITC_CHAT_TO_ANSWER + later] = place("<|end|><|assistant|>");
      pieces[TRITC_CHAT_TO_USER + later] = place("<|end|><|user|>");
      pieces[TRITC_CHAT_PROMPT + later] = place("<|end|><|assistant|>");
    }
    TritcTrim all = {TRITC_ALL_SPACES, TRITC_ALL_SPACES, 0};
    turns.trims = {all, all, all, {}, {}};
  }
  header.chat.name = place("toy");
  header.chat.rules.hasTemplate = 1;
  header.chat.rules.takesSystem = 1;
  size_t tableBytes = vocabSize * rowBytes;
  std::vector<uint8_t> weights(tableAt + tableBytes + weightBytes);
  for (size_t i = 0; i < weights.size(); ++i)
    weights[i] = static_cast<uint8_t>(i * 7 + i / 256);
  header.weights = place(weights.data(), weights.size(), pageBytes);
  header.embedding = {header.weights.offset + tableAt, tableBytes};
  header.embeddingTileRows = 1;
  header.imageBytes = used;

  code = {.abiVersion = TRITC_ABI_VERSION,
          .maxTokens = maxTokens,
          .requiredFeatures = 0,
          .targetName = "toy",
          .scratchBytes = maxTokens * sizeof(int32_t),
          .kvCacheBytes = contextSize * sizeof(CacheRow),
          .contextSize = contextSize,
          .vocabSize = vocabSize,
          .decode = decode,
          .prefill = forward,
          .ternaryParameters = 4 * weightBytes,
          .ternaryBytes = weightBytes,
          .headBytes = 0,
          .bytesPerToken = weightBytes,
          .headBits = 8,
          .work = work,
          .workCount = std::size(work),
          .mark = &hook,
          .vectorSize = 0};
}
