//===- template.cpp - A chat template -------------------------------------===//

#include "compiler/import/template/ChatTemplate.h"
#include "test/fuzz/Input.h"

using namespace tritc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  auto chat = import::recogniseChatTemplate(
      fuzz::textOf(data, size), "chat",
      {{"bos_token", "<s>"}, {"eos_token", "</s>"}});
  if (!chat)
    fuzz::refuse(chat.takeError());
  return 0;
}
