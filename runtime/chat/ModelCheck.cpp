//===- ModelCheck.cpp - Do code and image belong together? ----------------===//

#include "runtime/chat/ModelCheck.h"
#include "runtime/exec/ImageCheck.h"
#include "runtime/text/Tokenizer.h"

using namespace tritc;
using namespace tritc::chat;

base::Failure chat::checkModel(const TritcProgram &program,
                               const TritcImageHeader &image) {
  if (base::Failure failure = exec::checkImage(program, image))
    return failure;
  const uint8_t *tables = exec::bytesAt(image, image.tokenizer);
  if (!text::Tokenizer::accepts(tables, image.tokenizer.bytes))
    return base::fail(base::Malformed,
                      "image: tokenizer: expected tables of version %u",
                      TRITC_TOKENIZER_VERSION);
  int32_t count = text::Tokenizer(tables).vocabSize();
  if (static_cast<uint32_t>(count) > image.vocabSize)
    return base::fail(base::Malformed,
                      "image: tokenizer: expected at most %u tokens, found %d",
                      image.vocabSize, count);
  return {};
}
