//===- Options.cpp - The command line of an emitted program ---------------===//

#include "runtime/chat/Options.h"

using namespace tritc;
using namespace tritc::chat;

static constexpr CommandInfo commandTable[] = {
    {nullptr, "[options] [TEXT]", "answer TEXT; without any, chat"},
    {"bench", "[options]", "measure tokens and bytes per second"},
    {"logits", "[options] [TEXT]",
     "print the best token after each, and a hash"},
    {"tokenize", "[options] [TEXT]", "print token ids"},
    {"prompt", "[options] [TEXT]", "print what a conversation becomes"},
    {"embed", "[options] [TEXT]", "print the vector of each text"},
    {"perplexity", "FILE [options]", "how well the model predicts a text"},
    {"info", "[options]", "what was compiled"},
    {"selftest", "[options]", "does this machine compute what was compiled?"},
    {"licenses", "[options]", "the terms of what is in this program"},
};

static constexpr uint32_t in(Command command) {
  return 1u << static_cast<uint32_t>(command);
}
static constexpr uint32_t chats = in(Command::Chat);
static constexpr uint32_t converses = chats | in(Command::Prompt);
static constexpr uint32_t takesPrompt = converses | in(Command::Logits) |
                                        in(Command::Tokenize) |
                                        in(Command::Embed);
static constexpr uint32_t runsModel =
    chats | in(Command::Bench) | in(Command::Logits) | in(Command::Perplexity) |
    in(Command::Embed);
static constexpr uint32_t encodes =
    in(Command::Logits) | in(Command::Tokenize) | in(Command::Embed);
static constexpr uint32_t takesIds = in(Command::Logits) | in(Command::Embed);
static constexpr uint32_t always = ~0u;

static constexpr double largest = 9e18;

