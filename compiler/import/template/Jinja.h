//===- Jinja.h - The part of Jinja that chat templates are written in -----===//
//
// A template is parsed and rendered on small probe conversations while
// compiling, to learn what it does; nothing of it reaches the executable. What
// is not known here is an error where it is evaluated, never a guess: branches
// that no probe takes (those for tools) need not be understood. Rendering ends
// always: loops run over what is given, and steps, sizes and depth are bounded.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/template/JinjaValue.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <string>
#include <vector>

namespace tritc::import::jinja {

/// The error of render() where the template calls raise_exception.
inline constexpr const char *refusal = "the template refuses the conversation";

/// A parsed template.
class Template {
public:
  /// Parses `text` with the white space rules of Hugging Face (trim_blocks and
  /// lstrip_blocks on). The error's message is a few words without a file.
  static llvm::Expected<Template> parse(llvm::StringRef text);

  Template(Template &&);
  Template &operator=(Template &&);
  ~Template();

  /// Renders with `variables`. Fails where the reference would raise, and on
  /// what we do not know.
  llvm::Expected<std::string> render(const Mapping &variables,
                                     const Clock &clock) const;

  /// Texts that it splits others at, replaces in them or looks for, in the
  /// order of the template; a few at most.
  const std::vector<std::string> &soughtTexts() const { return sought; }

private:
  Template();
  std::unique_ptr<Node> root;
  std::vector<std::string> sought;
};

} // namespace tritc::import::jinja
