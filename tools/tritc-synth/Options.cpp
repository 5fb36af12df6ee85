//===- Options.cpp - The command line of tritc-synth ----------------------===//

#include "tools/tritc-synth/Options.h"

#include "tools/tritc-synth/Gguf.h"
#include "tools/tritc-synth/Presets.h"
#include "tools/tritc-synth/SentencePiece.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <optional>

namespace tritc::synth {

namespace cl = llvm::cl;

namespace {

/// An option that overrides one number of the preset.
struct Dimension {
  llvm::StringLiteral name;
  llvm::StringLiteral summary;
  uint64_t Shape::*member;
  uint64_t largest; ///< keeps every product below in 64 bits
};

constexpr Dimension dimensions[] = {
    {"hidden", "width of the residual stream", &Shape::hidden, 1 << 20},
    {"ffn", "width of the feed-forward network", &Shape::ffn, 1 << 20},
    {"layers", "number of layers", &Shape::layers, 1 << 12},
    {"heads", "number of query heads", &Shape::heads, 1 << 16},
    {"kv-heads", "number of key and value heads", &Shape::kvHeads, 1 << 16},
    {"head-dim", "width of a head (default: hidden / heads)", &Shape::headDim,
     1 << 16},
    {"vocab", "vocabulary size, special tokens included", &Shape::vocab,
     1 << 20},
    {"context", "max_position_embeddings", &Shape::context, 1 << 24},
    {"window", "tokens that local layers of embedding models see",
     &Shape::window, 1 << 24},
    {"period", "of Gemma's layers, the last of which is not local",
     &Shape::period, 1 << 10},
};

} // namespace

static llvm::Error usage(const llvm::Twine &message) {
  return makeError(ExitCode::Usage, message);
}

/// Number and width of heads follow from each other where the user changed one
/// of them, or the width of all, and left the other open.
static llvm::Error completeShape(Shape &shape, bool headsGiven,
                                 bool headDimGiven) {
  if (headsGiven && headDimGiven)
    return llvm::Error::success();
  uint64_t known = headDimGiven ? shape.headDim : shape.heads;
  if (shape.hidden % known != 0)
    return usage("--hidden: expected a multiple of " + llvm::Twine(known) +
                 (headDimGiven ? ", the width of a head" : " heads") +
                 ", found " + llvm::Twine(shape.hidden));
  uint64_t &open = headDimGiven ? shape.heads : shape.headDim;
  open = shape.hidden / known;
  return llvm::Error::success();
}

static llvm::Error checkShape(const Shape &shape, const Family &family) {
  if (shape.headDim % 2 != 0)
    return usage("--head-dim: expected an even number, found " +
                 llvm::Twine(shape.headDim));
  if (shape.heads % shape.kvHeads != 0)
    return usage("--kv-heads: expected a divisor of the " +
                 llvm::Twine(shape.heads) + " heads, found " +
                 llvm::Twine(shape.kvHeads));
  uint64_t smallest =
      isSentencePiece(family.tokenizer) ? smallestPieceVocab() : smallestVocab;
  if (shape.vocab < smallest)
    return usage("--vocab: expected at least " + llvm::Twine(smallest) +
                 ", found " + llvm::Twine(shape.vocab));
  if (!std::isfinite(shape.ropeTheta) || shape.ropeTheta <= 0)
    return usage("--rope-theta: expected a positive number");
  if (shape.window && family.facts.windows == import::Windows::None)
    return usage("--window: there are no local layers in " + family.name);
  return llvm::Error::success();
}

static llvm::Expected<uint64_t>
parseDimension(llvm::StringRef name, llvm::StringRef text, uint64_t largest) {
  uint64_t value;
  if (text.getAsInteger(10, value) || value == 0 || value > largest)
    return usage("--" + name + ": expected a number from 1 to " +
                 llvm::Twine(largest) + ", found '" + text + "'");
  return value;
}

static llvm::Error readFormat(const std::string &name, Request &request) {
  bool isPacked = request.family->scales != Scales::Masters;
  if (name == "packed" && !isPacked)
    return usage("--format: expected master, found 'packed': there are no "
                 "packed checkpoints of " +
                 request.family->name);
  if (name == "master" || name == "bf16")
    isPacked = false;
  else if (!name.empty() && name != "packed" && name != "gguf")
    return usage("--format: expected packed, master or gguf, found '" + name +
                 "'");
  request.format = isPacked ? Format::Packed : Format::Master;
  if (name == "gguf")
    request.format = Format::Gguf;
  if (name == "gguf" && request.shape.window &&
      request.family->facts.windows != import::Windows::Alternating)
    return usage("--window: there is no key for it in GGUF files of " +
                 request.family->name);
  return llvm::Error::success();
}

namespace {
/// What --with= can add.
struct Extra {
  llvm::StringLiteral name;
  bool Extras::*member;
  bool isInEmbeddings; ///< which have such norms already
  bool isInLlamaFiles; ///< GGUF files of llama have a place for it
};

constexpr Extra extras[] = {
    {"qkv-bias", &Extras::qkvBias, false, true},
    {"bias", &Extras::bias, false, true},
    {"head-norms", &Extras::headNorms, true, false},
    {"sub-norms", &Extras::subNorms, false, true},
    {"rms-norms", &Extras::rmsNorms, true, true},
};
} // namespace

static std::string extraList() {
  return llvm::join(
      llvm::map_range(extras, [](const Extra &e) { return e.name; }), ", ");
}

static llvm::Error readExtras(llvm::StringRef names, Request &request) {
  llvm::SmallVector<llvm::StringRef> list;
  names.split(list, ',', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef name : list) {
    const Extra *found = llvm::find_if(
        extras, [&](const Extra &extra) { return extra.name == name; });
    if (found == std::end(extras))
      return usage("--with: expected some of " + extraList() + ", found '" +
                   name + "'");
    if (request.family->embeds() && found->isInEmbeddings)
      return usage("--with=" + name + ": " + request.family->name +
                   " has such norms already");
    if (request.format == Format::Gguf && request.family->permutesGguf() &&
        !found->isInLlamaFiles)
      return usage("--with=" + name +
                   ": there are none in GGUF files of llama");
    request.extras.*found->member = true;
  }
  return llvm::Error::success();
}

static llvm::Error readGguf(const std::string &matrices,
                            const std::string &tables, const std::string &tiles,
                            Request &request) {
  request.gguf.matrices = matrixEncodingCalled(matrices);
  if (!request.gguf.matrices)
    return usage("--encoding: expected " + matrixEncodingList() + ", found '" +
                 matrices + "'");
  request.gguf.tables = tableEncodingCalled(tables);
  if (!request.gguf.tables)
    return usage("--table-encoding: expected " + tableEncodingList() +
                 ", found '" + tables + "'");
  if (!tiles.empty()) {
    auto parsed = import::parseLutTiles(tiles);
    if (!parsed)
      return parsed.takeError();
    request.gguf.tiles.lutTiles = std::move(*parsed);
  }
  return checkGguf(request);
}

namespace {
/// The options as they are written; numbers are those of `dimensions`.
struct CommandLine {
  CommandLine() {
    for (const Dimension &dimension : dimensions)
      numbers.push_back(std::make_unique<Text>(
          llvm::StringRef(dimension.name), cl::desc(dimension.summary),
          cl::value_desc("N"), cl::cat(category)));
  }

