//===- tokenizer.cpp - A tokenizer file of any format ---------------------===//

#include "runtime/text/Tokenizer.h"
#include "compiler/import/tokenizer/Tokenizer.h"
#include "compiler/import/tokenizer/TokenizerTables.h"
#include "test/fuzz/Input.h"

using namespace tritc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  import::TokenizerContext context;
  context.vocabSize = 4096;
  auto model =
      import::parseTokenizer(fuzz::textOf(data, size), "tokenizer", context);
  if (!model) {
    fuzz::refuse(model.takeError());
    return 0;
  }
  std::vector<uint8_t> tables = import::buildTokenizerTables(*model);
  if (!text::Tokenizer::accepts(tables.data(), tables.size()))
    std::abort();
  return 0;
}
