//===- JinjaJson.cpp - The filter tojson ----------------------------------===//

#include "compiler/import/template/JinjaSyntax.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

namespace tritc::import::jinja {

namespace {
class Writer {
public:
  Writer(std::string &text, int64_t indent) : out(text), indent(indent) {}

  bool write(const Value &value, unsigned depth);

private:
  void line(unsigned depth) {
    if (indent >= 0)
      out << '\n' << std::string(size_t(indent) * depth, ' ');
  }
  void quote(llvm::StringRef text);
  template <typename Elements, typename Each>
  bool group(const char *brackets, const Elements &elements, unsigned depth,
             Each &&each);

  llvm::raw_string_ostream out;
  int64_t indent; ///< -1: all on one line
};
} // namespace

void Writer::quote(llvm::StringRef text) {
  out << '"';
  for (char c : text) {
    size_t known = llvm::StringRef("\"\\\b\f\n\r\t").find(c);
    if (known != llvm::StringRef::npos)
      out << '\\' << "\"\\bfnrt"[known];
    else if (static_cast<unsigned char>(c) < 0x20)
      out << "\\u" << llvm::format("%04x", unsigned(c));
    else
      out << c;
  }
  out << '"';
}

template <typename Elements, typename Each>
bool Writer::group(const char *brackets, const Elements &elements,
                   unsigned depth, Each &&each) {
  out << brackets[0];
  bool isFirst = true;
  for (const auto &element : elements) {
    if (!isFirst)
      out << (indent >= 0 ? "," : ", ");
    isFirst = false;
    line(depth + 1);
    if (!each(element))
      return false;
  }
  if (!isFirst)
    line(depth);
  out << brackets[1];
  return out.str().size() <= maxText;
}

bool Writer::write(const Value &value, unsigned depth) {
  if (depth > 16 || value.isSpecial)
    return false;
  switch (value.kind) {
  case Value::Kind::None:
    out << "null";
    return true;
  case Value::Kind::Boolean:
    out << (value.integer ? "true" : "false");
    return true;
  case Value::Kind::Integer:
    out << value.integer;
    return true;
  case Value::Kind::String:
    quote(value.string);
    return true;
  case Value::Kind::List:
    return group("[]", *value.list, depth, [&](const Value &element) {
      return write(element, depth + 1);
    });
  case Value::Kind::Mapping:
    return group("{}", *value.mapping, depth, [&](const Mapping::Pair &pair) {
      quote(pair.first);
      out << ": ";
      return write(pair.second, depth + 1);
    });
  case Value::Kind::Undefined:
  case Value::Kind::Macro:
    return false;
  }
  return false;
}

std::optional<std::string> toJson(const Value &value, int64_t indent) {
  std::string text;
  if (indent > 16 || !Writer(text, indent).write(value, 0))
    return std::nullopt;
  return text;
}

} // namespace tritc::import::jinja
