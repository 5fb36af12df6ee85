//===- ObjectFileTest.cpp - Machine code of small modules -----------------===//

#include "compiler/support/Error.h"
#include "runtime/abi/Program.h"
#include "test/unit/codegen/TestModule.h"

#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/MemoryBuffer.h"

#include <gtest/gtest.h>

using namespace tritc;
using namespace tritc::codegen;
using namespace tritc::codegen::test;

namespace {

llvm::Expected<MachineCode> compile(llvm::StringRef text,
                                    const Machine &machine = plainMachine(),
                                    ProgramPart part = ProgramPart::Whole) {
  ParsedModule parsed(text);
  EXPECT_TRUE(parsed.module) << text.str();
  ProgramInfo info;
  info.targetName = "portable";
  info.vocabSize = 99;
  info.counts = {1, 2, 3, 4, 8};
  info.work = {{"rope", 0}};
  if (llvm::Error error = readProgramInfo(*parsed.module, info))
    return std::move(error);
  return MachineCode::create(*parsed.module, machine, info, part);
}

std::string object(llvm::StringRef text,
                   ProgramPart part = ProgramPart::Whole) {
  llvm::SmallVector<char, 0> bytes = llvm::cantFail(
      llvm::cantFail(compile(text, plainMachine(), part)).object());
  return std::string(bytes.begin(), bytes.end());
}

Failure failureOf(llvm::Expected<MachineCode> result) {
  return toFailure(result.takeError());
}

std::string replaced(std::string text, llvm::StringRef from,
                     llvm::StringRef to) {
  size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos);
  return text.replace(at, from.size(), to);
}

/// Global symbols of an object.
struct Symbols {
  std::vector<std::string> defined, undefined;

  explicit Symbols(llvm::StringRef object) {
    auto file = llvm::cantFail(llvm::object::ObjectFile::createObjectFile(
        llvm::MemoryBufferRef(object, "object")));
    for (const llvm::object::SymbolRef &symbol : file->symbols()) {
      uint32_t flags = llvm::cantFail(symbol.getFlags());
      std::string name = llvm::cantFail(symbol.getName()).str();
      if (flags & llvm::object::SymbolRef::SF_Undefined)
        undefined.push_back(name);
      else if (flags & llvm::object::SymbolRef::SF_Global)
        defined.push_back(name);
    }
    llvm::sort(defined);
    llvm::sort(undefined);
  }
};

using Names = std::vector<std::string>;

TEST(ObjectFile, ExportsTheProgramAlone) {
  Symbols symbols(object(forwardModule()));
  EXPECT_EQ(symbols.defined, Names{"tritc_program"});
  EXPECT_EQ(symbols.undefined, Names{"tritc_barrier"});
}

TEST(ObjectFile, PartsOfAProgramFitTogether) {
  Symbols decode(object(forwardModule(), ProgramPart::Decode));
  EXPECT_EQ(decode.defined, Names{"tritc_program"});
  EXPECT_TRUE(llvm::is_contained(decode.undefined, "tritc_program_prefill"));
  Symbols prefill(object(forwardModule(), ProgramPart::Prefill));
  EXPECT_EQ(prefill.defined, Names{"tritc_program_prefill"});
  EXPECT_FALSE(llvm::is_contained(prefill.undefined, "tritc_program"));
}

TEST(ObjectFile, TheTableNamesEveryProgram) {
  auto bytes = llvm::cantFail(
      programTable({"tritc_program_a", "tritc_program_b"}, plainMachine()));
  auto file = llvm::cantFail(llvm::object::ObjectFile::createObjectFile(
      llvm::MemoryBufferRef(llvm::StringRef(bytes.data(), bytes.size()), "")));
  std::vector<std::string> undefined;
  for (const llvm::object::SymbolRef &symbol : file->symbols()) {
    std::string name = llvm::cantFail(symbol.getName()).str();
    uint32_t flags = llvm::cantFail(symbol.getFlags());
    if (!(flags & llvm::object::SymbolRef::SF_Global))
      continue;
    if (flags & llvm::object::SymbolRef::SF_Undefined)
      undefined.push_back(name);
    else
      EXPECT_EQ(name, "tritc_programs");
    if (name == "tritc_programs")
      EXPECT_EQ(llvm::object::ELFSymbolRef(symbol).getSize(), 3 * 8u);
  }
  EXPECT_EQ(undefined,
            (std::vector<std::string>{"tritc_program_a", "tritc_program_b"}));
}

