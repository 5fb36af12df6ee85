//===- Fields.h - The members of a body, by tables ------------------------===//
#pragma once

#include "runtime/serve/Ask.h"
#include "runtime/serve/Json.h"
#include "runtime/serve/Problem.h"

namespace tritc::serve {

/// What a member of a body is. A null is as good as nothing.
struct FieldRule {
  enum Kind {
    Integer,
    Number,
    Flag,
    Text,
    Custom,
    Harmless, ///< changes nothing that this program does
    Refused,  ///< would change the answer, and cannot
  };
  using Reader = Problem (*)(const JsonValue &value, const Place &place,
                             Ask &ask);

  const char *name;
  Kind kind;
  union {
    int64_t Ask::*integer;
    double Ask::*number;
    bool Ask::*flag;
    base::Array<char> Ask::*text;
    Reader read;
    const char *why; ///< of Refused; null: it is not supported
  };
  double minimum = 0, maximum = 0; ///< of Integer and Number
  /// A text of Refused that asks for what is so, beside false, what is empty,
  /// 0, and the number `minimum`.
  std::string_view neutral = {};

  constexpr FieldRule(const char *name, int64_t Ask::*member, double minimum,
                      double maximum)
      : name(name), kind(Integer), integer(member), minimum(minimum),
        maximum(maximum) {}
  constexpr FieldRule(const char *name, double Ask::*member, double minimum,
                      double maximum)
      : name(name), kind(Number), number(member), minimum(minimum),
        maximum(maximum) {}
  constexpr FieldRule(const char *name, bool Ask::*member)
      : name(name), kind(Flag), flag(member) {}
  constexpr FieldRule(const char *name, base::Array<char> Ask::*member)
      : name(name), kind(Text), text(member) {}
  constexpr FieldRule(const char *name, Reader read)
      : name(name), kind(Custom), read(read) {}
  constexpr FieldRule(const char *name, Kind kind, const char *why = nullptr,
                      std::string_view neutral = {}, double neutralNumber = 0)
      : name(name), kind(kind), why(why), minimum(neutralNumber),
        neutral(neutral) {}
};

using FieldTable = std::span<const FieldRule>;

/// Reads the members of an object, each by the first rule of its name. The
/// first that is unknown, refused, or of a wrong type or range is the problem.
Problem readFields(const JsonValue &object, std::span<const FieldTable> tables,
                   const Place &place, Ask &ask);

/// "temperature: expected a number from 0 to 2, found a string".
Problem wrongType(const Place &place, const char *expected,
                  const JsonValue &found);
Problem missing(const char *name);

/// Reads a text, or a list of texts; with `takesIds` also a list of ids or of
/// such lists, which are checked.
Problem readInputs(const JsonValue &value, const Place &place, bool takesIds,
                   Ask &ask);

/// Fields of all that write an answer: sampling, lengths, stops, formats.
FieldTable generationFields();

//--- Readers of members that several endpoints have -------------------------
Problem readMessages(const JsonValue &value, const Place &place, Ask &ask);
Problem readStops(const JsonValue &value, const Place &place, Ask &ask);
/// Takes a JSON schema as what the answer has to look like.
Problem readSchema(const JsonValue &value, const Place &place, Ask &ask);

} // namespace tritc::serve
