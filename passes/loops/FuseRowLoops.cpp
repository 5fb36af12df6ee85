//===- FuseRowLoops.cpp - Merge neighbouring loops over tokens ------------===//
#include "passes/loops/Passes.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/DebugLog.h"

#define DEBUG_TYPE "lut-fuse-row-loops"

using namespace mlir;

namespace tritc::loops {
#define GEN_PASS_DEF_FUSEROWLOOPS
#include "passes/loops/Passes.h.inc"

static bool isRowLoop(Operation *op) {
  auto loop = dyn_cast<scf::ForallOp>(op);
  return loop && isOverRows(loop);
}

/// The loop over tokens that `second` can join, with only pure operations in
/// between; null with the reason logged.
static scf::ForallOp findNeighbour(scf::ForallOp second) {
  for (Operation *op = second->getPrevNode(); op; op = op->getPrevNode()) {
    if (isRowLoop(op)) {
      auto first = cast<scf::ForallOp>(op);
      if (first.getMixedUpperBound() == second.getMixedUpperBound())
        return first;
      LDBG() << "skip: the loops count different tokens";
      return {};
    }
    if (!isMemoryEffectFree(op)) {
      LDBG() << "skip: " << op->getName() << " stands in between";
      return {};
    }
  }
  LDBG() << "skip: nothing to join";
  return {};
}

static void join(scf::ForallOp first, scf::ForallOp second) {
  // What stands between is pure and cannot depend on `first`, which has no
  // results.
  while (first->getNextNode() != second)
    first->getNextNode()->moveBefore(first);
  Block *body = second.getBody();
  body->getTerminator()->erase();
  first.getBody()->getOperations().splice(first.getTerminator()->getIterator(),
                                          body->getOperations());
  second.getInductionVar(0).replaceAllUsesWith(first.getInductionVar(0));
  second.erase();
}

namespace {
struct FuseRowLoops : impl::FuseRowLoopsBase<FuseRowLoops> {
  void runOnOperation() override {
    SmallVector<scf::ForallOp> loops;
    getOperation().walk([&](scf::ForallOp loop) {
      if (isRowLoop(loop))
        loops.push_back(loop);
    });
    // From the last to the first, so that a chain collapses into its head.
    for (scf::ForallOp loop : llvm::reverse(loops))
      if (scf::ForallOp neighbour = findNeighbour(loop)) {
        join(neighbour, loop);
        ++fused;
      }
  }
};
} // namespace
} // namespace tritc::loops
