//===- SentenceModules.cpp - What a sentence-transformers model consists of
//===//

#include "compiler/import/safetensors/SentenceTransformers.h"

#include "compiler/support/Error.h"
#include "compiler/support/Json.h"
#include "compiler/support/JsonFields.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

namespace tritc::import {

/// The name of a class of sentence-transformers; empty for others. The modules
/// in between have changed with its versions.
static llvm::StringRef className(llvm::StringRef type) {
  if (!type.starts_with("sentence_transformers."))
    return "";
  return type.rsplit('.').second;
}

/// A folder below the directory, or the directory itself.
static bool isInside(llvm::StringRef path) {
  if (llvm::sys::path::is_absolute(path) || path.contains('\0'))
    return false;
  return llvm::all_of(llvm::split(path, '/'),
                      [](llvm::StringRef part) { return part != ".."; });
}

namespace {
class ModulesReader {
public:
  explicit ModulesReader(llvm::StringRef file) : file(file) {}
  llvm::Error add(const llvm::json::Value &module);
  llvm::Expected<SentenceModules> finish();

private:
  llvm::Error outOfOrder(llvm::StringRef found) const;

  /// What a model consists of, in this order.
  enum Stage { Nothing, Transformed, Pooled, Normalized };
  llvm::StringRef file;
  SentenceModules modules;
  Stage stage = Nothing;
};
} // namespace

llvm::Error ModulesReader::outOfOrder(llvm::StringRef found) const {
  static constexpr llvm::StringLiteral next[] = {
      "Transformer", "Pooling", "Normalize or no more", "no more"};
  return makeError(ExitCode::Unreadable,
                   file + ": unsupported modules, expected " + next[stage] +
                       (stage ? " behind what is before it" : " first") +
                       ", found " + found);
}

llvm::Error ModulesReader::add(const llvm::json::Value &module) {
  const llvm::json::Object *object = module.getAsObject();
  if (!object)
    return makeError(ExitCode::Malformed,
                     file + ": expected objects, found " + describe(module));
  JsonFields fields(*object, file.str());
  std::string type = fields.string("type", "");
  std::string path = fields.string("path", "");
  if (fields.failed())
    return fields.takeError();
  if (!isInside(path))
    return makeError(ExitCode::Malformed,
                     file + ": path: expected a folder of the model, found " +
                         describe(llvm::json::Value(path)));
  llvm::StringRef kind = className(type);
  if (kind == "Dropout") // does nothing outside of training
    return llvm::Error::success();
  if (kind == "Transformer" && stage == Nothing) {
    modules.transformer = path;
    stage = Transformed;
  } else if (kind == "Pooling" && stage == Transformed) {
    if (path.empty())
      return makeError(ExitCode::Malformed,
                       file + ": path: expected the folder of Pooling, found "
                              "nothing");
    modules.pooling = path;
    stage = Pooled;
  } else if (kind == "Normalize" && stage == Pooled) {
    modules.normalizes = true;
    stage = Normalized;
  } else if (kind == "Transformer" || kind == "Pooling" ||
             kind == "Normalize") {
    return outOfOrder(kind);
  } else {
    return makeError(ExitCode::Unreadable,
                     file +
                         ": unsupported module, expected Transformer, Pooling "
                         "or Normalize, found " +
                         describe(llvm::json::Value(type)));
  }
  return llvm::Error::success();
}

llvm::Expected<SentenceModules> ModulesReader::finish() {
  if (stage < Pooled)
    return outOfOrder("nothing");
  return std::move(modules);
}

llvm::Expected<SentenceModules> parseModules(llvm::StringRef text,
                                             llvm::StringRef file) {
  llvm::Expected<llvm::json::Value> top = parseJson(text, file);
  if (!top)
    return top.takeError();
  const llvm::json::Array *list = top->getAsArray();
  if (!list)
    return makeError(ExitCode::Malformed,
                     file + ": expected a list, found " + describe(*top));
  ModulesReader reader(file);
  for (const llvm::json::Value &module : *list)
    if (llvm::Error error = reader.add(module))
      return std::move(error);
  return reader.finish();
}

} // namespace tritc::import
