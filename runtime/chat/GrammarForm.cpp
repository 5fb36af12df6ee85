//===- GrammarForm.cpp - Forms that are grammars --------------------------===//
//
// In an object of its own, to which AnswerForm refers weakly: grammars are
// linked only where the program is to have them.
//
//===----------------------------------------------------------------------===//

#include "runtime/chat/AnswerForm.h"
#include "runtime/grammar/Guide.h"

using namespace tritc;
using namespace tritc::chat;
using base::Failure;

namespace {
/// A guide with the vocabulary that it needs.
struct Form {
  explicit Form(const Model &model)
      : vocabulary(model.tokenizer, model.image.vocabSize, model.stopTokens()),
        guide(vocabulary) {}

  grammar::Vocabulary vocabulary;
  grammar::Guide guide;
};
} // namespace

static grammar::Guide &guideOf(void *made) {
  return static_cast<Form *>(made)->guide;
}

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
  form->guide.grammar = std::move(compiled);
  form->guide.begin();
  made = form;
  return {};
}

extern "C" {
extern const FormSteps tritc_grammar_form;
const FormSteps tritc_grammar_form = {
    .make = make,
    .destroy = [](void *made) { base::destroy(static_cast<Form *>(made)); },
    .begin = [](void *made,
                std::span<const int32_t> said) { guideOf(made).begin(said); },
    .allowed =
        [](void *made, std::span<const uint64_t> &bits) {
          return guideOf(made).allowed(bits);
        },
    .accept = [](void *made, int32_t id) { guideOf(made).accept(id); },
    .mayEnd =
        [](const void *made) {
          return static_cast<const Form *>(made)->guide.mayEnd();
        },
};
}
