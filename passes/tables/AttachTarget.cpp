//===- AttachTarget.cpp - Write the target's numbers into the module ------===//
#include "passes/tables/Passes.h"

#include "targets/Target.h"

using namespace mlir;

namespace tritc::tables {
#define GEN_PASS_DEF_ATTACHTARGET
#include "passes/tables/Passes.h.inc"

static lut::PackingAttr packingAttr(MLIRContext *context,
                                    const lut::PackingSpec &spec) {
  return lut::PackingAttr::get(context,
                               spec.kind == lut::PackingSpec::Codes
                                   ? lut::PackingKind::Codes
                                   : lut::PackingKind::SignedNibble,
                               spec.tileRows);
}

namespace {
struct AttachTarget : impl::AttachTargetBase<AttachTarget> {
  using AttachTargetBase::AttachTargetBase;

  void runOnOperation() override {
    const Target *found = lookupTarget(target);
    if (!found) {
      getOperation().emitError() << "no target named '" << target << "'";
      return signalPassFailure();
    }
    getOperation()->setAttr(
        lut::kTargetAttr,
        lut::TargetAttr::get(
            &getContext(), packingAttr(&getContext(), found->packing),
            found->prefillTokens, found->tokenTile, found->prefetchBytes));
  }
};
} // namespace
} // namespace tritc::tables
