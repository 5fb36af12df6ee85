//===- safetensors.cpp - A safetensors file -------------------------------===//

#include "compiler/import/safetensors/Safetensors.h"
#include "test/fuzz/Input.h"

using namespace tritc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  auto file = import::Safetensors::parse(fuzz::fileOf(data, size));
  if (!file) {
    fuzz::refuse(file.takeError());
    return 0;
  }
  // Every tensor lies in the file.
  volatile uint8_t seen = 0;
  for (const import::SafetensorsEntry &entry : file->entries())
    for (uint8_t byte : file->bytes(entry))
      seen = seen ^ byte;
  return 0;
}
