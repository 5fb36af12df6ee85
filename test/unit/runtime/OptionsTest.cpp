//===- OptionsTest.cpp ----------------------------------------------------===//

#include "runtime/chat/Options.h"

#include "gtest/gtest.h"

#include <cmath>
#include <set>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

using namespace tritc;
using chat::Command;
using chat::Settings;

namespace {
struct Parsed {
  base::Failure failure;
  Command command = Command::Chat;
  Settings settings;
};
} // namespace

static Parsed parse(std::vector<const char *> words) {
  Parsed parsed;
  parsed.failure = chat::parseArguments(
      {const_cast<char *const *>(words.data()), words.size()}, parsed.command,
      parsed.settings);
  return parsed;
}

TEST(Options, AreReadInTheSpellingOfLlamaCli) {
  Parsed parsed = parse({"-p",
                         "hello",
                         "-n",
                         "-1",
                         "-c",
                         "128",
                         "-t",
                         "2",
                         "-s",
                         "42",
                         "--temp",
                         "0.7",
                         "--top-k",
                         "40",
                         "--top-p",
                         "0.9",
                         "--min-p",
                         "0.05",
                         "--repeat-penalty",
                         "1.1",
                         "-r",
                         "User:",
                         "-r",
                         "\n\n",
                         "-sys",
                         "be brief"});
  ASSERT_FALSE(parsed.failure) << parsed.failure.message;
  const Settings &settings = parsed.settings;
  EXPECT_EQ(parsed.command, Command::Chat);
  ASSERT_EQ(settings.prompts.count, 1u);
  EXPECT_EQ(settings.prompts.items[0], "hello");
  EXPECT_EQ(settings.predict, -1);
  EXPECT_EQ(settings.contextSize, 128);
  EXPECT_EQ(settings.threads, 2);
  EXPECT_EQ(settings.seed, 42);
  EXPECT_EQ(settings.temperature, 0.7);
  EXPECT_EQ(settings.topK, 40);
  EXPECT_EQ(settings.topP, 0.9);
  EXPECT_EQ(settings.minP, 0.05);
  EXPECT_EQ(settings.repeatPenalty, 1.1);
  ASSERT_EQ(settings.reversePrompts.count, 2u);
  EXPECT_EQ(settings.reversePrompts.items[1], "\n\n");
  EXPECT_EQ(settings.systemPrompt, "be brief");
}

TEST(Options, CollectBiasesOfTokens) {
  Parsed parsed =
      parse({"--logit-bias", "12+2.5", "--logit-bias=7-inf",
             "--frequency-penalty", "-0.5", "--presence-penalty", "1"});
  ASSERT_FALSE(parsed.failure) << parsed.failure.message;
  const Settings &settings = parsed.settings;
  ASSERT_EQ(settings.logitBias.size(), 2u);
  EXPECT_EQ(settings.logitBias[0].id, 12);
  EXPECT_EQ(settings.logitBias[0].bias, 2.5f);
  EXPECT_EQ(settings.logitBias[1].id, 7);
  EXPECT_EQ(settings.logitBias[1].bias, -INFINITY);
  EXPECT_EQ(settings.frequencyPenalty, -0.5);
  EXPECT_EQ(settings.presencePenalty, 1);
  for (const char *wrong : {"12", "+1", "12=1", "-3+1", "12+", "12-x"})
    EXPECT_EQ(std::string(parse({"--logit-bias", wrong}).failure.message),
              "--logit-bias: expected a token id and +X or -X, found '" +
                  std::string(wrong) + "'");
}

TEST(Options, ChooseAmongNames) {
  EXPECT_EQ(parse({}).settings.weights, 2);
  EXPECT_EQ(parse({"--weights", "map"}).settings.weights, 0);
  EXPECT_EQ(parse({"--weights=copy"}).settings.weights, 1);
  EXPECT_EQ(parse({"bench", "--weights=auto"}).settings.weights, 2);
  for (const char *wrong : {"", "ma", "map|copy", "mapped"}) {
    Parsed parsed = parse({"--weights", wrong});
    EXPECT_EQ(parsed.failure.code, base::Usage);
    EXPECT_EQ(std::string(parsed.failure.message),
              std::string("--weights: expected map|copy|auto, found '") +
                  wrong + "'");
  }
}

