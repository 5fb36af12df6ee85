//===- Suggest.cpp - What was meant ---------------------------------------===//

#include "compiler/driver/Suggest.h"

#include "targets/Registry.h"

#include "llvm/ADT/STLExtras.h"

namespace tritc::driver {

namespace {

/// An option of another program.
struct Foreign {
  llvm::StringLiteral spelling;
  bool isPrefix; ///< its value follows at once
  llvm::StringLiteral advice;
};

constexpr llvm::StringLiteral ofTheProgram =
    "it is an option of the program that tritc makes: 'tritc --run "
    "<checkpoint> [program's arguments]' runs one";
constexpr llvm::StringLiteral noOption =
    "the checkpoint is named without an option";

constexpr Foreign foreignOptions[] = {
    {"-O", true, "there is one level of optimization, the highest"},
    {"-t", false, "did you mean '-j'?"},
    {"--threads", false, "did you mean '-j'?"},
    {"--output", false, "did you mean '-o'?"},
    {"--out", false, "did you mean '-o'?"},
    {"-c", false, "did you mean '--ctx-size'?"},
    {"--context", false, "did you mean '--ctx-size'?"},
    {"-q", false, "tritc is silent off a terminal"},
    {"--quiet", false, "tritc is silent off a terminal"},
    {"-m", false, noOption},
    {"--model", false, noOption},
    {"-p", false, ofTheProgram},
    {"--prompt", false, ofTheProgram},
    {"-n", false, ofTheProgram},
    {"-i", false, ofTheProgram},
    {"-cnv", false, ofTheProgram},
    {"--temp", false, ofTheProgram},
};

/// What names a processor elsewhere.
constexpr llvm::StringLiteral processorOptions[] = {
    "-march=", "-mcpu=", "-mtune="};

} // namespace

/// Letters and digits, small: "AVX-512" is "avx512".
static std::string plain(llvm::StringRef name) {
  std::string text;
  for (char c : name)
    if (llvm::isAlnum(c))
      text += llvm::toLower(c);
  return text;
}

llvm::StringRef nearestTarget(llvm::StringRef name) {
  std::string wanted = plain(name);
  if (wanted.size() < 2)
    return "";
  for (const Target *target : allTargets())
    if (llvm::StringRef(plain(target->name)).contains(wanted))
      return target->name;
  llvm::StringRef nearest;
  unsigned least = 4; // one more than the mistakes that we forgive
  for (const Target *target : allTargets()) {
    unsigned distance =
        llvm::StringRef(plain(target->name)).edit_distance(wanted, true, least);
    if (distance < least) {
      least = distance;
      nearest = target->name;
    }
  }
  return nearest;
}

std::string adviceFor(llvm::StringRef spelling) {
  for (llvm::StringRef option : processorOptions) {
    llvm::StringRef value = spelling;
    if (!value.consume_front(option))
      continue;
    llvm::StringRef target =
        value == "native" ? "native" : nearestTarget(value);
    if (target.empty())
      return "did you mean '--target='? See tritc --print-targets";
    return ("did you mean '--target=" + target + "'?").str();
  }
  for (const Foreign &option : foreignOptions)
    if (option.isPrefix ? spelling.starts_with(option.spelling)
                        : spelling.split('=').first == option.spelling)
      return option.advice.str();
  return "";
}

} // namespace tritc::driver
