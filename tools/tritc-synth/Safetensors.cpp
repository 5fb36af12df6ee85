//===- Safetensors.cpp - Where every tensor lies --------------------------===//

#include "tools/tritc-synth/Safetensors.h"

#include "llvm/Support/Endian.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace tritc::synth {

static llvm::StringRef typeName(const Tensor &tensor) {
  if (tensor.isPacked())
    return "U8";
  return tensor.element == Element::BF16 ? "BF16" : "F16";
}

/// Length word and header of a file that holds the given tensors back to back.
static std::string makeHead(llvm::ArrayRef<Tensor> tensors,
                            llvm::ArrayRef<Placement> placements) {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::json::OStream json(os);
  json.object([&] {
    json.attributeObject("__metadata__",
                         [&] { json.attribute("format", "pt"); });
    uint64_t offset = 0;
    for (const Placement &placement : placements) {
      const Tensor &tensor = tensors[placement.tensor];
      json.attributeObject(tensor.name, [&] {
        json.attribute("dtype", typeName(tensor));
        json.attributeArray("shape", [&] {
          for (uint64_t extent : tensor.storedShape())
            json.value(extent);
        });
        json.attributeArray("data_offsets", [&] {
          json.value(offset);
          json.value(offset += tensor.bytes());
        });
      });
    }
  });
  text.append(llvm::alignTo(text.size(), 8) - text.size(), ' ');
  std::string head(8, '\0');
  llvm::support::endian::write64le(head.data(), text.size());
  return head + text;
}

static WeightFile makeFile(llvm::ArrayRef<Tensor> tensors, uint64_t first,
                           uint64_t end) {
  WeightFile file;
  for (uint64_t i = first; i < end; ++i)
    file.tensors.push_back({i, 0});
  file.head = makeHead(tensors, file.tensors);
  file.bytes = file.head.size();
  for (Placement &placement : file.tensors) {
    placement.offset = file.bytes;
    file.bytes += tensors[placement.tensor].bytes();
  }
  return file;
}

std::vector<WeightFile> layOut(llvm::ArrayRef<Tensor> tensors,
                               uint64_t shards) {
  uint64_t total = 0;
  for (const Tensor &tensor : tensors)
    total += tensor.bytes();

  std::vector<WeightFile> files;
  uint64_t first = 0, written = 0;
  for (uint64_t i = 0; i < tensors.size(); ++i) {
    written += tensors[i].bytes();
    uint64_t share = total / shards * (files.size() + 1);
    bool last = i + 1 == tensors.size();
    if (!last && (written < share || files.size() + 1 == shards))
      continue;
    files.push_back(makeFile(tensors, first, i + 1));
    first = i + 1;
  }
  if (files.size() == 1)
    files.front().name = "model.safetensors";
  else
    for (auto [i, file] : llvm::enumerate(files))
      file.name = llvm::formatv("model-{0,0+5}-of-{1,0+5}.safetensors", i + 1,
                                files.size());
  return files;
}

std::string shardIndex(llvm::ArrayRef<Tensor> tensors,
                       llvm::ArrayRef<WeightFile> files) {
  uint64_t total = 0;
  for (const Tensor &tensor : tensors)
    total += tensor.bytes();

  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::json::OStream json(os, /*IndentSize=*/2);
  json.object([&] {
    json.attributeObject("metadata",
                         [&] { json.attribute("total_size", total); });
    json.attributeObject("weight_map", [&] {
      for (const WeightFile &file : files)
        for (const Placement &placement : file.tensors)
          json.attribute(tensors[placement.tensor].name, file.name);
    });
  });
  return text + "\n";
}

} // namespace tritc::synth