// clang-format off
static constexpr Option table[] = {
    {"-p", "--prompt", nullptr, "TEXT", &Settings::prompts, 0, 0, takesPrompt, false,
     "the prompt, or its beginning; a file or a pipe goes on"},
    {"-f", "--file", nullptr, "FILE", &Settings::promptFiles, 1, 0, takesPrompt, false,
     "a file with the prompt, or more of it; -: standard input"},
    {"-e", "--escape", nullptr, nullptr, &Settings::escape, 0, 0, takesPrompt, false,
     "read \\n, \\t, \\\\ and the like in texts of the command line"},
    {"-sys", "--system-prompt", "--system", "TEXT", &Settings::systemPrompt, 0, 0, converses, false,
     "what the model is told before the conversation"},
    {"-sysf", "--system-prompt-file", nullptr, "FILE", &Settings::systemPromptFile, 0, 0, converses, false,
     "the same from a file"},
    {nullptr, "--messages", nullptr, "FILE", &Settings::messagesFile, 0, 0, in(Command::Prompt), false,
     "a conversation: [{\"role\": .., \"content\": ..}, ..]"},
    {nullptr, "--dry-run", nullptr, nullptr, &Settings::dryRun, 0, 0, chats, false,
     "print the prompt that this makes, and leave"},
    {nullptr, "--raw", "-no-cnv --no-conversation", nullptr, &Settings::raw, 0, 0, chats, false,
     "continue the prompt (-p, -f or a pipe) without the chat template"},
    {"-cnv", "--conversation", "-i --interactive -if --interactive-first", nullptr, &Settings::conversation, 0, 0, chats, false,
     "on a terminal, go on with a chat when the prompt is answered"},
    {"-st", "--single-turn", nullptr, nullptr, &Settings::singleTurn, 0, 0, chats, false,
     "leave the chat after one answer"},
    {"-n", "--predict", "--n-predict --max-tokens", "N", &Settings::predict, -1, largest, chats, true,
     "tokens per answer at most; -1: no limit"},
    {"-r", "--reverse-prompt", nullptr, "TEXT", &Settings::reversePrompts, 1, 0, chats, false,
     "end the answer before this text; may be repeated"},
    {nullptr, "--temp", "--temperature", "X", &Settings::temperature, 0, 100, chats, true,
     "temperature; 0: always the likeliest token"},
    {nullptr, "--top-k", nullptr, "N", &Settings::topK, 0, largest, chats, true,
     "choose among the N likeliest; 0: off"},
    {nullptr, "--top-p", nullptr, "X", &Settings::topP, 0, 1, chats, true,
     "choose among the likeliest that make up X; 1: off"},
    {nullptr, "--min-p", nullptr, "X", &Settings::minP, 0, 1, chats, true,
     "drop what is less likely than X times the best; 0: off"},
    {nullptr, "--repeat-penalty", nullptr, "X", &Settings::repeatPenalty, 0.01, 100, chats, true,
     "make recent tokens less likely; 1: off"},
    {nullptr, "--repeat-last-n", nullptr, "N", &Settings::repeatLastN, 0, 4096, chats, true,
     "tokens the penalty looks back"},
    {nullptr, "--frequency-penalty", nullptr, "X", &Settings::frequencyPenalty, -2, 2, chats, true,
     "make tokens less likely as often as the answer has them; 0: off"},
    {nullptr, "--presence-penalty", nullptr, "X", &Settings::presencePenalty, -2, 2, chats, true,
     "make tokens that the answer has less likely; 0: off"},
    {nullptr, "--logit-bias", nullptr, "ID+X", &Settings::biases, 0, 0, chats, false,
     "add X, or with - take it, to a token's logit; may be repeated"},
    {nullptr, "--grammar", "--grammar-file", "FILE", &Settings::grammar, 1, 0, chats, false,
     "answer by a grammar in GBNF, from a file or as it is"},
    {"-j", "--json-schema", "-jf --json-schema-file", "FILE", &Settings::jsonSchema, 1, 0, chats, false,
     "answer with JSON of this schema, from a file or as it is, {...}"},
    {"-s", "--seed", nullptr, "N", &Settings::seed, -1, largest, chats, true,
     "of the random numbers; -1: a new one each time"},
    {nullptr, "--keep", nullptr, "N", &Settings::keep, -1, largest, chats, true,
     "turns at the start that a full context never pushes out; -1: all"},
    {nullptr, "--batch", nullptr, "FILE", &Settings::batchFile, 1, 0, chats, false,
     "answer each line, JSON, by a line of JSON; -: standard input"},
    {nullptr, "--logprobs", nullptr, nullptr, &Settings::logprobs, 0, 0, chats, false,
     "with --json or --batch, the logarithm of each token's probability"},
    {nullptr, "--session", nullptr, "FILE", &Settings::sessionFile, 0, 0, chats, false,
     "go on with the conversation of a file, and save it there at the end"},
    {nullptr, "--no-history", nullptr, nullptr, &Settings::noHistory, 0, 0, chats, false,
     "keep nothing of what is typed in ~/.local/state/tritc"},
    {"-v", "--verbose", nullptr, nullptr, &Settings::verbose, 0, 0, chats, false,
     "print speed and the time to the first token after each answer"},
    {"-p", "--n-prompt", nullptr, "N", &Settings::benchPrompt, 1, largest, in(Command::Bench), false,
     "tokens of the measured prompt; not given: 512 or the context"},
    {"-n", "--n-gen", nullptr, "N", &Settings::benchPredict, 1, largest, in(Command::Bench), false,
     "tokens of the measured answer; not given: 128 or the context"},
    {"-d", "--n-depth", nullptr, "N", &Settings::benchDepth, 0, largest, in(Command::Bench), false,
     "tokens of context before those measured"},
    {nullptr, "--repeat", "-r --repetitions", "N", &Settings::benchRepeat, 1, 1000, in(Command::Bench), false,
     "measure N times and report the median"},
    {nullptr, "--profile", nullptr, nullptr, &Settings::profile, 0, 0, in(Command::Bench), false,
     "measure again and report each kind of work"},
    {nullptr, "--ids", nullptr, "LIST", &Settings::ids, 0, 0, takesIds, false,
     "token ids, separated by commas"},
    {nullptr, "--dump", nullptr, "FILE", &Settings::dumpFile, 0, 0, in(Command::Logits), false,
     "write all logits as little-endian 32-bit floats"},
    {nullptr, "--whole", nullptr, nullptr, &Settings::whole, 0, 0, in(Command::Embed), false,
     "a file or a pipe is one text, not one on each line"},
    {nullptr, "--prompt-name", nullptr, "NAME", &Settings::promptName, 0, 0, in(Command::Tokenize) | in(Command::Embed), false,
     "put the model's prompt of this name in front; empty: none"},
    {nullptr, "--no-bos", nullptr, nullptr, &Settings::noBos, 0, 0, encodes, false,
     "put no begin-of-sequence token in front"},
    {nullptr, "--no-parse-special", nullptr, nullptr, &Settings::noParseSpecial, 0, 0, encodes, false,
     "read special tokens in the text as text"},
    {"-c", "--ctx-size", nullptr, "N", &Settings::contextSize, 0, 4294967295, runsModel, false,
     "tokens of context; 0: as compiled"},
    {"-t", "--threads", nullptr, "N", &Settings::threads, 0, 256, runsModel | in(Command::Selftest), false,
     "0: one per physical core"},
    {nullptr, "--chunk", "-ub --ubatch-size", "N", &Settings::chunk, 0, 4294967295, runsModel, false,
     "prompt tokens computed at once; 0: as compiled"},
    {nullptr, "--weights", nullptr, "map|copy|auto", {Field::Choice, &Settings::weights}, 0, 0, runsModel | in(Command::Selftest), false,
     "map the file, copy it to huge pages (faster), or what pays"},
    {nullptr, "--no-mmap", nullptr, nullptr, {Field::Constant, &Settings::weights}, 1, 0, runsModel | in(Command::Selftest), false,
     "the same as --weights=copy"},
    {nullptr, "--json", nullptr, nullptr, &Settings::json, 0, 0, always, false,
     "print JSON"},
    {"-h", "--help", nullptr, nullptr, &Settings::help, 0, 0, always, false,
     "print this"},
    {nullptr, "--version", nullptr, nullptr, &Settings::version, 0, 0, always, false,
     "print the version and the model's name"},
};
// clang-format on

