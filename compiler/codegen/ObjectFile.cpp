//===- ObjectFile.cpp - From the LLVM dialect to machine code -------------===//

#include "compiler/codegen/ObjectFile.h"

#include "compiler/codegen/TripleBytes.h"
#include "compiler/support/Error.h"
#include "dialects/lut/Lut.h"
#include "runtime/abi/Program.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

namespace tritc::codegen {

//===----------------------------------------------------------------------===//
// Reading the module
//===----------------------------------------------------------------------===//

static llvm::Expected<uint64_t> readCount(mlir::ModuleOp module,
                                          llvm::StringRef name) {
  auto attribute = module->getAttrOfType<mlir::IntegerAttr>(name);
  if (!attribute || attribute.getInt() < 0)
    return makeError(ExitCode::CodeGeneration,
                     llvm::formatv("module attribute '{0}': expected a count, "
                                   "found {1}",
                                   name, attribute ? "less" : "none"));
  return uint64_t(attribute.getInt());
}

llvm::Error readProgramInfo(mlir::ModuleOp module, ProgramInfo &info) {
  struct Field {
    llvm::StringLiteral name;
    llvm::function_ref<void(uint64_t)> set;
  };
  auto scratch = [&](uint64_t value) { info.scratchBytes = value; };
  auto cache = [&](uint64_t value) { info.kvCacheBytes = value; };
  auto tokens = [&](uint64_t value) { info.maxTokens = uint32_t(value); };
  auto size = [&](uint64_t value) { info.contextSize = uint32_t(value); };
  for (const Field &field :
       {Field{"lut.scratch_bytes", scratch}, Field{"lut.kv_cache_bytes", cache},
        Field{"lut.max_tokens", tokens}, Field{"lut.context_size", size}}) {
    llvm::Expected<uint64_t> value = readCount(module, field.name);
    if (!value)
      return value.takeError();
    field.set(*value);
  }
  auto names = module->getAttrOfType<mlir::ArrayAttr>(lut::kWorkNamesAttr);
  auto bytes =
      module->getAttrOfType<mlir::DenseI64ArrayAttr>(lut::kWorkBytesAttr);
  if (names && bytes)
    for (auto [name, count] : llvm::zip(names, bytes.asArrayRef()))
      info.work.push_back(
          {mlir::cast<mlir::StringAttr>(name).str(), uint64_t(count)});
  return llvm::Error::success();
}

void registerTranslation(mlir::DialectRegistry &registry) {
  mlir::registerBuiltinDialectTranslation(registry);
  mlir::registerLLVMDialectTranslation(registry);
}

//===----------------------------------------------------------------------===//
// Building the LLVM module
//===----------------------------------------------------------------------===//

/// The type of TritcForward.
static llvm::FunctionType *forwardType(llvm::LLVMContext &context) {
  llvm::Type *pointer = llvm::PointerType::getUnqual(context);
  llvm::Type *count = llvm::Type::getInt64Ty(context);
  return llvm::FunctionType::get(llvm::Type::getVoidTy(context),
                                 {pointer, pointer, pointer, pointer, pointer,
                                  pointer, pointer, count, count, count, count,
                                  pointer},
                                 /*isVarArg=*/false);
}

static llvm::Expected<llvm::Function *> findForward(llvm::Module &module,
                                                    llvm::StringRef name) {
  llvm::Function *function = module.getFunction(name);
  if (!function || function->isDeclaration())
    return makeError(ExitCode::CodeGeneration,
                     "the module defines no function '" + name + "'");
  if (function->getFunctionType() != forwardType(module.getContext()))
    return makeError(ExitCode::CodeGeneration,
                     "function '" + name +
                         "' has not the type of a forward pass");
  return function;
}

/// Everything that is defined is ours alone; nothing unwinds through it.
static void closeModule(llvm::Module &module, const Machine &machine) {
  for (llvm::GlobalVariable &global : module.globals())
    if (!global.isDeclaration())
      global.setLinkage(llvm::GlobalValue::InternalLinkage);
  llvm::Triple triple(machine.triple);
  for (llvm::Function &function : module) {
    function.setDSOLocal(true);
    if (function.isDeclaration())
      continue;
    function.setLinkage(llvm::GlobalValue::InternalLinkage);
    function.setDoesNotThrow();
    // Windows walks stacks by tables, Apple by frame records.
    if (triple.isOSWindows())
      function.setUWTableKind(llvm::UWTableKind::Async);
    if (triple.isOSDarwin())
      function.addFnAttr("frame-pointer", "non-leaf");
    function.addFnAttr("target-cpu", machine.cpu);
    if (!machine.features.empty())
      function.addFnAttr("target-features", machine.features);
  }
}

/// Adds the constant `info.symbol`, field by field as TritcProgram has them.
static llvm::Error addProgram(llvm::Module &module, const ProgramInfo &info) {
  llvm::Expected<llvm::Function *> decode = findForward(module, "decode");
  if (!decode)
    return decode.takeError();
  llvm::Expected<llvm::Function *> prefill = findForward(module, "prefill");
  if (!prefill)
    return prefill.takeError();

  llvm::LLVMContext &context = module.getContext();
  auto word = [&](uint32_t value) -> llvm::Constant * {
    return llvm::ConstantInt::get(llvm::Type::getInt32Ty(context), value);
  };
  auto quad = [&](uint64_t value) -> llvm::Constant * {
    return llvm::ConstantInt::get(llvm::Type::getInt64Ty(context), value);
  };
  auto constant = [&](llvm::Constant *value, llvm::StringRef name) {
    auto *global = new llvm::GlobalVariable(
        module, value->getType(), /*isConstant=*/true,
        llvm::GlobalValue::PrivateLinkage, value, name);
    global->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
    return global;
  };
  auto text = [&](llvm::StringRef string, llvm::StringRef name) {
    return constant(llvm::ConstantDataArray::getString(context, string), name);
  };
  auto *pointer = llvm::PointerType::getUnqual(context);
  std::vector<llvm::Constant *> kinds;
  for (const ProgramInfo::Work &kind : info.work)
    kinds.push_back(llvm::ConstantStruct::getAnon(
        {text(kind.name, "work_name"), quad(kind.bytes)}));
  llvm::Constant *work = llvm::ConstantPointerNull::get(pointer);
  if (!kinds.empty())
    work = constant(
        llvm::ConstantArray::get(
            llvm::ArrayType::get(kinds.front()->getType(), kinds.size()),
            kinds),
        "work");
  llvm::Constant *mark = module.getNamedGlobal(lut::kMarkHook);
  if (!mark)
    mark = llvm::ConstantPointerNull::get(pointer);

  llvm::Constant *program = llvm::ConstantStruct::getAnon(
      {word(TRITC_ABI_VERSION), word(info.maxTokens),
       quad(info.requiredFeatures), text(info.targetName, "target_name"),
       quad(info.scratchBytes), quad(info.kvCacheBytes), word(info.contextSize),
       word(info.vocabSize), *decode, *prefill,
       quad(info.counts.ternaryParameters), quad(info.counts.ternaryBytes),
       quad(info.counts.headBytes), quad(info.counts.bytesPerToken),
       quad(info.counts.headBits), work, quad(kinds.size()), mark,
       quad(info.vectorSize)});
  static_assert(sizeof(TritcProgram) == 136, "keep in step with the header");
  auto *global = new llvm::GlobalVariable(
      module, program->getType(), /*isConstant=*/true,
      llvm::GlobalValue::ExternalLinkage, program, info.symbol);
  global->setAlignment(llvm::Align(8));
  global->setDSOLocal(true);
  return llvm::Error::success();
}

/// Leaves what `part` holds of a whole program. What the parts need of each
/// other gets names that begin with the program's, for the linker alone.
static void keepPart(llvm::Module &module, const ProgramInfo &info,
                     ProgramPart part) {
  if (part == ProgramPart::Whole)
    return;
  auto share = [&](llvm::GlobalValue *value, llvm::StringRef suffix) {
    value->setName(info.symbol + suffix);
    value->setLinkage(llvm::GlobalValue::ExternalLinkage);
    value->setVisibility(llvm::GlobalValue::HiddenVisibility);
  };
  llvm::Function *prefill = module.getFunction("prefill");
  llvm::GlobalVariable *mark = module.getNamedGlobal(lut::kMarkHook);
  share(prefill, "_prefill");
  if (mark)
    share(mark, "_mark");
  if (part == ProgramPart::Decode)
    return prefill->deleteBody();
  module.getNamedGlobal(info.symbol)->eraseFromParent();
  module.getFunction("decode")->eraseFromParent();
  if (mark)
    mark->setInitializer(nullptr);
}

//===----------------------------------------------------------------------===//
// MachineCode
//===----------------------------------------------------------------------===//

/// LLVM's O2 pipeline. Its vectorisers stay off in programs: what is worth
/// vectorising comes vectorised, and the portable target is meant to be plain
/// loops.
static void optimise(llvm::Module &module, llvm::TargetMachine &target,
                     bool vectorizes) {
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = vectorizes;
  tuning.LoopInterleaving = vectorizes;
  tuning.SLPVectorization = false;
  llvm::PassBuilder builder(&target, tuning);
  builder.registerOptimizerLastEPCallback([](llvm::ModulePassManager &passes,
                                             llvm::OptimizationLevel,
                                             llvm::ThinOrFullLTOPhase) {
    passes.addPass(llvm::createModuleToFunctionPassAdaptor(TripleBytes()));
  });
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2)
      .run(module, modules);
}

