//===- directory.cpp - A checkpoint directory: opened, all of its files ---===//
//
// A line "### NAME" begins a file. What "### model.safetensors" begins are
// tensors, "name: DTYPE d0 d1" a line; they are laid out one behind the other,
// so that it is not the container's rules that changed shapes fail.
//
//===----------------------------------------------------------------------===//

#include "test/fuzz/Opened.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace tritc;
using namespace tritc::import;

namespace {
struct StoredType {
  llvm::StringLiteral name;
  uint64_t bytes;
};
} // namespace

static constexpr StoredType storedTypes[] = {
    {"BF16", 2}, {"F16", 2}, {"F32", 4}, {"U8", 1}, {"I64", 8}, {"BOOL", 1}};
/// As a packed byte, -1 1 1 1; as a float of any type, small and positive.
static constexpr char filler = 0x2a;
/// Of all tensors together.
static constexpr uint64_t mostBytes = 1 << 20;

/// Adds a tensor to the header; false if the line is none, or it is too big.
static bool addTensor(llvm::StringRef line, llvm::json::Object &header,
                      uint64_t &size) {
  auto [name, rest] = line.split(": ");
  llvm::SmallVector<llvm::StringRef> words;
  rest.split(words, ' ', -1, /*KeepEmpty=*/false);
  if (words.empty())
    return false;
  const auto *type = llvm::find_if(
      storedTypes, [&](const StoredType &of) { return of.name == words[0]; });
  if (type == std::end(storedTypes))
    return false;
  uint64_t bytes = type->bytes;
  llvm::json::Array shape;
  for (llvm::StringRef word : llvm::drop_begin(words)) {
    uint64_t extent;
    if (word.getAsInteger(10, extent) || extent > mostBytes)
      return false;
    bytes *= extent;
    if (bytes > mostBytes)
      return false;
    shape.push_back(extent);
  }
  if (size + bytes > mostBytes)
    return false;
  header[llvm::json::fixUTF8(name)] =
      llvm::json::Object{{"dtype", type->name},
                         {"shape", std::move(shape)},
                         {"data_offsets", {size, size + bytes}}};
  size += bytes;
  return true;
}

static std::string safetensorsOf(llvm::StringRef lines) {
  llvm::json::Object header;
  uint64_t size = 0;
  for (llvm::StringRef line : llvm::split(lines, '\n'))
    addTensor(line, header, size);
  std::string json;
  llvm::raw_string_ostream(json) << llvm::json::Value(std::move(header));
  uint64_t length = json.size();
  std::string file(reinterpret_cast<const char *>(&length), sizeof length);
  return file + json + std::string(size, filler);
}

/// The directory. libFuzzer ends without a chance to remove it: whoever runs
/// this gives a TMPDIR, in memory at best, and removes that.
static const std::string &directory() {
  static const std::string path = [] {
    const char *parent = std::getenv("TMPDIR");
    std::string name = std::string(parent ? parent : "/tmp") + "/fuzz-XXXXXX";
    if (!::mkdtemp(name.data()) ||
        ::mkdir((name + "/1_Pooling").c_str(), 0700) != 0)
      std::abort();
    return name;
  }();
  return path;
}

static constexpr llvm::StringLiteral names[] = {
    "config.json",           "generation_config.json",
    "tokenizer_config.json", "tokenizer.json",
    "chat_template.jinja",   "modules.json",
    "1_Pooling/config.json", "sentence_bert_config.json",
    "adapter_config.json",   "model.safetensors.index.json",
    "model.safetensors"};
static std::optional<std::string> present[std::size(names)];

/// Gives a file this content, or removes it, unless it is so already.
static void set(size_t file, std::optional<std::string> content) {
  if (content == present[file])
    return;
  std::string path = directory() + "/" + names[file].str();
  if (!content) {
    ::unlink(path.c_str());
  } else {
    int out =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out < 0 || ::write(out, content->data(), content->size()) !=
                       ssize_t(content->size()))
      std::abort();
    ::close(out);
  }
  present[file] = std::move(content);
}

static void readTensor(const Checkpoint &checkpoint,
                       const ModelTensor &tensor) {
  if (tensor.role != TensorRole::Ternary)
    return;
  std::vector<int8_t> row(tensor.shape[1]);
  if (llvm::Error error =
          checkpoint.ternaryRows(tensor.name, tensor.shape[0] - 1, 1, row))
    fuzz::refuse(std::move(error));
  if (auto scale = checkpoint.weightScale(tensor.name); !scale)
    fuzz::refuse(scale.takeError());
  else if (!(*scale > 0))
    std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::SmallVector<llvm::StringRef> sections;
  fuzz::textOf(data, size).split(sections, "### ");
  std::optional<std::string> contents[std::size(names)];
  for (llvm::StringRef section : sections) {
    auto [name, text] = section.split('\n');
    const auto *known = llvm::find(names, name);
    if (known != std::end(names))
      contents[known - names] =
          name == "model.safetensors" ? safetensorsOf(text) : text.str();
  }
  for (size_t file = 0; file < std::size(names); ++file)
    set(file, std::move(contents[file]));

  fuzz::readAll(Checkpoint::open(directory()), readTensor);
  return 0;
}
