//===- SchemaChoices.cpp - anyOf and oneOf --------------------------------===//

#include "runtime/grammar/Apart.h"

using namespace tritc;
using namespace tritc::grammar;
using base::Failure;

/// Where one of several schemas must hold, the list is one of as many lists.
bool SchemaCompiler::splitAlternatives(const Parts &all, Fragment body,
                                       Failure &failure) {
  static constexpr struct {
    std::string_view keyword;
    Part::Done done;
  } kinds[] = {{"anyOf", Part::AnyOf}, {"oneOf", Part::OneOf}};
  for (size_t i = 0; i < all.size(); ++i)
    for (auto [keyword, done] : kinds) {
      uint32_t choices = tree.find(all[i].node, keyword);
      if (choices == JsonTree::none || (all[i].done & done))
        continue;
      if (done == Part::OneOf)
        if ((failure = Apart(*this).check(choices)))
          return true;
      for (uint32_t choice : Children(tree, choices)) {
        Parts list;
        list.append(all);
        list[i].done |= done;
        list.push({choice, 0, all[i].node});
        builder.call(body.start, ruleOf(std::span<const Part>(list)), body.end);
      }
      return true;
    }
  return false;
}
