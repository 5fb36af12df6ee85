//===- Name.h - Names of models on a hub ----------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>

namespace tritc::hub {

struct Name {
  std::string repository; ///< "ORG/NAME"
  std::string revision = "main";
  std::string file; ///< a GGUF file, or a part of its name; empty: not given
};

/// What `text` names: ORG/NAME[@REVISION][:FILE], the same behind `hf:` or
/// `hf.co/`, or an address of a model's page or file. None where it can only be
/// a path; a failure where it begins as a name and does not go on as one.
llvm::Expected<std::optional<Name>> readName(llvm::StringRef text);

/// The name by which people and files call `name`.
std::string shortName(const Name &name);

/// Whether `path` stays inside the folder that it is relative to.
bool isInside(llvm::StringRef path);

} // namespace tritc::hub