TEST(Options, TakeValuesBehindAnEqualsSign) {
  Parsed parsed = parse({"--temp=0.5", "--prompt=a=b", "--n-predict=3"});
  ASSERT_FALSE(parsed.failure) << parsed.failure.message;
  EXPECT_EQ(parsed.settings.temperature, 0.5);
  EXPECT_EQ(parsed.settings.prompts.items[0], "a=b");
  EXPECT_EQ(parsed.settings.predict, 3);
}

TEST(Options, MeanTokensForBench) {
  Parsed parsed = parse({"bench", "-p", "64", "-n", "16", "-t", "2", "--json"});
  ASSERT_FALSE(parsed.failure) << parsed.failure.message;
  EXPECT_EQ(parsed.command, Command::Bench);
  EXPECT_EQ(parsed.settings.benchPrompt, 64);
  EXPECT_EQ(parsed.settings.benchPredict, 16);
  EXPECT_TRUE(parsed.settings.json);
}

TEST(Options, TellAnEmptyTextFromNone) {
  EXPECT_TRUE(parse({"-p", ""}).settings.hasPrompt());
  EXPECT_FALSE(parse({}).settings.hasPrompt());
}

TEST(Options, TakeAFileForPerplexityOnly) {
  EXPECT_EQ(parse({"perplexity", "text.txt"}).settings.file, "text.txt");
  EXPECT_TRUE(parse({"perplexity", "a", "b"}).failure);
  EXPECT_TRUE(parse({"info", "text.txt"}).failure);
}

TEST(Options, AreRefusedInOneLine) {
  const struct {
    std::vector<const char *> words;
    const char *message;
  } cases[] = {
      {{"--bogus"}, "unknown option '--bogus'; --help lists them all"},
      {{"--tmep", "1"}, "unknown option '--tmep'; did you mean '--temp'?"},
      {{"-tmep", "1"}, "unknown option '-tmep'; did you mean '--temp'?"},
      {{"--top_q=1"}, "unknown option '--top_q'; did you mean '--top-k'?"},
      {{"bench", "--repaet", "2"},
       "unknown option '--repaet' of bench; did you mean '--repeat'?"},
      {{"tokenise", "-p", "x"},
       "unknown command 'tokenise'; did you mean 'tokenize'? -p says that it "
       "is a prompt"},
      {{"bench", "what"}, "bench: expected options only, found 'what'"},
      {{"-nx"}, "unknown option '-nx'; --help lists them all"},
      {{"-p5"}, "unknown option '-p5'; --help lists them all"},
      {{"-ngl"}, "-ngl: expected a value"},
      {{"--mlock=1"}, "--mlock: expected no value"},
      {{"--lora", "a"},
       "--lora: merge the adapter into the checkpoint, then compile that"},
      {{"bench", "--temp", "1"},
       "unknown option '--temp' of bench; --help lists them all"},
      {{"info", "-x=1"}, "unknown option '-x' of info; --help lists them all"},
      {{"-n"}, "--predict: expected a value (N)"},
      {{"--raw=1"}, "--raw: expected no value"},
      {{"-n", "-2"}, "--predict: expected an integer from -1 on, found '-2'"},
      {{"-n", "ten"}, "--predict: expected an integer from -1 on, found 'ten'"},
      {{"-n", "1.5"}, "--predict: expected an integer from -1 on, found '1.5'"},
      {{"-n", ""}, "--predict: expected an integer from -1 on, found ''"},
      {{"-n", "99999999999999999999"},
       "--predict: expected an integer from -1 on, found "
       "'99999999999999999999'"},
      {{"-t", "257"},
       "--threads: expected an integer from 0 to 256, found "
       "'257'"},
      {{"-c", "4294967296"},
       "--ctx-size: expected an integer from 0 to "
       "4294967295, found '4294967296'"},
      {{"--top-p", "1.01"},
       "--top-p: expected a number from 0 to 1, found "
       "'1.01'"},
      {{"--temp", "nan"},
       "--temp: expected a number from 0 to 100, found "
       "'nan'"},
      {{"--temp", "1e999"},
       "--temp: expected a number from 0 to 100, found "
       "'1e999'"},
      {{"--temp", " 1"}, "--temp: expected a number from 0 to 100, found ' 1'"},
      {{"--repeat-penalty", "0"},
       "--repeat-penalty: expected a number from "
       "0.01 to 100, found '0'"},
      {{"-r", ""}, "--reverse-prompt: expected a text that is not empty"},
  };
  for (const auto &[words, message] : cases) {
    Parsed parsed = parse(words);
    EXPECT_EQ(parsed.failure.code, base::Usage) << message;
    EXPECT_STREQ(parsed.failure.message, message);
  }
}

