//===- JsonFields.cpp - Typed, bounded fields of a JSON object ------------===//

#include "compiler/support/JsonFields.h"

#include "compiler/support/Json.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace tritc {

const llvm::json::Value *JsonFields::get(llvm::StringRef key) const {
  const llvm::json::Value *value = source.get(key);
  if (value)
    asked.push_back(value);
  return value && value->kind() != llvm::json::Value::Null ? value : nullptr;
}

std::vector<UnreadKey> JsonFields::unread() const {
  std::vector<UnreadKey> keys = ofNested;
  for (auto [key, value] : inOrder(source))
    if (!llvm::is_contained(asked, value))
      keys.push_back({prefix + key.str(), *value});
  llvm::sort(keys, [](const UnreadKey &a, const UnreadKey &b) {
    return a.name < b.name;
  });
  return keys;
}

bool JsonFields::isNull(llvm::StringRef key) const {
  return source.get(key) && !get(key);
}

void JsonFields::fail(ExitCode failure, const llvm::Twine &what) {
  if (failed())
    return;
  code = failure;
  problem = (where + ": " + what).str();
}

void JsonFields::unsupported(llvm::StringRef key, const llvm::Twine &what,
                             const llvm::json::Value &value) {
  fail(ExitCode::Unreadable, key + ": " + what + ", found " + describe(value));
}

void JsonFields::expected(llvm::StringRef key, const llvm::Twine &what,
                          const llvm::json::Value &value) {
  fail(ExitCode::Malformed,
       key + ": expected " + what + ", found " + describe(value));
}

void JsonFields::adopt(const JsonFields &nested) {
  llvm::append_range(ofNested, nested.unread());
  if (failed() || !nested.failed())
    return;
  code = nested.code;
  problem = nested.problem;
}

llvm::Error JsonFields::takeError() const {
  if (failed())
    return makeError(code, problem);
  return llvm::Error::success();
}

uint32_t JsonFields::checkInteger(llvm::StringRef key,
                                  const llvm::json::Value &value, uint64_t min,
                                  uint64_t max) {
  std::optional<uint64_t> number;
  if (value.kind() == llvm::json::Value::Number)
    number = value.getAsUINT64();
  if (number && *number >= min && *number <= max)
    return uint32_t(*number);
  expected(key,
           "an integer from " + llvm::Twine(min) + " to " + llvm::Twine(max),
           value);
  return uint32_t(min);
}

uint32_t JsonFields::integer(llvm::StringRef key, uint64_t missing,
                             uint64_t min, uint64_t max) {
  if (const llvm::json::Value *value = get(key))
    return checkInteger(key, *value, min, max);
  if (missing >= min && missing <= max)
    return uint32_t(missing);
  expected(key,
           "an integer from " + llvm::Twine(min) + " to " + llvm::Twine(max),
           llvm::json::Value(missing));
  return uint32_t(min);
}

double JsonFields::number(llvm::StringRef key, double missing, double min,
                          double max) {
  const llvm::json::Value *value = get(key);
  if (!value)
    return missing;
  std::optional<double> number = value->getAsNumber();
  if (number && *number >= min && *number <= max)
    return *number;
  expected(key,
           llvm::formatv("a number from {0} to {1}", llvm::json::Value(min),
                         llvm::json::Value(max))
               .str(),
           *value);
  return missing;
}

bool JsonFields::boolean(llvm::StringRef key, bool missing) {
  const llvm::json::Value *value = get(key);
  if (!value)
    return missing;
  if (std::optional<bool> truth = value->getAsBoolean())
    return *truth;
  expected(key, "true or false", *value);
  return missing;
}

std::string JsonFields::string(llvm::StringRef key, llvm::StringRef missing) {
  const llvm::json::Value *value = get(key);
  if (!value)
    return missing.str();
  if (std::optional<llvm::StringRef> text = value->getAsString())
    return text->str();
  expected(key, "a string", *value);
  return missing.str();
}

std::optional<JsonFields> JsonFields::object(llvm::StringRef key) {
  const llvm::json::Value *value = get(key);
  if (!value)
    return std::nullopt;
  if (const llvm::json::Object *nested = value->getAsObject()) {
    JsonFields fields(*nested, where + ": " + key.str());
    fields.prefix = prefix + key.str() + ".";
    return fields;
  }
  expected(key, "an object", *value);
  return std::nullopt;
}

} // namespace tritc
