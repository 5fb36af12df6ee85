//===- sentencepiece.cpp - A SentencePiece tokenizer.model ----------------===//

#include "compiler/import/tokenizer/TokenizerSentencePiece.h"
#include "compiler/import/tokenizer/TokenizerTables.h"
#include "test/fuzz/Input.h"

using namespace tritc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  import::TokenizerContext context;
  context.vocabSize = 4096;
  auto model = import::parseSentencePiece(fuzz::textOf(data, size),
                                          "tokenizer.model", context);
  if (model)
    import::buildTokenizerTables(*model);
  else
    fuzz::refuse(model.takeError());
  return 0;
}
