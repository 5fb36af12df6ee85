//===- Embed.cpp - Print the vector of a text -----------------------------===//

#include "runtime/chat/Commands.h"
#include "runtime/chat/Interrupt.h"
#include "runtime/chat/Session.h"

#include <cmath>

using namespace tritc;
using namespace tritc::chat;

/// What was read, and behind a text the token whose vector stands for it.
static exec::Failure readText(const Context &context,
                              exec::Array<int32_t> &ids) {
  const text::Tokenizer &tokenizer = context.model.tokenizer;
  bool isText = !context.settings.ids.data();
  if (exec::Failure failure = readIds(context, ids))
    return failure;
  if (isText && tokenizer.eosId() >= 0 && ids.back() != tokenizer.eosId())
    ids.push(tokenizer.eosId());
  return {};
}

/// The vector of the last token, of length 1: its numbers on a line, or
/// {"tokens": n, "vector": [...]}. Nine digits give the float back.
exec::Failure chat::runEmbed(Context context) {
  exec::Array<int32_t> ids;
  exec::Engine engine(context.model.program, context.model.image);
  if (exec::Failure failure = startWith(context, readText, "text", ids, engine))
    return failure;
  Output &out = context.out;
  bool json = context.settings.json;
  size_t done = engine.forward(
      ids, 0, ids.size() - 1, &Interrupt::flag(),
      [&](size_t, std::span<const float> vector) {
        if (json)
          out.print("{\"tokens\": %zu, \"vector\": [", ids.size());
        const char *separator = "";
        for (float value : vector) {
          if (json && !std::isfinite(value))
            out.print("%snull", separator);
          else
            out.print("%s%.9g", separator, static_cast<double>(value));
          separator = json ? ", " : " ";
        }
        out.write(json ? "]}\n" : "\n");
      });
  return done < ids.size() ? exec::fail(exec::Interrupted, "%s", "")
                           : exec::Failure();
}
