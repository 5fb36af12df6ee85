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

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tritc::import::jinja {

struct Node;
class Mapping;

/// A value of the language. Lists and mappings are shared, as in Python.
struct Value {
  enum class Kind {
    Undefined,
    None,
    Boolean,
    Integer,
    String,
    List,
    Mapping,
    Macro,
  };
  using List = std::vector<Value>;
  using Mapping = jinja::Mapping;

  Kind kind = Kind::Undefined;
  /// List: what a filter hands out one by one: true even if empty, without a
  /// length. Mapping: a namespace, whose attributes can be set.
  bool isSpecial = false;
  int64_t integer = 0; ///< of Integer and Boolean
  std::string string;
  std::shared_ptr<List> list;
  std::shared_ptr<Mapping> mapping;
  const Node *macro = nullptr;

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

/// Values by name, in the order in which the names came.
class Mapping {
public:
  using Pair = std::pair<std::string, Value>;

  Mapping() = default;
  Mapping(std::initializer_list<Pair> pairs) : pairs(pairs) {}

  const Value *find(llvm::StringRef name) const;
  Value *find(llvm::StringRef name) {
    return const_cast<Value *>(std::as_const(*this).find(name));
  }
  Value &operator[](llvm::StringRef name);
  size_t size() const { return pairs.size(); }
  bool empty() const { return pairs.empty(); }
  auto begin() const { return pairs.begin(); }
  auto end() const { return pairs.end(); }

private:
  std::vector<Pair> pairs;
};

/// The present time in a format of strftime; nullopt for a format that it does
/// not do.
using Clock =
    std::function<std::optional<std::string>(const std::string &format)>;

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
