//===- ModelName.cpp - What people call a model ---------------------------===//

#include "compiler/import/model/ModelName.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace tritc::import {

/// Names of a thing that holds a model, whichever it is; numbers may follow.
static constexpr llvm::StringLiteral genericWords[] = {
    "checkpoint", "checkpoints", "ckpt",   "model",     "models", "snapshot",
    "snapshots",  "weights",     "output", "out",       "final",  "best",
    "last",       "main",        "master", "ggml",      "gguf",   "hf",
    "original",   "merged",      "export", "downloads", "tmp",    "step",
    "epoch",      "global",
};

/// Encodings that files are named after.
static constexpr llvm::StringLiteral encodings[] = {
    "i2", "s", "tl1", "tl2", "tq1",  "tq2", "iq1", "iq2", "bn", "r4",
    "0",  "1", "f16", "f32", "bf16", "q4",  "q8",  "q6",  "k",  "of",
};

static bool isHash(llvm::StringRef word) {
  return word.size() >= 16 && llvm::all_of(word, llvm::isHexDigit);
}

/// Whether `part` says nothing about which model it is: "checkpoint-1200",
/// "ggml-model-i2_s".
static bool isGeneric(llvm::StringRef part) {
  llvm::SmallVector<llvm::StringRef> words;
  llvm::SplitString(part, words, "-_. ");
  bool sawWord = false;
  for (llvm::StringRef word : words) {
    std::string lower = word.lower();
    bool isGenericWord = llvm::is_contained(genericWords, lower);
    sawWord |= isGenericWord;
    if (!isGenericWord && !isHash(word) && !llvm::all_of(word, llvm::isDigit) &&
        !llvm::is_contained(encodings, lower))
      return false;
  }
  return sawWord || words.empty() || llvm::all_of(words, isHash);
}

/// "models--org--name" of the cache of Hugging Face as "org/name", or nothing.
static std::string cachedName(llvm::StringRef part) {
  if (!part.consume_front("models--") || part.empty())
    return "";
  auto [organisation, name] = part.split("--");
  return name.empty() ? organisation.str() : (organisation + "/" + name).str();
}

llvm::StringRef hubName(llvm::StringRef name) {
  auto isWord = [](llvm::StringRef word) {
    return !word.empty() && word.size() <= 96 && word.front() != '.' &&
           llvm::all_of(word, [](char c) {
             return llvm::isAlnum(c) || c == '-' || c == '_' || c == '.';
           });
  };
  auto [organisation, model] = name.split('/');
  return isWord(organisation) && isWord(model) && !isGeneric(model) ? name : "";
}

std::string modelName(llvm::StringRef ownName, llvm::StringRef path) {
  llvm::SmallString<256> real;
  if (llvm::sys::fs::real_path(path, real))
    real = path;
  llvm::SmallString<256> asGiven(path);
  llvm::sys::fs::make_absolute(asGiven);
  llvm::sys::path::remove_dots(asGiven, /*remove_dot_dot=*/true);

  // A file of the cache is a link to one that is named by its hash.
  for (llvm::StringRef place : {asGiven.str(), real.str()})
    for (; !place.empty(); place = llvm::sys::path::parent_path(place))
      if (std::string name = cachedName(llvm::sys::path::filename(place));
          !name.empty())
        return name;
  if (!ownName.empty() && !isGeneric(ownName))
    return ownName.str();
  for (llvm::StringRef place : {asGiven.str(), real.str()})
    for (; !place.empty() && place != "/";
         place = llvm::sys::path::parent_path(place)) {
      llvm::StringRef name = llvm::sys::path::filename(place);
      name.consume_back(".gguf");
      if (!isGeneric(name))
        return name.str();
    }
  return "model";
}

} // namespace tritc::import
