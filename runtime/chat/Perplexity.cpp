//===- Perplexity.cpp - How well the model predicts a text ----------------===//

#include "runtime/chat/Commands.h"
#include "runtime/chat/Interrupt.h"
#include "runtime/chat/Report.h"
#include "runtime/chat/Session.h"
#include "runtime/chat/TextFile.h"
#include "runtime/sample/LogProbability.h"

using namespace tritc;
using namespace tritc::chat;

/// Rows of logits wanted at once. All of them are kept: 64 rows over 128,256
/// tokens are 33 MB.
static constexpr int64_t rowsAtOnce = 64;

/// exp(mean surprise) over windows as long as the context, which do not
/// overlap. Each starts from an empty cache, with BOS if the tokenizer adds
/// one; its first token is given, all others are predicted.
base::Failure chat::runPerplexity(Context context) {
  if (!context.settings.file.data())
    return base::fail(base::Usage, "perplexity: expected a file");
  if (base::Failure failure = checkContextSize(context.model, context.settings))
    return failure;
  base::Array<char> text;
  if (base::Failure failure =
          readTextFile(context.settings.file, largestText, text))
    return failure;
  base::Array<int32_t> ids, window;
  context.model.tokenizer.encode(text.view(), text::SpecialTokens::AsText, ids);

  exec::EngineOptions options = engineOptions(context.settings);
  uint32_t blockSize = options.blockSize ? options.blockSize : rowsAtOnce;
  options.blockSize = std::min<uint32_t>(blockSize, rowsAtOnce);
  exec::Engine engine(context.model.program, context.model.image);
  if (base::Failure failure = engine.start(options))
    return failure;
  if (engine.contextSize() < 2)
    return base::fail(base::Usage,
                      "perplexity: expected a context of at least 2 tokens, "
                      "found %u",
                      engine.contextSize());

  double sum = 0;
  uint64_t predicted = 0;
  for (size_t at = 0; at < ids.size();) {
    window.clear();
    if (context.model.tokenizer.addsBos())
      window.push(context.model.tokenizer.bosId());
    size_t count =
        std::min(ids.size() - at, engine.contextSize() - window.size());
    window.append(ids.data() + at, count);
    at += count;
    size_t done = engine.forward(
        window, 0, 0, &Interrupt::flag(),
        [&](size_t position, std::span<const float> logits) {
          if (position + 1 == window.size())
            return;
          sum -= sample::logProbability(logits, window[position + 1]);
          ++predicted;
        });
    if (done < window.size())
      return base::fail(base::Interrupted, "%s", "");
  }
  if (predicted == 0)
    return base::fail(base::Usage,
                      "perplexity: expected at least two tokens, found %zu",
                      ids.size());

  double perplexity = sample::exponential(sum / static_cast<double>(predicted));
  if (!context.settings.json) {
    context.out.print("perplexity %.6f tokens %llu\n", perplexity,
                      static_cast<unsigned long long>(predicted));
    return {};
  }
  Report report(context.out, true);
  report.number("perplexity", perplexity, 6);
  report.integer("tokens", predicted);
  return {};
}
