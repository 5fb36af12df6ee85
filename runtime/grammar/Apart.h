//===- Apart.h - Schemas of which no value fits two -----------------------===//
#pragma once

#include "runtime/grammar/Schema.h"

namespace tritc::grammar {

/// oneOf asks for exactly one schema. That can be promised where the choice is
/// seen to be one: by type, by a key that both give different values, by a key
/// that one needs and the other has not, by values listed or their bounds.
class Apart {
public:
  explicit Apart(SchemaCompiler &compiler) : compiler(compiler) {}

  /// Usage if something written for one of `choices` may fit another one.
  base::Failure check(uint32_t choices);

private:
  using Nodes = SchemaCompiler::Nodes;

  bool neverFits(const Nodes &written, const Nodes &other);
  bool valuesNeverFit(const Nodes &written, const Nodes &other);
  bool objectsNeverFit(const Nodes &written, const Nodes &other);
  bool numbersNeverFit(const Nodes &written, const Nodes &other);
  base::Failure nodesOf(std::span<const uint32_t> schemas, Nodes &nodes,
                        bool &isNothing);
  /// The schemas of a key in `nodes`, as nodesOf() has them.
  Nodes valueOf(const Nodes &nodes, std::string_view key);

  SchemaCompiler &compiler;
};

} // namespace tritc::grammar