TEST(Options, AreReadAsOtherProgramsSpellThem) {
  Parsed parsed =
      parse({"-temp", "0.5", "--top_p", "0.25", "-top-k=7", "-n5", "-t=2",
             "-c64", "-s-1", "-cnv", "-st", "--min_p=0.125"});
  ASSERT_FALSE(parsed.failure) << parsed.failure.message;
  const Settings &settings = parsed.settings;
  EXPECT_EQ(settings.temperature, 0.5);
  EXPECT_EQ(settings.topP, 0.25);
  EXPECT_EQ(settings.minP, 0.125);
  EXPECT_EQ(settings.topK, 7);
  EXPECT_EQ(settings.predict, 5);
  EXPECT_EQ(settings.threads, 2);
  EXPECT_EQ(settings.contextSize, 64);
  EXPECT_EQ(settings.seed, -1);
  EXPECT_TRUE(settings.conversation);
  EXPECT_TRUE(settings.singleTurn);
  EXPECT_EQ(parse({"-n0"}).settings.predict, 0);
  EXPECT_EQ(parse({"--n-predict=0"}).settings.predict, 0);
  EXPECT_EQ(parse({"-n-1"}).settings.predict, -1);
  EXPECT_EQ(parse({"--no-mmap"}).settings.weights, 1);
  EXPECT_TRUE(parse({"-no-cnv"}).settings.raw);
  EXPECT_TRUE(parse({"--no-conversation"}).settings.raw);
  EXPECT_EQ(parse({"bench", "-p64", "-r", "3"}).settings.benchRepeat, 3);
}

TEST(Options, OfOtherProgramsAreTakenWithTheirValues) {
  Parsed parsed =
      parse({"-m", "model.gguf", "-ngl", "99", "-b", "1", "-fa", "-fa", "on",
             "--color", "-ngl0", "--model=x", "--no-display-prompt", "why"});
  ASSERT_FALSE(parsed.failure) << parsed.failure.message;
  EXPECT_EQ(parsed.settings.words.view(), "why");
  std::vector<std::string> ignored;
  for (std::string_view name : parsed.settings.ignored)
    ignored.emplace_back(name);
  EXPECT_EQ(ignored,
            (std::vector<std::string>{"-m", "-ngl", "-b", "-fa", "--color",
                                      "--no-display-prompt"}));
}

TEST(Options, EndAtTwoDashes) {
  Parsed parsed = parse({"-n", "1", "--", "-x", "--temp"});
  ASSERT_FALSE(parsed.failure) << parsed.failure.message;
  EXPECT_EQ(parsed.settings.words.view(), "-x --temp");
}

TEST(Options, LeaveOtherWordsToThePrompt) {
  Parsed parsed = parse({"what", "is", "-n", "3", "this?"});
  ASSERT_FALSE(parsed.failure) << parsed.failure.message;
  EXPECT_EQ(parsed.settings.words.view(), "what is this?");
  EXPECT_EQ(parse({"tokenize", "a b"}).settings.words.view(), "a b");
  EXPECT_FALSE(parse({"hi"}).failure);
  EXPECT_FALSE(parse({"a banchmark, please"}).failure);
  EXPECT_TRUE(parse({"help"}).settings.help);
  EXPECT_TRUE(parse({"version"}).settings.version);
}

