//===- TripleBytes.cpp - Powers of three times bytes ----------------------===//

#include "compiler/codegen/TripleBytes.h"

#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/PatternMatch.h"

#include <map>

namespace tritc::codegen {

using namespace llvm;
using namespace llvm::PatternMatch;

/// Is a product of such vectors worth more than two sums?
static bool multipliesBadly(Type *type, const TargetTransformInfo &costs) {
  return costs.getArithmeticInstrCost(Instruction::Mul, type) >
         costs.getArithmeticInstrCost(Instruction::Add, type) * 2;
}

/// Replaces the products in one block.
static bool replaceIn(BasicBlock &block, const TargetTransformInfo &costs) {
  constexpr uint8_t third = 171; // times 3 is 1, modulo 256
  // Products so far, by what is multiplied with which number.
  std::map<std::pair<Value *, uint8_t>, Value *> products;
  bool changed = false;
  for (Instruction &product : make_early_inc_range(block)) {
    Value *bytes;
    const APInt *factor;
    if (!product.getType()->isVectorTy() ||
        !product.getType()->getScalarType()->isIntegerTy(8) ||
        !match(&product, m_Mul(m_Value(bytes), m_APInt(factor))) ||
        !multipliesBadly(product.getType(), costs))
      continue;
    auto number = uint8_t(factor->getZExtValue());
    auto before = uint8_t(number * third);
    auto known = products.find({bytes, before});
    Value *part = before == 1               ? bytes
                  : known == products.end() ? nullptr
                                            : known->second;
    if (!part) {
      products[{bytes, number}] = &product;
      continue;
    }
    IRBuilder<> builder(&product);
    Value *sum = builder.CreateAdd(builder.CreateAdd(part, part), part);
    products[{bytes, number}] = sum;
    product.replaceAllUsesWith(sum);
    product.eraseFromParent();
    changed = true;
  }
  return changed;
}

PreservedAnalyses TripleBytes::run(Function &function,
                                   FunctionAnalysisManager &analyses) {
  const auto &costs = analyses.getResult<TargetIRAnalysis>(function);
  bool changed = false;
  for (BasicBlock &block : function)
    changed |= replaceIn(block, costs);
  return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

} // namespace tritc::codegen