TEST(ObjectFile, SameModuleGivesTheSameBytes) {
  EXPECT_EQ(object(forwardModule()), object(forwardModule()));
}

TEST(ObjectFile, ProgramHoldsTheNumbersOfTheModule) {
  std::string ir = llvm::cantFail(compile(forwardModule())).llvmIR();
  std::string program =
      "@tritc_program = dso_local local_unnamed_addr constant { "
      "i32, i32, i64, ptr, "
      "i64, i64, i32, i32, ptr, ptr, i64, i64, i64, i64, i64, "
      "ptr, i64, ptr, i64 } { i32 " +
      std::to_string(TRITC_ABI_VERSION) +
      ", i32 8, i64 0, "
      "ptr @target_name, i64 64, i64 128, i32 16, i32 99, "
      "ptr @decode, ptr @prefill, i64 1, i64 2, i64 3, i64 4, "
      "i64 8, ptr @work, i64 1, ptr null, i64 0 }";
  EXPECT_NE(ir.find(program), std::string::npos) << ir;
}

TEST(ObjectFile, FloatsAreNeverContracted) {
  std::string text =
      replaced(forwardModule(), "  llvm.store %value",
               "  %square = llvm.fmul %value, %value : f32\n"
               "  %sum = llvm.fadd %square, %value : f32\n  llvm.store %sum");
  llvm::SmallVector<char, 0> assembly =
      llvm::cantFail(llvm::cantFail(compile(text, {"x86_64-unknown-linux-gnu",
                                                   "x86-64", "+avx2,+fma"}))
                         .assembly());
  llvm::StringRef view(assembly.data(), assembly.size());
  EXPECT_TRUE(view.contains("vmulss"));
  EXPECT_FALSE(view.contains("vfmadd"));
}

TEST(ObjectFile, AModuleWithoutDecodeIsAnError) {
  Failure failure =
      failureOf(compile(replaced(forwardModule(), "@decode", "@encode")));
  EXPECT_EQ(failure.code, ExitCode::CodeGeneration);
  EXPECT_EQ(failure.message, "the module defines no function 'decode'");
}

TEST(ObjectFile, AForwardPassOfAnotherTypeIsAnError) {
  Failure failure =
      failureOf(compile(replaced(forwardModule(), "%n: i64", "%n: i32")));
  EXPECT_EQ(failure.code, ExitCode::CodeGeneration);
  EXPECT_EQ(failure.message,
            "function 'decode' has not the type of a forward pass");
}

TEST(ObjectFile, AMissingSizeIsAnError) {
  Failure failure = failureOf(compile(
      replaced(forwardModule(), "lut.scratch_bytes", "lut.other_bytes")));
  EXPECT_EQ(failure.code, ExitCode::CodeGeneration);
  EXPECT_EQ(failure.message, "module attribute 'lut.scratch_bytes': expected a "
                             "count, found none");
}

TEST(ObjectFile, AnUnknownProcessorIsAnError) {
  Failure failure = failureOf(
      compile(forwardModule(), {"x86_64-unknown-linux-gnu", "abacus", ""}));
  EXPECT_EQ(failure.code, ExitCode::UnsupportedTarget);
  EXPECT_EQ(failure.message, "target 'x86_64-unknown-linux-gnu': no processor "
                             "'abacus'");
}

TEST(ObjectFile, AnUnknownArchitectureIsAnError) {
  Failure failure =
      failureOf(compile(forwardModule(), {"pdp11-unknown-unix", "11", ""}));
  EXPECT_EQ(failure.code, ExitCode::UnsupportedTarget);
}

} // namespace