  bool has(uint64_t Shape::*member) const {
    for (auto [dimension, text] : llvm::zip(dimensions, numbers))
      if (dimension.member == member)
        return text->getNumOccurrences() > 0;
    llvm_unreachable("not a dimension");
  }

  using Text = cl::opt<std::string>;
  cl::OptionCategory category{"tritc-synth options"};
  std::string presetNames = presetList(), matrixNames = matrixEncodingList(),
              tableNames = tableEncodingList(),
              extraNames = "parts that the family lacks: " + extraList();
  Text preset{"preset", cl::desc(presetNames), cl::init("tiny"),
              cl::value_desc("name"), cl::cat(category)};
  Text format{"format",
              cl::desc("packed | master (floats; also called bf16) | gguf"),
              cl::value_desc("name"), cl::cat(category)};
  Text encoding{"encoding", cl::desc(matrixNames), cl::init("i2_s"),
                cl::value_desc("name"), cl::cat(category)};
  Text tableEncoding{"table-encoding", cl::desc(tableNames), cl::init("f16"),
                     cl::value_desc("name"), cl::cat(category)};
  Text tiles{"tl-tiles", cl::desc("as tritc's option"), cl::value_desc("tiles"),
             cl::cat(category)};
  Text seed{"seed", cl::desc("same seed, same bytes"), cl::init("1"),
            cl::value_desc("N"), cl::cat(category)};
  Text shards{"shards", cl::desc("number of weight files"), cl::init("1"),
              cl::value_desc("N"), cl::cat(category)};
  Text theta{"rope-theta", cl::desc("base of the rotations"),
             cl::value_desc("X"), cl::cat(category)};
  Text with{"with", cl::desc(extraNames), cl::value_desc("list"),
            cl::cat(category)};
  Text output{"o", cl::desc("directory to write"), cl::value_desc("DIR"),
              cl::cat(category)};
  std::vector<std::unique_ptr<Text>> numbers;
};
} // namespace

/// The preset's shape with the dimensions that were given.
static llvm::Error readShape(const CommandLine &line, Request &request) {
  const Preset *preset = presetCalled(line.preset);
  if (!preset)
    return usage("--preset: expected " + line.presetNames + ", found '" +
                 line.preset + "'");
  request.family = &familyCalled(preset->family);
  request.shape = preset->shape;
  for (auto [dimension, text] : llvm::zip(dimensions, line.numbers)) {
    if (text->getNumOccurrences() == 0)
      continue;
    auto value = parseDimension(dimension.name, *text, dimension.largest);
    if (!value)
      return value.takeError();
    request.shape.*dimension.member = *value;
  }
  if (line.theta.getNumOccurrences() &&
      llvm::StringRef(line.theta).getAsDouble(request.shape.ropeTheta))
    return usage("--rope-theta: expected a number, found '" + line.theta + "'");
  bool hasHeads = line.has(&Shape::heads), hasDim = line.has(&Shape::headDim);
  if (line.has(&Shape::hidden) || hasHeads || hasDim)
    if (llvm::Error error = completeShape(request.shape, hasHeads, hasDim))
      return error;
  return checkShape(request.shape, *request.family);
}

llvm::Expected<Request> parseOptions(int argc, char **argv) {
  CommandLine line;
  cl::HideUnrelatedOptions(line.category);
  std::string complaint;
  llvm::raw_string_ostream complaints(complaint);
  if (!cl::ParseCommandLineOptions(
          argc, argv, "Writes a synthetic BitNet checkpoint.\n", &complaints)) {
    auto [first, rest] = llvm::StringRef(complaint).split('\n');
    return usage(first.split(": ").second);
  }
  Request request;
  if (llvm::Error error = readShape(line, request))
    return error;
  if (llvm::Error error = readFormat(line.format, request))
    return error;
  if (llvm::Error error = readExtras(line.with, request))
    return error;
  if (llvm::StringRef(line.seed).getAsInteger(10, request.seed))
    return usage("--seed: expected a number from 0 to 2^64 - 1, found '" +
                 line.seed + "'");
  auto shardCount = parseDimension("shards", line.shards, 99999);
  if (!shardCount)
    return shardCount.takeError();
  request.shards = *shardCount;
  if (request.format == Format::Gguf)
    if (llvm::Error error =
            readGguf(line.encoding, line.tableEncoding, line.tiles, request))
      return error;
  if (line.output.empty())
    return usage("-o: expected a directory to write");
  request.outputDirectory = line.output;
  return request;
}

} // namespace tritc::synth
