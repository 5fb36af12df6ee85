//===- Entry.cpp - From arguments to an exit code -------------------------===//

#include "runtime/abi/Entry.h"
#include "runtime/chat/Commands.h"
#include "runtime/chat/Interrupt.h"
#include "runtime/chat/ModelCheck.h"
#include "runtime/exec/CpuFeatures.h"
#include "runtime/exec/Engine.h"
#include "runtime/exec/SelectProgram.h"
#include "runtime/exec/Stack.h"

#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

using namespace tritc;
using namespace tritc::chat;
using base::Failure;

/// What generation_config.json said, where the options can say it too.
static void applyDefaults(const TritcGenerationDefaults &defaults,
                          Settings &settings) {
  settings.temperature = static_cast<double>(defaults.temperature);
  settings.topP = static_cast<double>(defaults.topP);
  settings.minP = static_cast<double>(defaults.minP);
  settings.repeatPenalty = static_cast<double>(defaults.repeatPenalty);
  settings.topK = defaults.topK;
}

/// One answer ends before a copy of the weights has paid for itself.
static void answerFromTheFile(Settings &settings) {
  if (static_cast<exec::Weights>(settings.weights) == exec::Weights::Auto)
    settings.weights = static_cast<int64_t>(exec::Weights::Map);
}

/// Whether the model does what the command is for. `logits` prints what a
/// model puts out, whatever it is.
static Failure checkCommand(Command command, const Context &context) {
  bool embeds = context.model.embeds();
  if (command == Command::Embed && !embeds)
    return base::fail(base::Usage,
                      "embed: this model writes text, it has no vectors");
  if ((command == Command::Prompt || command == Command::Perplexity) && embeds)
    return base::fail(base::Usage,
                      "%s: this model makes vectors, it writes no text",
                      command == Command::Prompt ? "prompt" : "perplexity");
  return {};
}

static Failure runCommand(Command command, Context context) {
  if (Failure failure = checkCommand(command, context))
    return failure;
  switch (command) {
  case Command::Bench:
    return runBench(context);
  case Command::Logits:
    answerFromTheFile(context.settings);
    return runLogits(context);
  case Command::Tokenize:
    return runTokenize(context);
  case Command::Prompt:
    return runPrompt(context);
  case Command::Embed:
    answerFromTheFile(context.settings);
    return runEmbed(context);
  case Command::Serve:
    return runServe(context);
  case Command::Perplexity:
    return runPerplexity(context);
  case Command::Info:
    return runInfo(context);
  case Command::Selftest:
    return runSelftest(context);
  case Command::Licenses:
    return runLicenses(context);
  case Command::Chat:
    break;
  }
  if (context.settings.dryRun)
    return runPrompt(context);
  if (context.settings.batchFile.data()) {
    answerFromTheFile(context.settings);
    return runBatch(context);
  }
  bool hasPrompt = context.settings.hasPrompt();
  bool staysAfterAnswer =
      context.settings.conversation && !context.settings.raw;
  if ((hasPrompt && !staysAfterAnswer) || !isatty(STDIN_FILENO)) {
    answerFromTheFile(context.settings);
    return runComplete(context);
  }
  if (context.settings.json)
    return base::fail(base::Usage, "--json: expected a prompt, from -p, -f or "
                                   "a pipe; a terminal chats");
  if (context.settings.raw)
    return base::fail(base::Usage, "--raw: expected a prompt, from -p, -f or a "
                                   "pipe; a terminal chats");
  return runRepl(context);
}

/// The words behind the program's name; of a model that embeds, which never
/// chats, `embed` is understood where no command is named.
static std::span<char *const> argumentsOf(int argc, char **argv, bool embeds,
                                          base::Array<char *> &words) {
  static char embed[] = "embed";
  bool isNamed = false;
  for (const CommandInfo &command : commands())
    isNamed |= argc > 1 && command.name && !strcmp(argv[1], command.name);
  for (const char *word : {"help", "version"})
    isNamed |= argc == 2 && !strcmp(argv[1], word);
  if (embeds && !isNamed)
    words.push(embed);
  for (int i = 1; i < argc; ++i)
    words.push(argv[i]);
  return words;
}

static Failure run(int argc, char **argv, const TritcProgram *const *programs,
                   const TritcImageHeader &image, Output &out) {
  const TritcProgram *chosen = nullptr;
  if (Failure failure =
          exec::selectProgram(programs, exec::availableFeatures(),
                              getenv(exec::targetVariable), chosen))
    return failure;
  const TritcProgram &program = *chosen;
  if (Failure failure = checkModel(program, image))
    return failure;
  Command command;
  Settings settings, defaults;
  applyDefaults(image.generation, settings);
  applyDefaults(image.generation, defaults);
  Model model(program, image);
  base::Array<char *> words;
  if (Failure failure = parseArguments(
          argumentsOf(argc, argv, model.embeds(), words), command, settings))
    return failure;

  if (settings.help) {
    printHelp(out, argc > 0 ? argv[0] : "chat", defaults, model.embeds());
    return {};
  }
  if (settings.version) {
    out.write("tritc " TRITC_VERSION ": ");
    writeEscaped(out, model.name());
    out.print(" for %s\n", program.targetName);
    return {};
  }
  printIgnored(settings);
  return runCommand(command, {model, settings, out, programs});
}

/// Occupies descriptors 0 to 2 where they are closed, so that no file opened
/// later is taken for standard output. What stands in fails like a closed one,
/// and is there where /dev is not.
static void occupyStandardDescriptors() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor)
    // The lowest free number is this one: those below are taken.
    if (fcntl(descriptor, F_GETFD) < 0)
      (void)open("/", O_PATH);
}

namespace {
/// The arguments of tritc_main, and what became of them.
struct Call {
  int argc;
  char **argv;
  const TritcProgram *const *programs;
  const TritcImageHeader &image;
  Failure failure;
};
} // namespace

static void runCall(void *context) {
  auto &call = *static_cast<Call *>(context);
  Interrupt interrupt;
  Output out(STDOUT_FILENO);
  call.failure = run(call.argc, call.argv, call.programs, call.image, out);
  out.flush();
  if (!call.failure)
    call.failure = out.failure();
}

int tritc_main(int argc, char **argv, const TritcProgram *const *programs,
               const TritcImageHeader *image) {
  occupyStandardDescriptors();
  Call call{argc, argv, programs, *image, {}};
  if (Failure failure = exec::callOnLargeStack(runCall, &call))
    call.failure = failure;
  if (call.failure.message[0])
    fprintf(stderr, "error: %s\n", call.failure.message);
  return call.failure.code;
}
