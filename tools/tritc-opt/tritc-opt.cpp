//===- tritc-opt.cpp - Run passes on textual IR ---------------------------===//
#include "passes/Pipeline.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  tritc::registerDialects(registry);
  tritc::registerPasses();
  mlir::registerTransformsPasses();
  return mlir::failed(
      mlir::MlirOptMain(argc, argv, "tritc optimizer driver\n", registry));
}
