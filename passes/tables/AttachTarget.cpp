//===- AttachTarget.cpp - Write the target's numbers into the module ------===//
#include "passes/tables/Passes.h"

#include "targets/Target.h"

using namespace mlir;

namespace tritc::tables {
#define GEN_PASS_DEF_ATTACHTARGET
#include "passes/tables/Passes.h.inc"

// A target's data name the same kinds of codes, in one order, without MLIR.
static_assert(int(lut::Codes::Signed) == int(Codes::Signed));
static_assert(int(lut::Codes::Unsigned) == int(Codes::Unsigned));
static_assert(int(lut::Codes::Small) == int(Codes::Small));

static lut::PackingAttr packingAttr(MLIRContext *context,
                                    const lut::PackingSpec &spec) {
  return lut::PackingAttr::get(context, lut::PackingKind(spec.kind),
                               spec.tileRows, spec.dotRows, spec.dotColumns);
}

static lut::DotShapeAttr dotShapeAttr(MLIRContext *context,
                                      const DotShape &dot) {
  return lut::DotShapeAttr::get(context, dot.sumBits, dot.rows, dot.tokens,
                                dot.columns, dot.rowTile, dot.tokenTile,
                                dot.loadColumns, lut::Codes(dot.codes),
                                dot.sideColumns, dot.chunkColumns);
}

/// `cores` of the machine, all of them for 0.
static lut::TargetAttr targetAttr(MLIRContext *context, const Target &target,
                                  const Machine &machine, int64_t cores) {
  SmallVector<lut::KernelAttr> kernels;
  for (const Kernel &kernel : target.kernels)
    kernels.push_back(lut::KernelAttr::get(
        context, packingAttr(context, kernel.packing),
        kernel.cyclesOn(machine.cpu),
        kernel.complements ? lut::Sign::Complement : lut::Sign::Negate,
        kernel.dot ? dotShapeAttr(context, *kernel.dot) : lut::DotShapeAttr()));
  if (cores == 0)
    cores = machine.cores;
  auto machineAttr = lut::MachineAttr::get(context, cores, machine.mhz,
                                           machine.bandwidth(cores));
  return lut::TargetAttr::get(
      context, kernels, machineAttr, dotShapeAttr(context, target.dot),
      target.registerDot ? dotShapeAttr(context, *target.registerDot)
                         : lut::DotShapeAttr(),
      target.prefillTokens, target.prefetchBytes, ArrayRef<lut::TimingAttr>());
}

namespace {
struct AttachTarget : impl::AttachTargetBase<AttachTarget> {
  using AttachTargetBase::AttachTargetBase;

  void runOnOperation() override {
    if (getOperation()->hasAttr(lut::kTargetAttr))
      return;
    const Target *found = lookupTarget(target);
    if (!found) {
      getOperation().emitError() << "no target named '" << target << "'";
      return signalPassFailure();
    }
    StringRef name = machine.empty() ? StringRef(found->machine) : machine;
    const Machine *foundMachine = lookupMachine(name);
    if (!foundMachine) {
      getOperation().emitError() << "no machine named '" << name << "'";
      return signalPassFailure();
    }
    getOperation()->setAttr(
        lut::kTargetAttr,
        targetAttr(&getContext(), *found, *foundMachine, int64_t(cores)));
  }
};
} // namespace
} // namespace tritc::tables
