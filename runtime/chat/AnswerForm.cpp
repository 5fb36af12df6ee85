//===- AnswerForm.cpp - What an answer has to look like -------------------===//

#include "runtime/chat/AnswerForm.h"
#include "runtime/chat/TextFile.h"

using namespace tritc;
using namespace tritc::chat;
using base::Failure;

/// Of GrammarForm.cpp; null in a program that was linked without it.
extern "C" [[gnu::weak]] const FormSteps tritc_grammar_form;

/// An option, and how its text is told from the name of a file.
static constexpr struct {
  const char *option;
  std::string_view Settings::*source;
  bool (*isText)(std::string_view source);
  bool isSchema;
} kinds[] = {
    {"--grammar", &Settings::grammar,
     [](std::string_view source) { return source.find("::=") != source.npos; },
     false},
    {"--json-schema", &Settings::jsonSchema,
     [](std::string_view source) { return source.starts_with('{'); }, true},
};

AnswerForm::~AnswerForm() {
  if (made)
    tritc_grammar_form.destroy(made);
}

Failure AnswerForm::load(const Settings &settings) {
  if (settings.grammar.data() && settings.jsonSchema.data())
    return base::fail(base::Usage, "--grammar: expected no --json-schema "
                                   "beside it");
  for (const auto &kind : kinds) {
    std::string_view source = settings.*kind.source;
    if (!source.data())
      continue;
    if (!&tritc_grammar_form)
      return base::fail(base::Usage,
                        "%s: this program was made without it; leave out "
                        "--no-serve of tritc",
                        kind.option);
    base::Array<char> text;
    if (kind.isText(source))
      text.append(source);
    else if (Failure failure = readTextFile(source, largestText, text))
      return failure;
    if (Failure failure =
            tritc_grammar_form.make(model, kind.isSchema, text.view(), made))
      return base::fail(failure.code, "%s: %s", kind.option, failure.message);
  }
  return {};
}

void AnswerForm::begin(std::span<const int32_t> said) {
  if (made)
    tritc_grammar_form.begin(made, said);
}

bool AnswerForm::allowed(std::span<const uint64_t> &bits) {
  bits = {};
  return !made || tritc_grammar_form.allowed(made, bits);
}

void AnswerForm::accept(int32_t id) {
  if (made)
    tritc_grammar_form.accept(made, id);
}

bool AnswerForm::mayEnd() const {
  return !made || tritc_grammar_form.mayEnd(made);
}
