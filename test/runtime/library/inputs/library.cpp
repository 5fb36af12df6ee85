// library.cpp - Holds tritc.hpp to what it says, with samples/pocket.

#include <tritc.hpp>

#include <iostream>
#include <string>
#include <thread>

using tritc::Ending;
using tritc::Role;
using tritc::Sampling;
using tritc::Token;

static int count = 0;

static void check(const char *fact, bool holds) {
  ++count;
  if (!holds)
    std::cout << "FAILED: " << fact << '\n';
}

/// Whether `call` throws an Error that begins so.
template <typename Call>
static bool fails(std::string_view beginning, Call &&call) {
  try {
    call();
  } catch (const tritc::Error &error) {
    return error.status() != 0 &&
           std::string_view(error.what()).substr(0, beginning.size()) ==
               beginning;
  }
  return false;
}

int main() {
  tritc::Model::Options options;
  options.parallel = 4;
  tritc::Model model(options);
  check("it knows its name", model.name() == "pocket");
  check("it makes no vectors", model.vectorSize() == 0);

  Sampling greedy;
  greedy.temperature = 0;
  const std::string question = "What is the capital of France?";
  const std::string expected = "The capital of France is Paris.";
  tritc::Chat chat = model.chat();
  std::string pieces;
  tritc::Answer answer = chat.ask(
      question, greedy, [&](const Token &token) { pieces += token.text; });
  check("it answers", answer.text == expected && pieces == expected);
  check("... and says why it ended", answer.ending == Ending::Stop);
  check("... with ids", model.detokenize(answer.ids) == expected);
  std::string bytes;
  for (std::int32_t id : answer.ids)
    bytes += model.tokenBytes(id);
  check("... that have bytes", bytes == expected);

  tritc::Chat fork = chat.fork();
  check("a fork has said the same", fork.tokens() == chat.tokens());
  tritc::Chat loaded = model.load(chat.save());
  check("a saved one goes on",
        loaded.ask(question, greedy).text == fork.ask(question, greedy).text);
  check("undo takes messages away", chat.undo() && chat.undo() && !chat.undo());

  chat.say(Role::User, question);
  answer = chat.answer(greedy, [](const Token &) { return true; });
  check("a callback ends it", answer.ending == Ending::Stopped);
  chat.undo();
  bool isThrown = false;
  try {
    chat.answer(greedy, [](const Token &) { throw std::string("mine"); });
  } catch (const std::string &what) {
    isThrown = what == "mine";
  }
  check("what a callback throws comes out", isThrown);
  chat.undo();
  Sampling endless = greedy;
  endless.ignoreStop = true;
  answer = chat.answer(endless, [&](const Token &) { chat.stop(); });
  check("it may be stopped", answer.ending == Ending::Stopped);

  Sampling formed = greedy;
  formed.jsonSchema = R"({"enum": ["yes", "no"]})";
  formed.topLogprobs = 2;
  std::size_t likely = 0;
  std::string text =
      model.chat()
          .ask(question, formed,
               [&](const Token &token) { likely += token.topCount; })
          .text;
  check("answers fit a schema", text == "\"yes\"" || text == "\"no\"");
  check("tokens come with the likeliest", likely > 0);
  formed.jsonSchema.reset();
  formed.grammar = "root ::= \"so\"";
  formed.logitBias = {{1, -5.0F}};
  formed.stops = {"zz"};
  check("... or a grammar", model.chat().ask(question, formed).text == "so");

  std::vector<std::int32_t> ids = model.tokenize("Hello, world");
  check("tokens become text again", model.detokenize(ids) == "Hello, world");
  check("without BOS",
        model.tokenize("Hello, world", TRITC_NO_BOS).size() + 1 == ids.size());
  std::vector<float> logits = model.logits(ids);
  std::vector<tritc_likely> best = model.topK(ids, 3);
  check("logits have an order",
        logits.size() == model.vocabularySize() &&
            logits[std::size_t(best[0].id)] >= logits[std::size_t(best[1].id)]);
  Sampling few = greedy;
  few.maxTokens = 2;
  few.ignoreStop = true;
  check("a text goes on",
        model.complete(ids, few).ids.size() == 2 &&
            model.complete("Hello", few).ending == Ending::Length);

  check("ids have a range",
        fails("expected ids below", [&] { model.logits({1 << 30}); }));
  check("such a model writes text",
        fails("this model writes text", [&] { model.embed("x"); }));
  check("an answer needs a message",
        fails("there is no message to answer", [&] { model.chat().answer(); }));
  check("ranges are checked", fails("top_p: expected 0 to 1", [&] {
          Sampling wrong;
          wrong.topP = 2;
          model.complete("x", wrong);
        }));
  check("what is no conversation is not loaded",
        fails("no conversation", [&] { model.load("x"); }));

  tritc::Model moved = std::move(model);
  tritc::Chat other = moved.chat();
  std::string said;
  std::thread thread([&] { said = other.ask(question, greedy).text; });
  check("threads ask side by side",
        moved.chat().ask(question, greedy).text == expected);
  thread.join();
  check("... each for itself", said == expected);
  {
    tritc::Model closed = std::move(moved);
  }
  check("a chat may outlive its model",
        fails("the model was closed", [&] { other.ask(question); }));
  check("a model that was moved is of no use",
        fails("model: NULL", [&] { moved.tokenize("x"); }));
  std::cout << count << " checks passed\n";
}