TEST(Options, ShowNoMoreThanTheStartOfALongWord) {
  std::string word = "--" + std::string(100000, 'x');
  base::Failure failure = parse({word.c_str()}).failure;
  EXPECT_LT(std::string(failure.message).size(), 100u);
}

TEST(Options, LimitReversePrompts) {
  std::vector<const char *> words;
  for (int i = 0; i < 17; ++i)
    words.insert(words.end(), {"-r", "x"});
  EXPECT_EQ(parse(words).failure.code, base::Usage);
}

TEST(Options, HaveOneMeaningPerCommandAndSpelling) {
  std::set<std::string> seen;
  auto see = [&](uint32_t command, const char *names) {
    std::istringstream words(names ? names : "");
    for (std::string name; words >> name;)
      EXPECT_TRUE(seen.insert(std::to_string(command) + name).second)
          << command << name;
  };
  for (uint32_t command = 0; command < chat::commands().size(); ++command) {
    for (const chat::Option &option : chat::options())
      if (option.commands >> command & 1)
        for (const char *names :
             {option.shortName, option.longName, option.aliases})
          see(command, names);
    for (const chat::ForeignOption &option : chat::foreignOptions())
      see(command, option.spellings);
  }
}

/// Everything printed by `print(Output &)`.
template <typename Print>
static std::string printed(Print &&print) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  {
    chat::Output out(ends[1]);
    print(out);
  }
  close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t got; (got = read(ends[0], buffer, sizeof(buffer))) > 0;)
    text.append(buffer, static_cast<size_t>(got));
  close(ends[0]);
  return text;
}

/// --help of a program whose model writes text, or makes vectors.
static std::string helpOf(bool embeds) {
  return printed(
      [=](chat::Output &out) { chat::printHelp(out, "./chat", {}, embeds); });
}

TEST(Options, AreEachInTheHelpOnce) {
  std::string help = helpOf(false), vectors = helpOf(true);
  for (const chat::Option &option : chat::options()) {
    std::string line = std::string(" ") + option.help;
    size_t place = help.find(line), other = vectors.find(line);
    EXPECT_NE(std::min(place, other), std::string::npos) << option.longName;
    if (place != std::string::npos)
      EXPECT_EQ(help.find(line, place + 1), std::string::npos);
    if (other != std::string::npos)
      EXPECT_EQ(vectors.find(line, other + 1), std::string::npos);
  }
  help += vectors;
  for (size_t start = 0, end;
       (end = help.find('\n', start)) != std::string::npos; start = end + 1)
    EXPECT_LE(end - start, 110u) << help.substr(start, end - start);
}

TEST(Options, StandInTheHelpWithTheirDefaults) {
  Settings defaults;
  defaults.temperature = 0.75;
  std::string help = printed(
      [&](chat::Output &out) { chat::printHelp(out, "./chat", defaults); });
  for (const char *line :
       {"always the likeliest token [0.75]\n", "-1: no limit [-1]\n",
        "or what pays [auto]\n", "not given: 512 or the context\n"})
    EXPECT_NE(help.find(line), std::string::npos) << line;
}

TEST(Settings, ChangeByName) {
  Settings settings;
  EXPECT_FALSE(chat::setByName("temp", "0.25", settings));
  EXPECT_EQ(settings.temperature, 0.25);
  EXPECT_STREQ(chat::setByName("temp", "-1", settings).message,
               "--temp: expected a number from 0 to 100, found '-1'");
  EXPECT_EQ(settings.temperature, 0.25);
  EXPECT_STREQ(chat::setByName("threads", "2", settings).message,
               "unknown setting 'threads'; /set lists them all");
  std::string list =
      printed([&](chat::Output &out) { chat::printSettable(out, settings); });
  EXPECT_NE(list.find("  temp            0.25 "), std::string::npos) << list;
}
