//===- Json.cpp - JSON text from strangers --------------------------------===//
//
// nlohmann-json reads (its parser keeps a stack of its own and reports events),
// llvm::json holds the result. llvm::json::parse recurses without bound and
// drops duplicate keys silently.
//
//===----------------------------------------------------------------------===//

#include "compiler/support/Json.h"

#include "compiler/support/Error.h"
#include "compiler/support/FileKind.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <nlohmann/json.hpp>

namespace tritc {

namespace {

using Events = nlohmann::json_sax<nlohmann::json>;

/// Builds the value from the parser's events. Returning false stops it.
class Builder : public Events {
public:
  explicit Builder(const JsonRules &rules) : rules(rules) {}

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(int64_t value) override { return put(value); }
  bool number_unsigned(uint64_t value) override { return put(value); }
  bool number_float(double value, const std::string &) override {
    return put(value);
  }
  bool string(std::string &text) override { return put(std::move(text)); }
  bool binary(nlohmann::json::binary_t &) override { return false; }

  bool start_object(size_t) override { return open(llvm::json::Object()); }
  bool end_object() override { return close(); }
  bool start_array(size_t) override { return open(llvm::json::Array()); }
  bool end_array() override { return close(); }

  bool key(std::string &name) override {
    auto [place, isNew] =
        stack.back()->getAsObject()->try_emplace(name, nullptr);
    if (!isNew && rules.duplicates == DuplicateKeys::Reject) {
      problem = "duplicate key \"" + name + "\"";
      return false;
    }
    slot = &place->second;
    return true;
  }

  bool parse_error(size_t position, const std::string &,
                   const nlohmann::detail::exception &error) override {
    // what() is "[json.exception...] parse error at line 1, column 2: ...".
    llvm::StringRef what = error.what();
    problem = "malformed JSON at byte " + std::to_string(position) + ": " +
              what.substr(what.find("] ") + 2).str();
    return false;
  }

  llvm::json::Value root = nullptr;
  std::string problem;

private:
  /// Puts `value` where the next value belongs; nullptr beyond the limits.
  llvm::json::Value *place(llvm::json::Value value) {
    if (++count > rules.maxValues) {
      problem =
          "JSON has more than " + std::to_string(rules.maxValues) + " values";
      return nullptr;
    }
    if (stack.empty()) {
      root = std::move(value);
      return &root;
    }
    if (llvm::json::Array *array = stack.back()->getAsArray()) {
      array->push_back(std::move(value));
      return &array->back();
    }
    *slot = std::move(value);
    return slot;
  }

  bool put(llvm::json::Value value) { return place(std::move(value)); }

  bool open(llvm::json::Value value) {
    if (stack.size() >= rules.maxDepth) {
      problem = "JSON is nested deeper than " + std::to_string(rules.maxDepth) +
                " levels";
      return false;
    }
    llvm::json::Value *container = place(std::move(value));
    if (container)
      stack.push_back(container);
    return container;
  }

  bool close() {
    stack.pop_back();
    return true;
  }

  const JsonRules &rules;
  uint64_t count = 0;
  /// Open containers. A container moves only while it grows, and it grows only
  /// while it is the innermost one: the pointers stay valid.
  llvm::SmallVector<llvm::json::Value *, 16> stack;
  llvm::json::Value *slot = nullptr; ///< of the last key
};

} // namespace

llvm::Expected<llvm::json::Value>
parseJson(llvm::StringRef text, llvm::StringRef file, const JsonRules &rules) {
  Builder builder(rules);
  // The parser would take a NUL for the end of the text.
  size_t nul = text.find('\0');
  if (nul == llvm::StringRef::npos &&
      nlohmann::json::sax_parse(text.begin(), text.end(), &builder))
    return std::move(builder.root);
  if (llvm::Error error = checkFileKind(text, file, "JSON", Expects::Text))
    return std::move(error);
  if (nul != llvm::StringRef::npos)
    return makeError(ExitCode::Malformed, file + ": malformed JSON at byte " +
                                              llvm::Twine(nul + 1) +
                                              ": NUL character");
  return makeError(ExitCode::Malformed, file + ": " + builder.problem);
}

llvm::Expected<llvm::json::Object> parseJsonObject(llvm::StringRef text,
                                                   llvm::StringRef file,
                                                   const JsonRules &rules) {
  llvm::Expected<llvm::json::Value> value = parseJson(text, file, rules);
  if (!value)
    return value.takeError();
  if (llvm::json::Object *object = value->getAsObject()) {
    if (object->getString("error"))
      if (llvm::Error error = checkFileKind(text, file, "JSON", Expects::Text))
        return std::move(error);
    return std::move(*object);
  }
  return makeError(ExitCode::Malformed, file +
                                            ": expected a JSON object, found " +
                                            describe(*value));
}

std::vector<std::pair<llvm::StringRef, const llvm::json::Value *>>
inOrder(const llvm::json::Object &object) {
  std::vector<std::pair<llvm::StringRef, const llvm::json::Value *>> pairs;
  for (const auto &[key, value] : object)
    pairs.emplace_back(key, &value);
  llvm::sort(pairs, llvm::less_first());
  return pairs;
}

std::string describe(const llvm::json::Value &value) {
  if (value.kind() == llvm::json::Value::Object)
    return "an object";
  if (value.kind() == llvm::json::Value::Array)
    return "an array";
  if (std::optional<llvm::StringRef> text = value.getAsString()) {
    if (text->size() > 64)
      return "a string of " + std::to_string(text->size()) + " bytes";
    return '"' + text->str() + '"';
  }
  std::string out;
  llvm::raw_string_ostream(out) << value;
  return out;
}

} // namespace tritc
