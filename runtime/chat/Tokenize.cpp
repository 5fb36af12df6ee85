//===- Tokenize.cpp - Print token ids -------------------------------------===//

#include "runtime/chat/Commands.h"
#include "runtime/chat/Prompt.h"

using namespace tritc;
using namespace tritc::chat;

void chat::encodePlain(const Context &context, std::string_view text,
                       base::Array<int32_t> &ids) {
  const text::Tokenizer &tokenizer = context.model.tokenizer;
  if (tokenizer.addsBos() && !context.settings.noBos)
    ids.push(tokenizer.bosId());
  tokenizer.encode(text,
                   context.settings.noParseSpecial
                       ? text::SpecialTokens::AsText
                       : text::SpecialTokens::Recognise,
                   ids);
}

/// A line `id<TAB>text` per token, or {"tokens": [{"id": .., "text": ..}]}.
base::Failure chat::runTokenize(Context context) {
  base::Array<char> text;
  if (base::Failure failure = readPrompt(context, largestText, text))
    return failure;
  base::Array<int32_t> ids;
  if (!context.model.embeds())
    encodePlain(context, text.view(), ids);
  else if (base::Failure failure = encodeForVector(context, text.view(), ids))
    return failure;

  Output &out = context.out;
  const char *separator = "";
  out.write(context.settings.json ? "{\"tokens\": [" : "");
  for (int32_t id : ids) {
    std::string_view bytes = context.model.tokenizer.bytesOf(id);
    if (context.settings.json) {
      out.print("%s\n  {\"id\": %d, \"text\": ", separator, id);
      writeJsonString(out, bytes);
      out.write("}");
      separator = ",";
    } else {
      out.print("%d\t", id);
      writeEscaped(out, bytes);
      out.write("\n");
    }
  }
  out.write(context.settings.json ? "\n]}\n" : "");
  return {};
}
