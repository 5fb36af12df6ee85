//===- Jinja.h - The part of Jinja that chat templates are written in -----===//
//
// A template is parsed and rendered on small probe conversations while
// compiling, to learn what it does; nothing of it reaches the executable. What
// is not known here (macros, imports, dates, ...) is an error, never a guess.
// Rendering ends always: loops run over what is given, and steps and sizes are
// bounded.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tritc::import::jinja {

struct Node;

/// A value of the language. Lists and mappings are shared, as in Python.
struct Value {
  enum class Kind { Undefined, None, Boolean, Integer, String, List, Mapping };
  using List = std::vector<Value>;
  using Mapping = std::map<std::string, Value>;

  Kind kind = Kind::Undefined;
  int64_t integer = 0; ///< of Integer and Boolean
  std::string string;
  std::shared_ptr<List> list;
  std::shared_ptr<Mapping> mapping;

  static Value none();
  static Value of(bool truth);
  static Value of(int64_t number);
  static Value of(std::string text);
  static Value of(const char *text) { return of(std::string(text)); }
  static Value of(List elements);
  static Value of(Mapping pairs);

  bool is(Kind other) const { return kind == other; }
  bool truth() const; ///< as Python's bool()
};

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
  llvm::Expected<std::string> render(const Value::Mapping &variables) const;

private:
  Template();
  std::unique_ptr<Node> root;
};

} // namespace tritc::import::jinja
