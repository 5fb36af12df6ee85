//===- JsonFields.h - Typed, bounded fields of a JSON object --------------===//
#pragma once

#include "compiler/support/Error.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/JSON.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tritc {

/// A key that no reader took. Values of other formats stand as JSON.
struct UnreadKey {
  std::string name; ///< with the objects around it: "rope_parameters.factor"
  llvm::json::Value value;
};

/// Reads fields one after another and remembers the first thing that is wrong;
/// after that every field gives its default. A missing key and a key with null
/// are the same: absent.
class JsonFields {
public:
  /// `where` begins every error: "<file>" or "<file>: <key of this object>".
  JsonFields(const llvm::json::Object &object, std::string where)
      : source(object), where(std::move(where)) {}

  /// What nobody has asked for, here and in adopted objects, ascending.
  std::vector<UnreadKey> unread() const;

  /// nullptr if absent.
  const llvm::json::Value *get(llvm::StringRef key) const;
  /// The key is there and holds null.
  bool isNull(llvm::StringRef key) const;

  uint32_t integer(llvm::StringRef key, uint64_t missing, uint64_t min,
                   uint64_t max);
  double number(llvm::StringRef key, double missing, double min, double max);
  bool boolean(llvm::StringRef key, bool missing);
  std::string string(llvm::StringRef key, llvm::StringRef missing);
  std::optional<JsonFields> object(llvm::StringRef key);

  /// `value`, an integer in [min, max]; else fails and gives min.
  uint32_t checkInteger(llvm::StringRef key, const llvm::json::Value &value,
                        uint64_t min, uint64_t max);

  void fail(ExitCode code, const llvm::Twine &what);
  /// Fails with "<where>: <key>: <what>, found <value>", ExitCode::Unreadable.
  void unsupported(llvm::StringRef key, const llvm::Twine &what,
                   const llvm::json::Value &value);
  /// Takes over the failure of a nested object and its keys.
  void adopt(const JsonFields &nested);

  bool failed() const { return code != ExitCode::Ok; }
  llvm::Error takeError() const;

private:
  void expected(llvm::StringRef key, const llvm::Twine &what,
                const llvm::json::Value &value);

  const llvm::json::Object &source;
  std::string where;
  std::string prefix; ///< of the names of keys: "rope_parameters."
  mutable llvm::SmallVector<const llvm::json::Value *, 16> asked;
  std::vector<UnreadKey> ofNested;
  ExitCode code = ExitCode::Ok;
  std::string problem;
};

} // namespace tritc