/// What llama-cli, and the programs that call it, have on their command lines.
static constexpr ForeignOption foreignTable[] = {
    {"-m --model -mu --model-url -hf -hfr --hf-repo -hff --hf-file",
     ForeignOption::Needed, "the model is in this program"},
    {"-ngl --gpu-layers --n-gpu-layers", ForeignOption::Needed,
     "this program runs on the CPU"},
    {"-dev --device -sm --split-mode -ts --tensor-split -mg --main-gpu",
     ForeignOption::Needed, "this program runs on the CPU"},
    {"-nkvo --no-kv-offload --no-op-offload", ForeignOption::None,
     "this program runs on the CPU"},
    {"-fa --flash-attn", ForeignOption::Optional,
     "there is one way to compute attention"},
    {"-ctk --cache-type-k -ctv --cache-type-v", ForeignOption::Needed,
     "tritc chose the type of the cache"},
    {"-b --batch-size", ForeignOption::Needed,
     "--chunk says how many tokens are computed at once"},
    {"-tb --threads-batch", ForeignOption::Needed, "-t is for prompts, too"},
    {"--numa --prio --poll", ForeignOption::Needed, "-t is all about threads"},
    {"--mlock", ForeignOption::None, "memory is not locked"},
    {"-co --color --colors", ForeignOption::Optional,
     "the terminal and NO_COLOR decide"},
    {"--log-verbose --log-prefix --log-timestamps", ForeignOption::None,
     "there is no log"},
    {"-lv --verbosity --log-verbosity --log-file", ForeignOption::Needed,
     "there is no log"},
    {"--log-colors", ForeignOption::Optional, "there is no log"},
    {"--log-disable --no-display-prompt --no-warmup --no-perf --simple-io "
     "--jinja --no-escape --no-context-shift --offline",
     ForeignOption::None, nullptr},
    {"--chat-template --chat-template-file", ForeignOption::Needed,
     "the template is compiled in; give tritc --chat-template=", true},
    {"--lora --lora-scaled", ForeignOption::Needed,
     "merge the adapter into the checkpoint, then compile that", true},
};

std::span<const Option> chat::options() { return table; }
std::span<const ForeignOption> chat::foreignOptions() { return foreignTable; }
std::span<const CommandInfo> chat::commands() { return commandTable; }
