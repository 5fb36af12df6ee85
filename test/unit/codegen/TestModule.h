//===- TestModule.h - A model small enough to write by hand ---------------===//
#pragma once

#include "compiler/codegen/ObjectFile.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"

#include <memory>
#include <string>

namespace tritc::codegen::test {

/// The parameters of a forward pass, as the LLVM dialect spells them.
inline constexpr llvm::StringLiteral forwardParameters =
    "(%w: !llvm.ptr, %s: !llvm.ptr, %kv: !llvm.ptr, %t: !llvm.ptr, "
    "%p: !llvm.ptr, %l: !llvm.ptr, %trace: !llvm.ptr, %n: i64, %f: i64, "
    "%i: i64, %c: i64, %b: !llvm.ptr)";

/// decode stores token + 1 as the logit and calls the barrier once.
inline std::string forwardModule() {
  std::string parameters = forwardParameters.str();
  return "module attributes {lut.scratch_bytes = 64 : i64, "
         "lut.kv_cache_bytes = 128 : i64, lut.max_tokens = 8 : i64, "
         "lut.context_size = 16 : i64} {\n"
         "llvm.func @tritc_barrier(!llvm.ptr)\n"
         "llvm.func @decode" +
         parameters +
         " {\n"
         "  %one = llvm.mlir.constant(1 : i32) : i32\n"
         "  %id = llvm.load %t : !llvm.ptr -> i32\n"
         "  %next = llvm.add %id, %one : i32\n"
         "  %value = llvm.sitofp %next : i32 to f32\n"
         "  llvm.store %value, %l : f32, !llvm.ptr\n"
         "  llvm.call @tritc_barrier(%b) : (!llvm.ptr) -> ()\n"
         "  llvm.return\n"
         "}\n"
         "llvm.func @prefill" +
         parameters +
         " {\n  llvm.return\n}\n"
         "}\n";
}

/// A parsed module and the context it lives in.
struct ParsedModule {
  explicit ParsedModule(llvm::StringRef text) {
    mlir::DialectRegistry registry;
    registry.insert<mlir::LLVM::LLVMDialect>();
    registerTranslation(registry);
    context = std::make_unique<mlir::MLIRContext>(registry);
    context->allowUnregisteredDialects();
    context->loadAllAvailableDialects();
    module = mlir::parseSourceString<mlir::ModuleOp>(text, context.get());
  }
  std::unique_ptr<mlir::MLIRContext> context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

inline Machine plainMachine() {
  return {"x86_64-unknown-linux-gnu", "x86-64", ""};
}

/// The object file of forwardModule(), for the machine of plainMachine(), with
/// a program of this name.
inline std::string modelObject(llvm::StringRef symbol = "tritc_program") {
  ParsedModule parsed(forwardModule());
  ProgramInfo info;
  info.symbol = symbol.str();
  info.targetName = "portable";
  llvm::cantFail(readProgramInfo(*parsed.module, info));
  llvm::SmallVector<char, 0> bytes = llvm::cantFail(
      llvm::cantFail(MachineCode::create(*parsed.module, plainMachine(), info))
          .object());
  return std::string(bytes.begin(), bytes.end());
}

/// What is linked: the model's object and the table of its one program.
inline std::vector<std::string> modelObjects() {
  llvm::SmallVector<char, 0> table =
      llvm::cantFail(programTable({"tritc_program"}, plainMachine()));
  return {modelObject(), std::string(table.begin(), table.end())};
}

} // namespace tritc::codegen::test