namespace {

/// Keeps LLVM's first error, which it would print before ending the program.
struct KeepErrors : llvm::DiagnosticHandler {
  std::string first;
  bool handleDiagnostics(const llvm::DiagnosticInfo &diagnostic) override {
    if (diagnostic.getSeverity() == llvm::DS_Error && first.empty()) {
      llvm::raw_string_ostream stream(first);
      llvm::DiagnosticPrinterRawOStream printer(stream);
      diagnostic.print(printer);
    }
    return true;
  }
};

} // namespace

static llvm::Error takeFirstError(llvm::LLVMContext &context) {
  const auto *handler =
      static_cast<const KeepErrors *>(context.getDiagHandlerPtr());
  if (handler->first.empty())
    return llvm::Error::success();
  return makeError(ExitCode::CodeGeneration, handler->first);
}

llvm::Expected<MachineCode> MachineCode::translate(mlir::ModuleOp source,
                                                   const Machine &machine,
                                                   const ProgramInfo &info,
                                                   ProgramPart part) {
  MachineCode code;
  code.vectorizes = machine.vectorizes;
  code.context = std::make_unique<llvm::LLVMContext>();
  code.context->setDiagnosticHandler(std::make_unique<KeepErrors>());
  llvm::Expected<std::unique_ptr<llvm::TargetMachine>> target =
      createTargetMachine(machine);
  if (!target)
    return target.takeError();
  code.target = std::move(*target);

  code.module = mlir::translateModuleToLLVMIR(source, *code.context, "tritc");
  if (!code.module)
    return makeError(ExitCode::CodeGeneration,
                     "the module cannot be translated to LLVM IR");
  llvm::Module &module = *code.module;
  module.setTargetTriple(code.target->getTargetTriple());
  module.setDataLayout(code.target->createDataLayout());
  module.setPICLevel(llvm::PICLevel::BigPIC);
  module.setPIELevel(llvm::PIELevel::Large);
  closeModule(module, machine);
  if (llvm::Error error = addProgram(module, info))
    return std::move(error);
  std::string complaint;
  llvm::raw_string_ostream stream(complaint);
  if (llvm::verifyModule(module, &stream))
    return makeError(ExitCode::CodeGeneration, "bad LLVM IR: " + complaint);
  keepPart(module, info, part);
  return code;
}

