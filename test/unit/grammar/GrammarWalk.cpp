//===- GrammarWalk.cpp - Random texts of many schemas ---------------------===//
//
// grammar-walk walk SCHEMAS COUNT SEED TOKENIZER
// grammar-walk check SCHEMAS TOKENIZER
// grammar-walk time SCHEMAS TOKENIZER
//
// SCHEMAS has a JSON schema on each line. `walk` prints COUNT texts for each,
// made byte by byte and token by token in turn: the number of the line, a tab,
// the text as a JSON string. `check` reads such lines and prints for each 1 if
// the schema has the text, else 0. `time` prints what masks cost along walks.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/tokenizer/Tokenizer.h"
#include "compiler/import/tokenizer/TokenizerTables.h"
#include "compiler/support/Error.h"
#include "compiler/support/MappedFile.h"
#include "runtime/grammar/Matcher.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace tritc;
using llvm::StringRef;

/// Longer texts are not printed: something goes on and on.
static constexpr size_t mostBytes = 6000;

static double now() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

namespace {
struct Schema {
  grammar::Grammar grammar;
  std::unique_ptr<grammar::Automaton> automaton;
};

class Walker {
public:
  Walker(const grammar::Vocabulary &words, uint64_t seed)
      : words(words), random(seed), bits(words.words()) {}

  /// A text; none if it did not end.
  std::optional<std::string> walk(grammar::Automaton &automaton, bool byTokens);

  size_t steps = 0;
  double seconds = 0, worst = 0; ///< for masks

private:
  bool isOneIn(uint32_t n) { return random() % n == 0; }
  bool stepByByte(grammar::Matcher &matcher, std::string &text);
  bool stepByToken(grammar::Matcher &matcher, std::string &text);

  const grammar::Vocabulary &words;
  std::mt19937_64 random;
  std::vector<uint64_t> bits;
};
} // namespace

/// Any byte that may come, each as often.
bool Walker::stepByByte(grammar::Matcher &matcher, std::string &text) {
  uint8_t first = static_cast<uint8_t>(random());
  for (unsigned i = 0; i < 256; ++i) {
    char byte = static_cast<char>(first + i);
    if (!matcher.acceptText({&byte, 1}))
      continue;
    text += byte;
    return true;
  }
  return false;
}

bool Walker::stepByToken(grammar::Matcher &matcher, std::string &text) {
  double before = now();
  bool isAny = matcher.allowed(bits);
  double took = now() - before;
  seconds += took;
  worst = std::max(worst, took);
  ++steps;
  if (!isAny)
    return false;
  size_t first = random() % words.size();
  for (size_t i = 0; i < words.size(); ++i) {
    size_t id = (first + i) % words.size();
    if (!(bits[id / 64] >> (id % 64) & 1) ||
        words.isStop(static_cast<int32_t>(id)))
      continue;
    text += words.bytesOf(static_cast<int32_t>(id));
    return matcher.accept(static_cast<int32_t>(id));
  }
  return false;
}

std::optional<std::string> Walker::walk(grammar::Automaton &automaton,
                                        bool byTokens) {
  grammar::Matcher matcher(automaton);
  std::string text;
  while (text.size() < mostBytes) {
    if (matcher.mayEnd() && isOneIn(2))
      return text;
    // Strings and lists shall end now and then.
    static constexpr char closers[] = "\"]}";
    char closer = closers[random() % 3];
    if ((isOneIn(4) || text.size() > 300) && matcher.acceptText({&closer, 1})) {
      text += closer;
      continue;
    }
    bool isOn =
        byTokens ? stepByToken(matcher, text) : stepByByte(matcher, text);
    if (!isOn) {
      if (!matcher.mayEnd())
        llvm::errs() << "dead end behind " << text << "\n";
      return matcher.mayEnd() ? std::optional(text) : std::nullopt;
    }
  }
  return std::nullopt;
}

