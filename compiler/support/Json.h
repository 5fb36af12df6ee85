//===- Json.h - JSON text from strangers ----------------------------------===//
//
// One way to read JSON for every file of a checkpoint: no recursion, so no
// depth breaks the stack; bounded depth and size of the result; integers kept
// exactly up to 2^64; UTF-8 checked; duplicate keys treated as the format asks.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tritc {

enum class DuplicateKeys { LastWins, Reject };

struct JsonRules {
  DuplicateKeys duplicates = DuplicateKeys::LastWins;
  unsigned maxDepth = 64;          ///< nested arrays and objects
  uint64_t maxValues = 16'000'000; ///< bounds memory to some 100 bytes each
};

/// Parses the whole of `text`. Fails with ExitCode::Malformed; `file` names it.
llvm::Expected<llvm::json::Value> parseJson(llvm::StringRef text,
                                            llvm::StringRef file,
                                            const JsonRules &rules = {});

/// As parseJson, for a file whose top level must be an object.
llvm::Expected<llvm::json::Object> parseJsonObject(llvm::StringRef text,
                                                   llvm::StringRef file,
                                                   const JsonRules &rules = {});

/// The pairs of `object` ascending by key: what we do and say must not depend
/// on the order of a hash table.
std::vector<std::pair<llvm::StringRef, const llvm::json::Value *>>
inOrder(const llvm::json::Object &object);

/// A few words that show `value` in an error: `"text"`, `-3`, `an object`.
std::string describe(const llvm::json::Value &value);

} // namespace tritc
