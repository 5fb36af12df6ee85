//===- TensorLedger.h - Every tensor of a checkpoint is accounted for -----===//
//
// Tensors of a container can only be had from its ledger, which notes who was
// taken. At the end the ledger is closed: what nobody took must be known to be
// harmless. Only that gives an Accounted, and only with one is there a
// Checkpoint: a reader that forgets to account for its tensors does not
// compile.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/model/DType.h"
#include "compiler/support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

#include <optional>
#include <string>
#include <vector>

namespace tritc::import {

struct ModelConfig;
struct TensorView;

/// A tensor that no reader took.
struct Leftover {
  llvm::StringRef name;
  llvm::StringRef file;
  std::string type; ///< "F32", as people call it
  llvm::SmallVector<uint64_t, 4> shape;
  std::optional<DType> dtype;    ///< if it is one that we read
  llvm::ArrayRef<uint8_t> bytes; ///< empty if the type is unknown
};

/// What decides about leftovers.
struct LeftoverRules {
  const ModelConfig &config;
  llvm::StringRef embeddingName;
  const TensorView *embedding; ///< what a second copy of it must equal
  llvm::StringRef layerPrefix; ///< before the number of a layer: "blk."
  llvm::StringRef layerCountKey;
};

/// Proof that each tensor of a container was taken or excused.
class Accounted {
public:
  /// A line that names what was excused; empty for none.
  const std::string &note() const { return line; }

private:
  friend class LedgerBase;
  explicit Accounted(std::string line) : line(std::move(line)) {}
  std::string line;
};

class LedgerBase {
protected:
  /// \param leftovers  ascending by name
  /// ExitCode::Unreadable, with the first that is not harmless and the number
  /// of the others.
  static llvm::Expected<Accounted> settle(llvm::ArrayRef<Leftover> leftovers,
                                          const LeftoverRules &rules);
  static llvm::Error foundTwice(llvm::StringRef name, llvm::StringRef file,
                                llvm::StringRef other);
};

/// \tparam Item  one tensor: name(), path() of its file, leftover()
template <typename Item>
class TensorLedger : LedgerBase {
public:
  /// Fails if there is one of that name.
  llvm::Error add(Item item) {
    auto [place, isNew] = byName.try_emplace(item.name(), Entry{item});
    if (isNew)
      return llvm::Error::success();
    return foundTwice(item.name(), item.path(), place->second.item.path());
  }

  /// The tensor, which is accounted for from now on; nullopt if there is none.
  std::optional<Item> take(llvm::StringRef name) {
    auto found = byName.find(name);
    if (found == byName.end())
      return std::nullopt;
    found->second.isTaken = true;
    return found->second.item;
  }

  /// The same for those who only want to know: it must still be taken.
  std::optional<Item> look(llvm::StringRef name) const {
    auto found = byName.find(name);
    if (found == byName.end())
      return std::nullopt;
    return found->second.item;
  }

  /// Is there a tensor whose name ends so?
  bool anyEnds(llvm::StringRef end) const {
    return llvm::any_of(
        byName, [&](const auto &pair) { return pair.first().ends_with(end); });
  }

  size_t size() const { return byName.size(); }

  /// Nobody will take any more.
  llvm::Expected<Accounted> close(const LeftoverRules &rules) const {
    std::vector<Leftover> leftovers;
    for (const auto &pair : byName)
      if (!pair.second.isTaken)
        leftovers.push_back(pair.second.item.leftover());
    llvm::sort(leftovers, [](const Leftover &a, const Leftover &b) {
      return a.name < b.name;
    });
    return settle(leftovers, rules);
  }

private:
  struct Entry {
    Item item;
    bool isTaken = false;
  };
  llvm::StringMap<Entry> byName;
};

} // namespace tritc::import