static int walk(std::vector<Schema> &schemas, const grammar::Vocabulary &words,
                size_t count, uint64_t seed) {
  Walker walker(words, seed);
  for (size_t i = 0; i < schemas.size(); ++i) {
    size_t made = 0;
    for (size_t tries = 0; made < count && tries < 4 * count; ++tries)
      if (auto text = walker.walk(*schemas[i].automaton, tries % 2)) {
        llvm::outs() << i << "\t" << llvm::json::Value(*text) << "\n";
        ++made;
      }
  }
  return 0;
}

static int check(std::vector<Schema> &schemas) {
  std::string line;
  while (std::getline(std::cin, line)) {
    auto [number, text] = StringRef(line).split('\t');
    size_t index;
    llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
    if (number.getAsInteger(10, index) || index >= schemas.size() || !value ||
        !value->getAsString()) {
      llvm::consumeError(value.takeError());
      llvm::errs() << "expected a number, a tab and a string\n";
      return 1;
    }
    grammar::Matcher matcher(*schemas[index].automaton);
    StringRef bytes = *value->getAsString();
    llvm::outs() << (matcher.acceptText({bytes.data(), bytes.size()}) &&
                     matcher.mayEnd())
                 << "\n";
  }
  return 0;
}

static int measure(std::vector<Schema> &schemas,
                   const grammar::Vocabulary &words) {
  Walker walker(words, 1);
  for (size_t i = 0; i < schemas.size(); ++i) {
    walker.steps = 0;
    walker.seconds = walker.worst = 0;
    for (int text = 0; text < 20; ++text)
      walker.walk(*schemas[i].automaton, true);
    llvm::outs() << llvm::format(
        "schema %2zu: %5zu masks, %.3f ms each, %.2f ms at most, %zu states\n",
        i, walker.steps,
        1e3 * walker.seconds /
            static_cast<double>(std::max<size_t>(walker.steps, 1)),
        1e3 * walker.worst, schemas[i].automaton->stateCount());
  }
  return 0;
}

int main(int argc, char **argv) {
  llvm::ExitOnError orExit("grammar-walk: ");
  StringRef command = argc > 1 ? argv[1] : "";
  bool isWalk = command == "walk";
  size_t count = 0;
  uint64_t seed = 0;
  if (argc != (isWalk ? 6 : 4) ||
      (!isWalk && command != "check" && command != "time") ||
      (isWalk && (StringRef(argv[3]).getAsInteger(10, count) ||
                  StringRef(argv[4]).getAsInteger(10, seed)))) {
    llvm::errs() << "usage: grammar-walk walk SCHEMAS COUNT SEED TOKENIZER | "
                    "check SCHEMAS TOKENIZER | time SCHEMAS TOKENIZER\n";
    return 1;
  }
  StringRef path = argv[argc - 1];
  MappedFile vocabulary = orExit(MappedFile::open(path));
  auto model = orExit(import::parseTokenizer(vocabulary.text(), path, {}));
  std::vector<uint8_t> tables = import::buildTokenizerTables(model);
  text::Tokenizer tokenizer(tables.data());
  uint32_t stop = static_cast<uint32_t>(tokenizer.eosId());
  double before = now();
  grammar::Vocabulary words(
      tokenizer, static_cast<size_t>(tokenizer.vocabSize()), {&stop, 1});
  if (command == "time")
    llvm::outs() << llvm::format(
        "vocabulary: %zu tokens, %zu nodes, %.1f ms, %.1f MB\n", words.size(),
        words.nodes().size(), 1e3 * (now() - before),
        static_cast<double>(words.memory()) / 1e6);

  MappedFile file = orExit(MappedFile::open(argv[2]));
  llvm::SmallVector<StringRef> lines;
  file.text().split(lines, '\n', -1, /*KeepEmpty=*/false);
  std::vector<Schema> schemas(lines.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    base::Failure failure = grammar::Grammar::fromJsonSchema(
        {lines[i].data(), lines[i].size()}, schemas[i].grammar);
    if (failure) {
      llvm::errs() << "schema " << i << ": " << failure.message << "\n";
      return 1;
    }
    schemas[i].automaton =
        std::make_unique<grammar::Automaton>(schemas[i].grammar, words);
  }
  if (isWalk)
    return walk(schemas, words, count, seed);
  return command == "check" ? check(schemas) : measure(schemas, words);
}
