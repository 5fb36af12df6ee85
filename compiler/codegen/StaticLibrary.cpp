//===- StaticLibrary.cpp - A model in an archive --------------------------===//

#include "compiler/codegen/StaticLibrary.h"

#include "compiler/codegen/Executable.h"
#include "compiler/codegen/Link.h"
#include "compiler/support/Error.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/ObjCopy/ConfigManager.h"
#include "llvm/ObjCopy/ObjCopy.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

#include <cstring>

namespace tritc::codegen {

using llvm::object::ELF64LEObjectFile;

/// While it has no contents, which the names of such sections say; and then. A
/// linker for x86-64 keeps what is called so out of the reach that code needs.
static constexpr llvm::StringLiteral placeSection = ".bss.tritc_image",
                                     imageSection = ".lrodata.tritc_image";

/// Weights are mapped by pages, as they are in an executable.
static constexpr uint64_t imageAlignment = 4096;

static llvm::Error badObject(const llvm::Twine &what) {
  return makeError(ExitCode::Link, "the linked object " + what);
}

llvm::Expected<std::string> imagePlace(uint64_t imageBytes,
                                       const Machine &machine) {
  llvm::Expected<std::unique_ptr<llvm::TargetMachine>> target =
      createTargetMachine(machine);
  if (!target)
    return target.takeError();
  llvm::LLVMContext context;
  llvm::Module module("tritc_image", context);
  module.setTargetTriple((*target)->getTargetTriple());
  module.setDataLayout((*target)->createDataLayout());
  module.setPICLevel(llvm::PICLevel::BigPIC);

  auto *number = llvm::Type::getInt64Ty(context);
  auto define = [&](llvm::Type *type, llvm::StringRef name) {
    auto *made = new llvm::GlobalVariable(module, type, /*isConstant=*/false,
                                          llvm::GlobalValue::ExternalLinkage,
                                          nullptr, name);
    made->setVisibility(llvm::GlobalValue::HiddenVisibility);
    made->setDSOLocal(true);
    return made;
  };
  auto *bytes =
      llvm::ArrayType::get(llvm::Type::getInt8Ty(context), imageBytes);
  auto *image = define(bytes, "tritc_image");
  image->setInitializer(llvm::ConstantAggregateZero::get(bytes));
  image->setSection(placeSection);
  image->setAlignment(llvm::Align(imageAlignment));
  auto *fields = llvm::ArrayType::get(number, 3); // a TritcImageLocator
  auto *locator = define(fields, "tritc_image_locator");
  auto address = [&](llvm::Constant *of) {
    return llvm::ConstantExpr::getPtrToInt(of, number);
  };
  locator->setInitializer(llvm::ConstantArray::get(
      fields, {llvm::ConstantInt::get(number, TRITC_LOCATOR_MAGIC),
               llvm::ConstantExpr::getSub(address(image), address(locator)),
               llvm::ConstantInt::get(number, imageBytes)}));
  llvm::Expected<llvm::SmallVector<char, 0>> object =
      emitFile(module, **target, llvm::CodeGenFileType::ObjectFile);
  if (!object)
    return object.takeError();
  return std::string(object->begin(), object->end());
}

/// The object with all symbols local but for the interface, and the place of
/// the image called as it will be.
static llvm::Expected<llvm::SmallVector<char, 0>>
hideSymbols(llvm::MemoryBufferRef object, bool keepSymbols) {
  llvm::objcopy::ConfigManager config;
  llvm::objcopy::CommonConfig &common = config.Common;
  for (llvm::StringRef name : exportedSymbols())
    if (llvm::Error error = common.SymbolsToKeepGlobal.addMatcher(
            llvm::objcopy::NameOrPattern::create(
                name, llvm::objcopy::MatchStyle::Literal,
                [](llvm::Error error) { return error; })))
      return std::move(error);
  if (!keepSymbols)
    common.DiscardMode = llvm::objcopy::DiscardType::All;
  common.SectionsToRename[placeSection] = {placeSection, imageSection,
                                           std::nullopt};
  llvm::Expected<std::unique_ptr<llvm::object::ObjectFile>> file =
      llvm::object::ObjectFile::createELFObjectFile(object);
  if (!file)
    return file.takeError();
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  if (llvm::Error error =
          llvm::objcopy::executeObjcopyOnBinary(config, **file, stream))
    return std::move(error);
  return bytes;
}

/// Gives the image's section its contents, `offset` bytes from the beginning of
/// the object.
static llvm::Error placeImage(llvm::MutableArrayRef<char> object,
                              uint64_t offset, uint64_t imageBytes) {
  llvm::Expected<ELF64LEObjectFile> file = ELF64LEObjectFile::create(
      llvm::MemoryBufferRef({object.data(), object.size()}, "object"));
  if (!file)
    return file.takeError();
  const auto &elf = file->getELFFile();
  llvm::Expected<llvm::ArrayRef<ELF64LEObjectFile::Elf_Shdr>> sections =
      elf.sections();
  if (!sections)
    return sections.takeError();
  for (const ELF64LEObjectFile::Elf_Shdr &section : *sections) {
    llvm::Expected<llvm::StringRef> name = elf.getSectionName(section);
    if (!name)
      return name.takeError();
    if (*name != imageSection || section.sh_size != imageBytes)
      continue;
    ELF64LEObjectFile::Elf_Shdr image = section;
    image.sh_type = llvm::ELF::SHT_PROGBITS;
    image.sh_flags = llvm::ELF::SHF_ALLOC;
    if (elf.getHeader().e_machine == llvm::ELF::EM_X86_64)
      image.sh_flags = image.sh_flags | llvm::ELF::SHF_X86_64_LARGE;
    image.sh_offset = offset;
    auto at = reinterpret_cast<const char *>(&section) - object.data();
    std::memcpy(object.data() + at, &image, sizeof(image));
    return llvm::Error::success();
  }
  return badObject("has no place for its image");
}

llvm::Error makeArchive(llvm::SmallVectorImpl<char> &object,
                        uint64_t imageBytes, llvm::StringRef name,
                        bool keepSymbols) {
  llvm::Expected<llvm::SmallVector<char, 0>> hidden = hideSymbols(
      llvm::MemoryBufferRef({object.data(), object.size()}, "object"),
      keepSymbols);
  if (!hidden)
    return badObject(llvm::toString(hidden.takeError()));
  // An archive pads members of odd length.
  hidden->resize(llvm::alignTo(hidden->size(), 8));
  std::string member = (llvm::sys::path::stem(name) + ".o").str();
  llvm::NewArchiveMember whole(
      llvm::MemoryBufferRef({hidden->data(), hidden->size()}, member));
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> archive =
      llvm::writeArchiveToBuffer(whole, llvm::SymtabWritingMode::NormalSymtab,
                                 llvm::object::Archive::K_GNU,
                                 /*Deterministic=*/true, /*Thin=*/false);
  if (!archive)
    return badObject(llvm::toString(archive.takeError()));

  // The object is the last member; the image makes it longer.
  llvm::StringRef bytes = (*archive)->getBuffer();
  uint64_t start = bytes.size() - hidden->size();
  uint64_t offset = imageOffset(bytes.size()) - start;
  if (llvm::Error error = placeImage(*hidden, offset, imageBytes))
    return error;
  object.assign(bytes.begin(), bytes.begin() + start);
  object.append(hidden->begin(), hidden->end());
  // Its size, as decimal digits, behind its name and four other facts.
  constexpr size_t headerBytes = 60, sizeAt = 48, digits = 10;
  std::string size = std::to_string(offset + imageBytes);
  if (size.size() > digits)
    return makeError(ExitCode::Link,
                     llvm::formatv("{0}: a member of an archive has less than "
                                   "10 GB, this one {1} bytes; make a shared "
                                   "library",
                                   name, size));
  size.resize(digits, ' ');
  std::memcpy(object.data() + start - headerBytes + sizeAt, size.data(),
              digits);
  return llvm::Error::success();
}

llvm::Error writeStaticLibrary(llvm::SmallVectorImpl<char> &object,
                               const ImageContents &contents,
                               const WeightPlan &plan,
                               const std::optional<ReferenceCode> &reference,
                               const WeightSource &source, OutputFile &file,
                               unsigned threads, bool keepSymbols,
                               const Progress &progress) {
  if (llvm::Error error =
          makeArchive(object, imageBytes(contents, plan),
                      llvm::sys::path::filename(file.path()), keepSymbols))
    return error;
  return writeWithImage(object, contents, plan, reference, source, file,
                        threads, /*executable=*/false, progress);
}

} // namespace tritc::codegen
