//===- Schema.h - A JSON Schema becomes rules -----------------------------===//
//
// What a value must be is a list of schemas that all hold of it: one to begin
// with, more where allOf and $ref add some. A list is compiled once, to a rule;
// lists that it needs for parts of its value wait in a queue. So schemas may
// refer to themselves, and none is too deep.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/grammar/CharNfa.h"
#include "runtime/grammar/Decimal.h"
#include "runtime/grammar/Digits.h"
#include "runtime/grammar/JsonRules.h"
#include "runtime/grammar/JsonTree.h"
#include "runtime/grammar/SchemaKeywords.h"

namespace tritc::grammar {

/// Kinds of values, a bit for each.
enum Types : uint8_t {
  NullType = 1,
  BooleanType = 2,
  ObjectType = 4,
  ArrayType = 8,
  StringType = 16,
  IntegerType = 32,
  FractionType = 64, ///< numbers that are not whole
  NumberType = IntegerType | FractionType,
  AnyType = 127,
};

class SchemaCompiler {
public:
  explicit SchemaCompiler(const JsonTree &tree) : tree(tree), json(builder) {}

  base::Failure compile(Grammar &grammar);

private:
  friend class Apart;

  /// A schema in a list.
  struct Part {
    enum Done : uint8_t {
      Expanded = 1, ///< what it refers to is in the list
      AnyOf = 2,    ///< one of its anyOf is in the list
      OneOf = 4,
    };
    uint32_t node;
    uint8_t done;
    uint32_t from; ///< the schema that says it holds; JsonTree::none
    bool operator==(const Part &) const = default;
  };
  using Parts = base::Array<Part>;
  using Nodes = base::Array<uint32_t>;

  /// A list that has a rule.
  struct List {
    uint32_t first, count; ///< in listed
    uint32_t rule;
  };

  //--- Schema.cpp -----------------------------------------------------------
  uint32_t ruleOf(std::span<const Part> parts);
  uint32_t ruleOf(std::span<const uint32_t> nodes);
  base::Failure expand(std::span<const Part> parts, Parts &all, bool &isFalse);
  base::Failure expandOne(Part part, Parts &all, bool &isFalse);
  base::Failure checkKeywords(uint32_t node);
  base::Failure checkShape(const Keyword &keyword, uint32_t value);
  base::Failure follow(uint32_t reference, uint32_t &target);
  base::Failure compileList(std::span<const Part> parts, Fragment body);
  bool splitAlternatives(const Parts &all, Fragment body,
                         base::Failure &failure);
  base::Failure compileTypes(const Nodes &nodes, Fragment body);
  uint8_t typesOf(const Nodes &nodes);

  //--- SchemaValues.cpp -----------------------------------------------------
  bool hasValues(const Nodes &nodes) const;
  base::Failure valuesOf(const Nodes &nodes, uint8_t types, Nodes &values);
  bool areEqual(uint32_t a, uint32_t b) const;
  base::Failure compileValues(const Nodes &nodes, uint8_t types, Fragment body);
  base::Failure fits(uint32_t value, const Nodes &nodes, uint8_t types,
                     bool &isFit);
  bool isListed(uint32_t value, uint32_t schema) const;
  void writeValue(uint32_t from, uint32_t value, uint32_t to);
  uint32_t writeText(uint32_t from, std::string_view text);
  static void spell(std::string_view text, base::Array<char> &out);

  //--- SchemaObject.cpp -----------------------------------------------------
  base::Failure compileObject(const Nodes &nodes, Fragment body);
  base::Failure keysOf(const Nodes &nodes, CharNfa &nfa, bool &isFree);
  //--- SchemaArray.cpp ------------------------------------------------------
  base::Failure compileArray(const Nodes &nodes, Fragment body);
  //--- SchemaUnique.cpp -----------------------------------------------------
  base::Failure compileUnique(uint32_t keyword, const Nodes &nodes,
                              uint32_t least, uint32_t most, Fragment body);
  //--- SchemaString.cpp -----------------------------------------------------
  base::Failure compileString(const Nodes &nodes, Fragment body);
  /// What is asked of a string. `isFree` if only its length is limited.
  base::Failure stringOf(const Nodes &nodes, CharNfa &nfa, bool &isFree,
                         uint32_t &least, uint32_t &most);
  void writeString(uint32_t from, const CharNfa &nfa, uint32_t to);
  //--- SchemaNumber.cpp -----------------------------------------------------
  base::Failure compileNumber(const Nodes &nodes, bool isWhole, Fragment body);
  struct Bounds {
    NumberRange range;
    bool hasLow = false, hasHigh = false;
  };
  base::Failure boundsOf(const Nodes &nodes, Bounds &bounds);

  //--- Keywords -------------------------------------------------------------
  bool isTrue(uint32_t node) const { return tree.kind(node) == JsonTree::True; }
  bool isFalse(uint32_t node) const {
    return tree.kind(node) == JsonTree::False;
  }
  /// Calls use(value) for each value that `keyword` has in `nodes`.
  template <typename Use>
  void forEach(const Nodes &nodes, std::string_view keyword, Use &&use) const {
    for (uint32_t node : nodes) {
      uint32_t value = tree.find(node, keyword);
      if (value != JsonTree::none)
        use(value);
    }
  }
  bool hasKeyword(const Nodes &nodes, std::string_view keyword) const {
    bool isThere = false;
    forEach(nodes, keyword, [&](uint32_t) { isThere = true; });
    return isThere;
  }
  /// The largest value of `least` and the smallest of `most` in `nodes`.
  void limits(const Nodes &nodes, std::string_view leastKeyword,
              std::string_view mostKeyword, uint32_t &least,
              uint32_t &most) const;
  uint32_t countOf(uint32_t value) const;

  __attribute__((format(printf, 3, 4))) base::Failure
  refuse(uint32_t node, const char *format, ...) const;
  base::Failure malformed(uint32_t node, const char *expected) const;

  /// Counts what was looked at. False once that is more than any schema in use
  /// takes: a small one may ask for very much.
  bool spend(size_t steps) {
    spent += steps;
    return spent <= mostSteps;
  }
  static constexpr size_t mostSteps = 200000000;
  base::Failure tooMuch(uint32_t node) const {
    return refuse(node, "the schema is too complex");
  }

  size_t spent = 0;
  const JsonTree &tree;
  Builder builder;
  JsonRules json;
  base::Array<List> lists;
  Parts listed;
  Table listTable;
  struct TextStep {
    uint32_t from, to;
    uint8_t byte;
  };
  base::Array<TextStep> textSteps; ///< see writeText()
  Table textTable;
  base::Array<bool> isChecked; ///< by node: its keywords are known
};

} // namespace tritc::grammar
