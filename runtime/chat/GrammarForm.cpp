//===- GrammarForm.cpp - Forms that are grammars --------------------------===//
//
// In an object of its own, to which AnswerForm refers weakly: grammars are
// linked only where the program is to have them.
//
//===----------------------------------------------------------------------===//

#include "runtime/base/Owned.h"
#include "runtime/chat/AnswerForm.h"
#include "runtime/grammar/Matcher.h"

using namespace tritc;
using namespace tritc::chat;
using base::Failure;

namespace {
/// A grammar that answers follow, and how far one has come.
struct Form {
  explicit Form(const Model &model)
      : vocabulary(model.tokenizer, model.image.vocabSize, model.stopTokens()) {
    mask.resize(vocabulary.words());
  }

  grammar::Grammar grammar;
  grammar::Vocabulary vocabulary;
  base::Owned<grammar::Automaton> automaton;
  base::Owned<grammar::Matcher> matcher;
  base::Array<uint64_t> mask;
};
} // namespace

static Form &formOf(void *made) { return *static_cast<Form *>(made); }

static Failure make(const Model &model, bool isSchema, std::string_view text,
                    void *&made) {
  grammar::Grammar compiled;
  auto *compile =
      isSchema ? grammar::Grammar::fromJsonSchema : grammar::Grammar::fromGbnf;
  if (Failure failure = compile(text, compiled))
    return failure;
  if (compiled.note()[0])
    fprintf(stderr, "note: %s: %s\n", isSchema ? "--json-schema" : "--grammar",
            compiled.note());
  auto form = base::create<Form>(model);
  form->grammar = std::move(compiled);
  form->automaton.reset(
      base::create<grammar::Automaton>(form->grammar, form->vocabulary));
  form->matcher.reset(base::create<grammar::Matcher>(*form->automaton));
  made = form;
  return {};
}

static void begin(void *made, std::span<const int32_t> said) {
  grammar::Matcher &matcher = *formOf(made).matcher;
  matcher.restart();
  for (int32_t id : said)
    matcher.accept(id);
}

extern "C" {
extern const FormSteps tritc_grammar_form;
const FormSteps tritc_grammar_form = {
    .make = make,
    .destroy = [](void *made) { base::destroy(static_cast<Form *>(made)); },
    .begin = begin,
    .allowed =
        [](void *made, std::span<const uint64_t> &bits) {
          Form &form = formOf(made);
          bits = form.mask;
          return form.matcher->allowed(form.mask);
        },
    .accept = [](void *made, int32_t id) { formOf(made).matcher->accept(id); },
    .mayEnd =
        [](const void *made) {
          return static_cast<const Form *>(made)->matcher->mayEnd();
        },
};
}
