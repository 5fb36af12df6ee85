//===- Answer.cpp - An answer that is being written -----------------------===//

#include "runtime/serve/Answer.h"

#include "runtime/base/Owned.h"

using namespace tritc;
using namespace tritc::serve;

Answer::~Answer() {
  for (Choice *choice : choices)
    base::destroy(choice);
}

void Answer::addChoice() {
  choices.push(base::create<Choice>());
  choices.back()->index = choices.size() - 1;
}

Job Answer::nextJob() const {
  Job job;
  job.prompt.append(prompts.at(begun / samePrompt));
  job.sampling = pattern.sampling;
  job.seed = pattern.seed + begun % samePrompt;
  job.predict = pattern.predict;
  job.stops.append(pattern.stops.view());
  job.wantsLogprobs = pattern.wantsLogprobs;
  job.topLogprobs = pattern.topLogprobs;
  job.biases.append(pattern.biases);
  job.sampling.logitBias = job.biases;
  return job;
}

size_t Answer::promptTokens() const {
  size_t sum = 0;
  for (size_t i = 0; i < choices.size(); i += samePrompt)
    sum += choices[i]->summary.promptTokens;
  return sum;
}

size_t Answer::reusedTokens() const {
  size_t sum = 0;
  for (size_t i = 0; i < choices.size(); i += samePrompt)
    sum += choices[i]->summary.reusedTokens;
  return sum;
}

size_t Answer::answerTokens() const {
  size_t sum = 0;
  for (const Choice *choice : choices)
    sum += choice->summary.answerTokens;
  return sum;
}

const char *serve::reasonOf(Ending ending) {
  return ending == Ending::Stop ? "stop" : "length";
}
