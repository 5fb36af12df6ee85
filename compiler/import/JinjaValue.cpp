//===- JinjaValue.cpp - Values of the template language -------------------===//

#include "compiler/import/Jinja.h"

namespace tritc::import::jinja {

Value Value::none() {
  Value value;
  value.kind = Kind::None;
  return value;
}

Value Value::of(bool truth) {
  Value value;
  value.kind = Kind::Boolean;
  value.integer = truth;
  return value;
}

Value Value::of(int64_t number) {
  Value value;
  value.kind = Kind::Integer;
  value.integer = number;
  return value;
}

Value Value::of(std::string text) {
  Value value;
  value.kind = Kind::String;
  value.string = std::move(text);
  return value;
}

Value Value::of(List elements) {
  Value value;
  value.kind = Kind::List;
  value.list = std::make_shared<List>(std::move(elements));
  return value;
}

Value Value::of(Mapping pairs) {
  Value value;
  value.kind = Kind::Mapping;
  value.mapping = std::make_shared<Mapping>(std::move(pairs));
  return value;
}

bool Value::truth() const {
  switch (kind) {
  case Kind::Undefined:
  case Kind::None:
    return false;
  case Kind::Boolean:
  case Kind::Integer:
    return integer != 0;
  case Kind::String:
    return !string.empty();
  case Kind::List:
    return !list->empty();
  case Kind::Mapping:
    return !mapping->empty();
  }
  return false;
}

} // namespace tritc::import::jinja
