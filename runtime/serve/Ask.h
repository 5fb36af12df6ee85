//===- Ask.h - What a body asks for ---------------------------------------===//
#pragma once

#include "runtime/chat/Conversation.h"
#include "runtime/sample/Rules.h"
#include "runtime/schedule/Guides.h"
#include "runtime/serve/Place.h"

namespace tritc::serve {

/// Texts, or ids, that somebody gave.
struct Inputs {
  struct Item {
    bool isIds;
    size_t begin, end; ///< of `ids`, or of `texts`
  };
  base::Array<Item> items;
  base::Array<char> texts;
  base::Array<int32_t> ids;

  std::string_view textOf(const Item &item) const {
    return {texts.data() + item.begin, item.end - item.begin};
  }
  std::span<const int32_t> idsOf(const Item &item) const {
    return {ids.data() + item.begin, item.end - item.begin};
  }
};

using schedule::Format;

/// What a body says, over all endpoints; members that one does not know keep
/// their defaults, which are those of the command line.
struct Ask : sample::SamplerOptions {
  explicit Ask(const chat::Model &model) : model(model), conversation(model) {}

  const chat::Model &model;
  base::Array<char> modelName;

  //--- What is said ---------------------------------------------------------
  chat::Conversation conversation;
  Inputs inputs;
  base::Array<char> system; ///< of /api/generate
  bool raw = false;         ///< without the template

  //--- How it is answered ---------------------------------------------------
  int64_t seed = -1; ///< -1: a new one
  int64_t predict = -1;
  int64_t otherPredict = -1; ///< max_completion_tokens
  int64_t choices = 1;
  base::Array<char> stops; ///< as Job::stops
  bool wantsLogprobs = false;
  int64_t topLogprobs = -1; ///< -1: not said
  Format format = Format::Text;
  base::Array<char> schema; ///< of Schema and Gbnf, as it was written
  Place schemaPlace;
  base::Array<sample::LogitBias> biases;

  //--- In which form --------------------------------------------------------
  bool stream = false;
  bool includeUsage = false;
  bool isBase64 = false;
  bool truncate = true;
  bool addSpecial = false, parseSpecial = true, withPieces = false;
};

} // namespace tritc::serve
