//===- TokenizerSplit.cpp - Cutting text into pieces before BPE -----------===//

#include "compiler/import/tokenizer/TokenizerSplit.h"

#include "compiler/import/tokenizer/TokenizerClasses.h"
#include "compiler/import/tokenizer/TokenizerPattern.h"
#include "compiler/import/tokenizer/TokenizerPatternRules.h"
#include "compiler/support/Error.h"

using llvm::StringRef;
using llvm::Twine;
using llvm::json::Object;
using llvm::json::Value;

namespace tritc::import {

constexpr llvm::StringLiteral llama3Expression =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|)"
    R"( ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr llvm::StringLiteral qwen2Expression =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|)"
    R"( ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr llvm::StringLiteral o200kExpression =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*)"
    R"([\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+)"
    R"([\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
    R"(\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr llvm::StringLiteral gpt2Expression =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|)"
    R"(\s+(?!\S)|\s+)";

/// The emitted program keeps a place for each.
static constexpr size_t mostStages = TRITC_SPLIT_STAGES;

/// Sets of characters in all stages; Llama 3 has forty. Bounds the memory that
/// a file can ask for.
static constexpr size_t mostSets = 256;

static SplitStage stageOf(StringRef expression) {
  SplitStage stage;
  stage.expression = expression.str();
  stage.pattern = llvm::cantFail(parsePattern(expression, "pre_tokenizer"));
  return stage;
}

SplitStages splitBy(StringRef expression) { return {stageOf(expression)}; }

static SplitStage stageOf(StringRef name, CodePointSet set) {
  SplitStage stage;
  stage.expression = name.str();
  stage.pattern = patternOfSet(std::move(set));
  return stage;
}

/// As Rust's is_ascii_punctuation has it, and \p{P}.
static CodePointSet punctuation() {
  CodePointSet set = *generalCategory("P");
  set.add({{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}});
  return set;
}

namespace {
/// Reads one stage after the other.
class StageReader {
public:
  explicit StageReader(const Twine &where) : where(where.str()) {}

  llvm::Error read(const Object &stage);
  llvm::Error read(const StageText &stage);
  llvm::Error needBytes() const {
    return onBytes ? llvm::Error::success()
                   : unsupported("not supported, expected a ByteLevel, found "
                                 "none");
  }
  llvm::Expected<SplitStages> finish();

private:
  llvm::Error readSplit(const Object &stage);
  llvm::Error readBytes(const Object &stage);
  llvm::Error readBehavior(const Object &stage, StringRef missing);
  void add(SplitStage stage) {
    stage.onBytes = onBytes;
    stages.push_back(std::move(stage));
  }
  llvm::Error unsupported(const Twine &what) const {
    return makeError(ExitCode::Unreadable, where + ": " + what);
  }

  std::string where;
  bool onBytes = false; ///< ByteLevel was there
  SplitStages stages;
};
} // namespace

/// Does every text of `pattern`'s stage fall into matches, without gaps?
static bool leavesNoGaps(const SplitPattern &pattern) {
  return surelyMatched(pattern).complement().empty();
}

/// What becomes of the matches of the last stage. ("invert" changes nothing
/// where every match and every gap is a piece. With "Removed" the gaps go,
/// which changes nothing where there are none.)
llvm::Error StageReader::readBehavior(const Object &stage, StringRef missing) {
  StringRef behavior = stage.getString("behavior").value_or(missing);
  if (behavior == "Removed" && stage.getBoolean("invert").value_or(false) &&
      leavesNoGaps(stages.back().pattern))
    return llvm::Error::success();
  if (behavior != "Isolated" && behavior != "Contiguous")
    return unsupported("behavior: not supported, expected Isolated or "
                       "Contiguous, found " +
                       (behavior.empty() ? "nothing" : behavior));
  stages.back().joinsMatches = behavior == "Contiguous";
  return llvm::Error::success();
}

llvm::Error StageReader::readSplit(const Object &stage) {
  const Object *pattern = stage.getObject("pattern");
  std::optional<StringRef> regex, text;
  if (pattern) {
    regex = pattern->getString("Regex");
    text = pattern->getString("String");
  }
  if (text && !text->empty()) {
    add({text->str(), patternOfText(*text)});
  } else if (regex) {
    llvm::Expected<SplitPattern> parsed = parsePattern(*regex, where);
    if (!parsed)
      return parsed.takeError();
    add({regex->str(), std::move(*parsed)});
  } else {
    return makeError(ExitCode::Malformed,
                     where + ": pattern: expected a Regex or a String");
  }
  return readBehavior(stage, "");
}

/// Bytes become characters; before that, GPT-2's expression.
llvm::Error StageReader::readBytes(const Object &stage) {
  if (onBytes)
    return unsupported("not supported, expected one ByteLevel, found two");
  if (stage.getBoolean("add_prefix_space").value_or(true))
    return unsupported("add_prefix_space: not supported, expected false");
  if (stage.getBoolean("use_regex").value_or(true))
    add(stageOf(gpt2Expression));
  onBytes = true;
  return llvm::Error::success();
}

llvm::Error StageReader::read(const Object &stage) {
  if (stages.size() > mostStages)
    return unsupported("not supported, expected at most " + Twine(mostStages) +
                       " stages");
  StringRef type = stage.getString("type").value_or("a stage without type");
  if (type == "Split")
    return readSplit(stage);
  if (type == "ByteLevel")
    return readBytes(stage);
  if (type == "Digits") {
    add(stageOf("\\p{N}", *generalCategory("N")));
    stages.back().joinsMatches =
        !stage.getBoolean("individual_digits").value_or(false);
    return llvm::Error::success();
  }
  if (type == "Punctuation") {
    add(stageOf("[!-/:-@\\[-`{-~\\p{P}]", punctuation()));
    return readBehavior(stage, "Isolated");
  }
  return unsupported("not supported, expected Split, Digits, Punctuation and "
                     "ByteLevel, found " +
                     type);
}

llvm::Error StageReader::read(const StageText &stage) {
  llvm::Expected<SplitPattern> parsed = parsePattern(stage.expression, where);
  if (!parsed)
    return parsed.takeError();
  onBytes = stage.onBytes;
  add({stage.expression.str(), std::move(*parsed), stage.joinsMatches});
  return llvm::Error::success();
}

llvm::Expected<SplitStages> StageReader::finish() {
  if (stages.size() > mostStages)
    return unsupported("not supported, expected at most " + Twine(mostStages) +
                       " stages, found " + Twine(stages.size()));
  size_t sets = 0;
  for (const SplitStage &stage : stages)
    sets += stage.pattern.sets().size();
  if (sets > mostSets)
    return unsupported("not supported, expected at most " + Twine(mostSets) +
                       " sets of characters, found " + Twine(sets));
  if (!CharacterClasses(stages).fit())
    return unsupported("not supported, expected at most " +
                       Twine(TRITC_CLASS_COUNT) + " kinds of characters");
  return std::move(stages);
}

llvm::Expected<SplitStages>
parseSplitStages(llvm::ArrayRef<const Object *> stages, StringRef file) {
  StageReader reader(file + ": pre_tokenizer");
  for (const Object *stage : stages)
    if (llvm::Error error = reader.read(*stage))
      return std::move(error);
  if (llvm::Error error = reader.needBytes())
    return std::move(error);
  return reader.finish();
}

llvm::Expected<SplitStages> splitInStages(llvm::ArrayRef<StageText> texts,
                                          StringRef where) {
  StageReader reader(where);
  for (const StageText &text : texts)
    if (llvm::Error error = reader.read(text))
      return std::move(error);
  return reader.finish();
}

} // namespace tritc::import
