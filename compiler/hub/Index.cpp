//===- Index.cpp - The files of a model, and those that matter ------------===//

#include "compiler/hub/Index.h"

#include "compiler/support/Error.h"
#include "compiler/support/Json.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Regex.h"

namespace tritc::hub {

/// What a checkpoint consists of beside its weights, by whole names.
static constexpr llvm::StringLiteral companions[] = {
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "tokenizer.model",
    "special_tokens_map.json",
    "added_tokens.json",
    "chat_template.jinja",
    "chat_template.json",
    "modules.json",
    "config_sentence_transformers.json",
    "sentence_bert_config.json",
    "model.safetensors.index.json",
};

static bool isWeights(llvm::StringRef path) {
  return path.ends_with(".safetensors") && !path.contains('/') &&
         !path.starts_with("consolidated");
}

/// A file of one of sentence-transformers' modules, as in "1_Pooling".
static bool isOfModule(llvm::StringRef path) {
  static const llvm::Regex modules(
      "^[0-9]+_[A-Za-z]+/(config\\.json|model\\.safetensors)$");
  return modules.match(path);
}

static bool isCompanion(llvm::StringRef path) {
  return llvm::is_contained(companions, path) || isOfModule(path) ||
         (path.starts_with("additional_chat_templates/") &&
          path.ends_with(".jinja"));
}

bool isHex(llvm::StringRef text, size_t digits) {
  return text.size() == digits && llvm::all_of(text, [](char c) {
           return llvm::isDigit(c) || (c >= 'a' && c <= 'f');
         });
}

llvm::Error readTree(llvm::StringRef json, llvm::StringRef where,
                     std::vector<File> &files) {
  auto malformed = [&](const llvm::Twine &what) {
    return makeError(ExitCode::Malformed, where + ": " + what);
  };
  llvm::Expected<llvm::json::Value> value =
      parseJson(json, where, {.maxDepth = 8, .maxValues = 1'000'000});
  if (!value)
    return value.takeError();
  const llvm::json::Array *entries = value->getAsArray();
  if (!entries)
    return malformed("expected a list of files, found " + describe(*value));
  for (const llvm::json::Value &entry : *entries) {
    const llvm::json::Object *object = entry.getAsObject();
    if (!object || !object->getString("path"))
      return malformed("expected a file, found " + describe(entry));
    if (object->getString("type") != "file")
      continue;
    File file;
    file.path = object->getString("path")->str();
    if (!isInside(file.path))
      return malformed("expected a file inside the model, found '" + file.path +
                       "'");
    if (!isWeights(file.path) && !isCompanion(file.path) &&
        !llvm::StringRef(file.path).ends_with(".gguf"))
      continue;
    const llvm::json::Object *lfs = object->getObject("lfs");
    std::optional<int64_t> size = object->getInteger("size");
    if (lfs && lfs->getInteger("size"))
      size = lfs->getInteger("size");
    std::optional<llvm::StringRef> blob =
        (lfs ? lfs : object)->getString("oid");
    if (!size || *size < 0)
      return malformed(file.path + ": expected a size, found none");
    if (!blob || !isHex(*blob, lfs ? 64 : 40))
      return malformed(file.path + ": expected a hash, found none");
    file.size = uint64_t(*size);
    file.blob = blob->str();
    files.push_back(std::move(file));
  }
  return llvm::Error::success();
}

/// Names of all parts, if `path` is one part of a GGUF file; else its own.
static std::vector<std::string> partsOf(llvm::StringRef path) {
  static const llvm::Regex part("^(.*)-[0-9]{5}-of-([0-9]{5})\\.gguf$");
  llvm::SmallVector<llvm::StringRef> matches;
  unsigned count = 0;
  if (!part.match(path, &matches) || matches[2].getAsInteger(10, count) ||
      count == 0)
    return {path.str()};
  std::vector<std::string> paths;
  for (unsigned index = 1; index <= count; ++index) {
    std::string number = std::to_string(index);
    paths.push_back((matches[1] + "-" + std::string(5 - number.size(), '0') +
                     number + "-of-" + matches[2] + ".gguf")
                        .str());
  }
  return paths;
}

static llvm::Expected<Choice> chooseGguf(const Name &name,
                                         llvm::ArrayRef<std::string> paths) {
  // One per model: the first part stands for the others.
  std::vector<std::string> all, fits;
  for (llvm::StringRef path : paths)
    if (path.ends_with(".gguf") && partsOf(path).front() == path)
      all.push_back(path.str());
  llvm::sort(all);
  std::string wanted = llvm::StringRef(name.file).lower();
  for (llvm::StringRef path : all) {
    if (path == name.file ||
        partsOf(path).front() == partsOf(name.file).front())
      fits.assign(1, path.str());
    if (!fits.empty() && fits.front() == name.file)
      break;
    if (!llvm::is_contained(fits, path) &&
        !llvm::StringRef(wanted).ends_with(".gguf") &&
        llvm::StringRef(path.lower()).contains(wanted))
      fits.push_back(path.str());
  }
  if (fits.size() != 1) {
    std::string found = all.empty() ? "none" : llvm::join(all, ", ");
    return makeError(
        ExitCode::Unreadable,
        name.repository + ": expected " +
            (name.file.empty() ? "one GGUF file"
                               : "one GGUF file '" + name.file + "'") +
            ", found " + found +
            (all.size() > 1 ? "; choose one with " + name.repository + ":FILE"
                            : ""));
  }
  std::vector<std::string> parts = partsOf(fits.front());
  for (const std::string &part : parts)
    if (!llvm::is_contained(paths, part))
      return makeError(ExitCode::Unreadable,
                       name.repository + ": " + part +
                           ": expected a file, found none");
  return Choice{parts, parts.front()};
}

llvm::Expected<Choice> choose(const Name &name,
                              llvm::ArrayRef<std::string> paths) {
  Choice choice;
  llvm::copy_if(paths, std::back_inserter(choice.paths), isCompanion);
  llvm::sort(choice.paths);
  size_t companionCount = choice.paths.size();
  llvm::copy_if(paths, std::back_inserter(choice.paths), isWeights);
  std::sort(choice.paths.begin() + ptrdiff_t(companionCount),
            choice.paths.end());
  bool isCheckpoint = choice.paths.size() > companionCount &&
                      llvm::is_contained(choice.paths, "config.json");
  if (isCheckpoint && name.file.empty())
    return choice;
  bool hasGguf = llvm::any_of(
      paths, [](llvm::StringRef path) { return path.ends_with(".gguf"); });
  if (hasGguf)
    return chooseGguf(name, paths);
  if (!name.file.empty())
    return makeError(ExitCode::Unreadable, name.repository +
                                               ": expected a GGUF file '" +
                                               name.file + "', found none");
  return makeError(ExitCode::Unreadable,
                   name.repository + ": expected config.json with safetensors, "
                                     "or a GGUF file, found neither");
}

} // namespace tritc::hub