llvm::Error MachineCode::optimise() {
  codegen::optimise(*module, *target, vectorizes);
  return takeFirstError(*context);
}

llvm::Expected<MachineCode> MachineCode::create(mlir::ModuleOp source,
                                                const Machine &machine,
                                                const ProgramInfo &info,
                                                ProgramPart part) {
  llvm::Expected<MachineCode> code = translate(source, machine, info, part);
  if (code)
    if (llvm::Error error = code->optimise())
      return std::move(error);
  return code;
}

std::string MachineCode::llvmIR() const {
  std::string text;
  llvm::raw_string_ostream stream(text);
  module->print(stream, /*AAW=*/nullptr);
  return text;
}

llvm::Expected<llvm::SmallVector<char, 0>>
MachineCode::emit(llvm::CodeGenFileType type) {
  llvm::Expected<llvm::SmallVector<char, 0>> bytes =
      emitFile(*module, *target, type);
  if (!bytes)
    return bytes.takeError();
  if (llvm::Error error = takeFirstError(*context))
    return std::move(error);
  return bytes;
}

llvm::Expected<llvm::SmallVector<char, 0>> MachineCode::object() {
  return emit(llvm::CodeGenFileType::ObjectFile);
}

llvm::Expected<llvm::SmallVector<char, 0>> MachineCode::assembly() {
  return emit(llvm::CodeGenFileType::AssemblyFile);
}

//===----------------------------------------------------------------------===//
// The table of programs
//===----------------------------------------------------------------------===//

llvm::Expected<llvm::SmallVector<char, 0>>
programTable(llvm::ArrayRef<std::string> symbols, const Machine &machine) {
  llvm::Expected<std::unique_ptr<llvm::TargetMachine>> target =
      createTargetMachine(machine);
  if (!target)
    return target.takeError();
  llvm::LLVMContext context;
  llvm::Module module("tritc_programs", context);
  module.setTargetTriple((*target)->getTargetTriple());
  module.setDataLayout((*target)->createDataLayout());
  module.setPICLevel(llvm::PICLevel::BigPIC);
  module.setPIELevel(llvm::PIELevel::Large);

  auto *pointer = llvm::PointerType::getUnqual(context);
  std::vector<llvm::Constant *> programs;
  for (const std::string &symbol : symbols) {
    auto *program = new llvm::GlobalVariable(
        module, llvm::Type::getInt8Ty(context), /*isConstant=*/true,
        llvm::GlobalValue::ExternalLinkage, nullptr, symbol);
    program->setDSOLocal(true);
    programs.push_back(program);
  }
  programs.push_back(llvm::ConstantPointerNull::get(pointer));
  auto *type = llvm::ArrayType::get(pointer, programs.size());
  auto *table = new llvm::GlobalVariable(
      module, type, /*isConstant=*/true, llvm::GlobalValue::ExternalLinkage,
      llvm::ConstantArray::get(type, programs), "tritc_programs");
  table->setDSOLocal(true);
  return emitFile(module, **target, llvm::CodeGenFileType::ObjectFile);
}

} // namespace tritc::codegen
