//===- AnswerForm.cpp - What an answer has to look like -------------------===//

#include "runtime/chat/AnswerForm.h"
#include "runtime/chat/TextFile.h"

using namespace tritc;
using namespace tritc::chat;
using base::Failure;

/// An option, how its text is told from the name of a file, and who reads it.
static constexpr struct {
  const char *option;
  std::string_view Settings::*source;
  bool (*isText)(std::string_view source);
  Failure (*compile)(std::string_view text, grammar::Grammar &grammar);
} kinds[] = {
    {"--grammar", &Settings::grammar,
     [](std::string_view source) { return source.find("::=") != source.npos; },
     grammar::Grammar::fromGbnf},
    {"--json-schema", &Settings::jsonSchema,
     [](std::string_view source) { return source.starts_with('{'); },
     grammar::Grammar::fromJsonSchema},
};

Failure AnswerForm::load(const Settings &settings) {
  if (settings.grammar.data() && settings.jsonSchema.data())
    return base::fail(base::Usage, "--grammar: expected no --json-schema "
                                   "beside it");
  for (const auto &kind : kinds) {
    std::string_view source = settings.*kind.source;
    if (!source.data())
      continue;
    base::Array<char> text;
    if (kind.isText(source))
      text.append(source);
    else if (Failure failure = readTextFile(source, largestText, text))
      return failure;
    if (Failure failure = kind.compile(text.view(), grammar))
      return base::fail(failure.code, "%s: %s", kind.option, failure.message);
    if (grammar.note()[0])
      fprintf(stderr, "note: %s: %s\n", kind.option, grammar.note());
    vocabulary.reset(base::create<grammar::Vocabulary>(
        model.tokenizer, model.image.vocabSize, model.stopTokens()));
    automaton.reset(base::create<grammar::Automaton>(grammar, *vocabulary));
    matcher.reset(base::create<grammar::Matcher>(*automaton));
    mask.resize(vocabulary->words());
  }
  return {};
}

void AnswerForm::begin(std::span<const int32_t> said) {
  if (!matcher)
    return;
  matcher->restart();
  for (int32_t id : said)
    matcher->accept(id);
}

bool AnswerForm::allowed(std::span<const uint64_t> &bits) {
  bits = {};
  if (!matcher)
    return true;
  bits = mask;
  return matcher->allowed(mask);
}

void AnswerForm::accept(int32_t id) {
  if (matcher)
    matcher->accept(id);
}
