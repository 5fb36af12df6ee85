//===- opt.cpp - Passes on textual IR, as tritc-opt runs them -------------===//
//
// An input is a test of lit: the flags of its first RUN line are the passes,
// what "// -----" divides are modules. What libFuzzer follows instead of the
// coverage of code that is not instrumented: which passes ended how, what they
// said, and what operations they left.
//
//===----------------------------------------------------------------------===//

#include "passes/Pipeline.h"
#include "test/fuzz/Input.h"
#include "test/fuzz/Tokens.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace tritc;

/// Bytes that libFuzzer takes for counters of coverage.
static constexpr size_t countOfMarks = 1 << 14;
__attribute__((section("__libfuzzer_extra_counters"),
               used)) static uint8_t marks[countOfMarks];

static void mark(llvm::hash_code what) {
  marks[size_t(what) % countOfMarks] = 1;
}

/// A message, whatever it names and counts.
static void markMessage(StringRef text) {
  std::string kind;
  bool isQuoted = false;
  for (char c : text) {
    isQuoted ^= c == '\'' || c == '"';
    if (!isQuoted && llvm::isAlpha(c))
      kind += c;
  }
  mark(llvm::hash_value(kind));
}

static void markResult(ModuleOp module, const PassManager &manager) {
  std::string passes;
  llvm::raw_string_ostream out(passes);
  for (const Pass &pass : manager.getPasses())
    out << pass.getArgument() << ' ';
  mark(llvm::hash_value(passes));
  module->walk([&](Operation *op) {
    mark(llvm::hash_combine(passes, op->getName().getStringRef()));
  });
}

/// A pass or a phase, and its options.
static void addPass(OpPassManager &manager, StringRef flag) {
  auto [name, options] = flag.drop_front(2).split('=');
  auto ignore = [](const llvm::Twine &) { return failure(); };
  const PassRegistryEntry *entry = PassInfo::lookup(name);
  if (!entry)
    entry = PassPipelineInfo::lookup(name);
  if (entry)
    (void)entry->addToPipeline(manager, options.trim('"'), ignore);
}

static void addPasses(OpPassManager &manager, StringRef text) {
  StringRef line = text.substr(text.find("RUN:")).split('\n').first;
  for (const fuzz::Token &token : fuzz::tokensOf(line.split('|').first))
    if (token.kind == fuzz::TokenKind::Flag)
      addPass(manager, token.text);
}

static void runOn(MLIRContext &context, const std::string &source,
                  StringRef flags) {
  ScopedDiagnosticHandler handler(&context, [](Diagnostic &diagnostic) {
    markMessage(diagnostic.str());
    return success();
  });
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(source, &context);
  if (!module)
    return;
  // As tritc-opt does: passes on functions nest by themselves.
  PassManager manager(&context, ModuleOp::getOperationName(),
                      PassManager::Nesting::Implicit);
  addPasses(manager, flags);
  if (failed(manager.run(*module)))
    return;
  markResult(*module, manager);
  std::string printed;
  llvm::raw_string_ostream(printed) << *module;
}

/// Types and attributes live as long as their context; a new one for each input
/// would take most of the time.
static MLIRContext &contextOfNextInput() {
  static std::unique_ptr<MLIRContext> current;
  static int uses = 0;
  if (uses++ % 64 == 0) {
    DialectRegistry registry;
    registerDialects(registry);
    current = std::make_unique<MLIRContext>(registry,
                                            MLIRContext::Threading::DISABLED);
  }
  return *current;
}

static fuzz::TokenMutator &mutator() {
  static fuzz::TokenMutator result;
  return result;
}

/// Learns the tokens of all tests.
extern "C" int LLVMFuzzerInitialize(int *, char ***) {
  registerPasses();
  registerTransformsPasses();
  std::error_code error;
  std::vector<std::string> paths;
  for (llvm::sys::fs::recursive_directory_iterator at(TRITC_TESTS, error), end;
       at != end && !error; at.increment(error))
    if (StringRef(at->path()).ends_with(".mlir"))
      paths.push_back(at->path());
  llvm::sort(paths);
  for (const std::string &path : paths)
    if (auto file = llvm::MemoryBuffer::getFile(path))
      mutator().learn((*file)->getBuffer());
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size,
                                          size_t most, unsigned seed) {
  std::string text = mutator().mutate(fuzz::textOf(data, size), seed);
  size = std::min(text.size(), most);
  memcpy(data, text.data(), size);
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  StringRef text = fuzz::textOf(data, size);
  SmallVector<StringRef> modules;
  text.split(modules, "// -----");
  MLIRContext &context = contextOfNextInput();
  for (StringRef module : modules)
    runOn(context, module.str(), text);
  return 0;
}
