//===- Options.h - The command line of an emitted program -----------------===//
//
// One table (Options.cpp) holds every option: from it come parsing, ranges,
// --help and what /set may change. Another holds what other programs have and
// this one does without.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Array.h"
#include "runtime/base/Failure.h"
#include "runtime/chat/Output.h"
#include "runtime/sample/Rules.h"

#include <span>
#include <string_view>

namespace tritc::chat {

/// What the program is asked to do: the first argument, or a conversation.
enum class Command : uint32_t {
  Chat,
  Bench,
  Logits,
  Tokenize,
  Prompt,
  Embed,
  Serve,
  Perplexity,
  Info,
  Selftest,
  Licenses,
};

/// Texts given with an option that may be repeated.
struct TextList {
  static constexpr size_t capacity = 16;
  std::string_view items[capacity];
  size_t count = 0;

  const std::string_view *begin() const { return items; }
  const std::string_view *end() const { return items + count; }
};

/// Everything the options say. A text not given has no data().
struct Settings : sample::SamplerOptions {
  TextList prompts;
  base::Array<char> words; ///< those that are no options, a space in between
  TextList promptFiles;
  std::string_view systemPrompt;
  std::string_view systemPromptFile;
  std::string_view messagesFile;
  std::string_view ids;
  std::string_view promptName; ///< of the model's prompts
  std::string_view dumpFile;
  std::string_view file; ///< the argument of `perplexity`
  TextList reversePrompts;
  std::string_view grammar;              ///< GBNF, or a file with it
  std::string_view jsonSchema;           ///< JSON, or a file with it
  base::Array<sample::LogitBias> biases; ///< what logitBias is of
  TextList ignored;     ///< foreign options that were given, each once
  int64_t predict = -1; ///< -1: until the model stops or the context is full
  int64_t benchPrompt = -1;  ///< -1: not given
  int64_t benchPredict = -1; ///< -1: not given
  int64_t benchDepth = 0;
  int64_t benchRepeat = 3;
  int64_t contextSize = 0; ///< 0: as compiled
  int64_t threads = 0;     ///< 0: all physical cores
  int64_t chunk = 0;       ///< 0: as compiled
  int64_t seed = -1;       ///< -1: from the kernel
  int64_t weights = 2;     ///< an exec::Weights, by default Auto
  int64_t draftMost = 7;   ///< tokens guessed ahead at most
  int64_t draftLeast = 0;  ///< whatever that costs; 0: as many as pay
  bool serveBench = false;
  bool conversation = false;
  bool singleTurn = false;
  bool raw = false;
  bool escape = false;
  bool whole = false;
  bool dryRun = false;
  bool noBos = false;
  bool noParseSpecial = false;
  bool profile = false;
  bool json = false;
  int64_t keep = 0; ///< turns that a full context does not push out; -1: all
  std::string_view sessionFile;
  std::string_view batchFile;
  bool logprobs = false;
  bool noHistory = false;
  bool verbose = false;
  bool help = false;
  bool version = false;
  //--- serve ----------------------------------------------------------------
  std::string_view host;
  std::string_view unixSocket;
  std::string_view apiKeyFile;
  TextList apiKeys, allowedHosts, corsOrigins, aliases;
  int64_t port = 8080;
  bool noAuth = false;
  bool noSandbox = false;
  int64_t slots = 16;
  int64_t queue = 64;
  int64_t kvMemory = 0; ///< MB; 0: chosen
  int64_t maxBody = 4;  ///< MB
  int64_t maxHead = 32; ///< KB
  int64_t maxConnections = 4096;
  double headTimeout = 15; ///< seconds, as the following
  double bodyTimeout = 60;
  double idleTimeout = 75;
  double writeTimeout = 30;

  /// Whether the command line says what to answer, or where it stands.
  bool hasPrompt() const {
    return prompts.count || words.size() || promptFiles.count;
  }
};

/// A member of Settings with its kind.
struct Field {
  enum Kind { Integer, Number, Text, List, Flag, Choice, Constant, Bias } kind;
  union {
    int64_t Settings::*integer;
    double Settings::*number;
    std::string_view Settings::*text;
    TextList Settings::*list;
    bool Settings::*flag;
    base::Array<sample::LogitBias> Settings::*biases;
  };
  constexpr Field(int64_t Settings::*member) : kind(Integer), integer(member) {}
  constexpr Field(Kind kind, int64_t Settings::*member)
      : kind(kind), integer(member) {}
  constexpr Field(double Settings::*member) : kind(Number), number(member) {}
  constexpr Field(std::string_view Settings::*member)
      : kind(Text), text(member) {}
  constexpr Field(TextList Settings::*member) : kind(List), list(member) {}
  constexpr Field(bool Settings::*member) : kind(Flag), flag(member) {}
  constexpr Field(base::Array<sample::LogitBias> Settings::*member)
      : kind(Bias), biases(member) {}
};

struct Option {
  const char *shortName; ///< "-n" or null
  const char *longName;  ///< "--predict"
  const char *aliases;   ///< other spellings, a space in between, or null
  const char *valueName; ///< for help; null for flags; a|b|c of a Choice
  Field field;
  /// Of Integer and Number, both included. The least length of a List's texts;
  /// what a Constant stands for.
  double minimum, maximum;
  uint32_t commands; ///< bit per Command
  bool isSettable;   ///< by /set, while chatting
  const char *help;
};

/// An option of llama-cli that means nothing here.
struct ForeignOption {
  enum Value { None, Needed, Optional }; ///< Optional: on, off, auto, 0 or 1
  const char *spellings;                 ///< a space in between
  Value value;
  const char *note; ///< why it is ignored; null where it asks for what is so
  bool isRefused = false; ///< it would change the answer: `note` is the way out
};

/// A command with what --help says of it.
struct CommandInfo {
  const char *name; ///< null for the conversation
  const char *arguments;
  const char *help;
};

std::span<const Option> options();
std::span<const ForeignOption> foreignOptions();
std::span<const CommandInfo> commands(); ///< by Command

/// The option of `command` with this spelling; null if there is none. Long
/// names may have _ for - and a single dash in front.
const Option *findOption(std::string_view name, Command command);
const ForeignOption *findForeignOption(std::string_view name);

/// The spelling of an option of `command`, or the name of a command, that
/// somebody who wrote `name` may have meant; empty if none is near.
std::string_view nearestOption(std::string_view name, Command command);
std::string_view nearestCommand(std::string_view name);

/// Gives `option` its value, from its spelling; none for flags.
base::Failure assign(const Option &option, std::string_view value,
                     Settings &settings);

/// Reads the arguments after argv[0] into `settings`, whose content before is
/// the defaults. Usage with one line when one of them is unknown, incomplete or
/// out of range.
base::Failure parseArguments(std::span<char *const> arguments, Command &command,
                             Settings &settings);

/// Sets the settable option called `name` (without dashes) from its spelling.
base::Failure setByName(std::string_view name, std::string_view value,
                        Settings &settings);

/// Prints the settable options with their values, for /set alone; or only the
/// one called `name`.
void printSettable(Output &out, const Settings &settings,
                   std::string_view name = {});

/// Prints the keys of a chat.
void printKeys(Output &out);

/// One line on standard error for each option that was given and ignored.
void printIgnored(const Settings &settings);

/// Prints all commands and options that there are for a model that writes text
/// or, if it `embeds`, for one that makes vectors; `defaults` are what holds
/// without any.
void printHelp(Output &out, const char *program, const Settings &defaults,
               bool embeds = false);

} // namespace tritc::chat
