//===- Executable.cpp - A program and its image in one file ---------------===//

#include "compiler/codegen/Executable.h"

#include "compiler/support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <cstring>

namespace tritc::codegen {

using llvm::ELF::Elf64_Ehdr;
using llvm::ELF::Elf64_Phdr;
using llvm::ELF::Elf64_Shdr;

/// The size of a large page: an image that starts on one can be mapped with
/// them.
static constexpr uint64_t segmentAlignment = 2 << 20;

static constexpr llvm::StringLiteral imageSection = ".tritc_image";

uint64_t imageOffset(uint64_t programBytes) {
  return llvm::alignTo(programBytes, segmentAlignment);
}

static llvm::Error badProgram(const llvm::Twine &what) {
  return makeError(ExitCode::Link, "the linked program " + what);
}

static llvm::Expected<Elf64_Ehdr> readHeader(llvm::ArrayRef<char> program) {
  Elf64_Ehdr header;
  if (program.size() < sizeof(header))
    return badProgram("is too short for an ELF header");
  std::memcpy(&header, program.data(), sizeof(header));
  if (!header.checkMagic() || header.getFileClass() != llvm::ELF::ELFCLASS64 ||
      header.getDataEncoding() != llvm::ELF::ELFDATA2LSB ||
      header.e_phentsize != sizeof(Elf64_Phdr) ||
      header.e_shentsize != sizeof(Elf64_Shdr))
    return badProgram("is no 64-bit little-endian ELF file");
  return header;
}

/// A table of the file, copied out: nothing promises its alignment.
template <typename Row>
static llvm::Expected<std::vector<Row>>
readTable(llvm::ArrayRef<char> program, uint64_t offset, uint64_t count,
          llvm::StringRef name) {
  uint64_t bytes = count * sizeof(Row);
  if (offset > program.size() || bytes > program.size() - offset)
    return badProgram("has " + name + " outside the file");
  std::vector<Row> rows(count);
  std::memcpy(rows.data(), program.data() + offset, bytes);
  return rows;
}

/// File offset of the only locator: its magic, then zeros to be filled in. The
/// zeros tell it from an instruction that compares with the magic.
static llvm::Expected<uint64_t> findLocator(llvm::ArrayRef<char> program) {
  TritcImageLocator locator{TRITC_LOCATOR_MAGIC, 0, 0};
  llvm::StringRef bytes(program.data(), program.size());
  llvm::StringRef pattern(reinterpret_cast<const char *>(&locator),
                          sizeof(locator));
  size_t first = bytes.find(pattern);
  if (first == llvm::StringRef::npos)
    return badProgram("has no image locator");
  if (bytes.find(pattern, first + 1) != llvm::StringRef::npos)
    return badProgram("has more than one image locator");
  return first;
}

/// Names the image to tools that know files by their sections: strip and
/// objcopy drop what no section covers. Table and names move to the end of
/// `program`, which leaves room behind them for the image.
static llvm::Error addImageSection(llvm::SmallVectorImpl<char> &program,
                                   Elf64_Ehdr header, uint64_t address,
                                   uint64_t imageBytes) {
  llvm::Expected<std::vector<Elf64_Shdr>> sections = readTable<Elf64_Shdr>(
      program, header.e_shoff, header.e_shnum, "section headers");
  if (!sections)
    return sections.takeError();
  if (header.e_shstrndx >= sections->size())
    return badProgram("has no names of sections");
  Elf64_Shdr &names = (*sections)[header.e_shstrndx];
  llvm::Expected<std::vector<char>> text = readTable<char>(
      program, names.sh_offset, names.sh_size, "names of sections");
  if (!text)
    return text.takeError();

  Elf64_Shdr image{};
  image.sh_name = llvm::ELF::Elf64_Word(text->size());
  llvm::append_range(*text, imageSection);
  text->push_back(0);
  names.sh_offset = program.size();
  names.sh_size = text->size();
  program.append(text->begin(), text->end());

  program.resize(llvm::alignTo(program.size(), alignof(Elf64_Shdr)));
  header.e_shoff = program.size();
  ++header.e_shnum;
  uint64_t end = program.size() + header.e_shnum * sizeof(Elf64_Shdr);
  image.sh_type = llvm::ELF::SHT_PROGBITS;
  image.sh_flags = llvm::ELF::SHF_ALLOC;
  image.sh_addr = address;
  image.sh_offset = imageOffset(end);
  image.sh_size = imageBytes;
  image.sh_addralign = segmentAlignment;
  sections->push_back(image);
  auto *bytes = reinterpret_cast<const char *>(sections->data());
  program.append(bytes, bytes + sections->size() * sizeof(Elf64_Shdr));
  std::memcpy(program.data(), &header, sizeof(header));
  return llvm::Error::success();
}

llvm::Error attachImage(llvm::SmallVectorImpl<char> &program,
                        uint64_t imageBytes) {
  llvm::Expected<Elf64_Ehdr> header = readHeader(program);
  if (!header)
    return header.takeError();
  llvm::Expected<std::vector<Elf64_Phdr>> segments = readTable<Elf64_Phdr>(
      program, header->e_phoff, header->e_phnum, "program headers");
  if (!segments)
    return segments.takeError();
  llvm::Expected<uint64_t> locatorOffset = findLocator(program);
  if (!locatorOffset)
    return locatorOffset.takeError();

  uint64_t end = 0; // address behind the highest segment
  const Elf64_Phdr *home = nullptr;
  Elf64_Phdr *note = nullptr;
  for (Elf64_Phdr &segment : *segments) {
    if (segment.p_type == llvm::ELF::PT_NOTE)
      note = &segment;
    if (segment.p_type != llvm::ELF::PT_LOAD)
      continue;
    end = std::max(end, segment.p_vaddr + segment.p_memsz);
    if (*locatorOffset >= segment.p_offset &&
        *locatorOffset - segment.p_offset < segment.p_filesz)
      home = &segment;
  }
  if (!home)
    return badProgram("does not load its image locator");
  if (!note)
    return badProgram("has no PT_NOTE to make room for the image");

  uint64_t address = llvm::alignTo(end, segmentAlignment);
  if (llvm::Error error =
          addImageSection(program, *header, address, imageBytes))
    return error;
  note->p_type = llvm::ELF::PT_LOAD;
  note->p_flags = llvm::ELF::PF_R;
  note->p_offset = imageOffset(program.size());
  note->p_vaddr = note->p_paddr = address;
  note->p_filesz = note->p_memsz = imageBytes;
  note->p_align = segmentAlignment;

  uint64_t locatorAddress = home->p_vaddr + (*locatorOffset - home->p_offset);
  TritcImageLocator locator{TRITC_LOCATOR_MAGIC,
                            int64_t(address - locatorAddress), imageBytes};
  std::memcpy(program.data() + *locatorOffset, &locator, sizeof(locator));
  std::memcpy(program.data() + header->e_phoff, segments->data(),
              segments->size() * sizeof(Elf64_Phdr));
  return llvm::Error::success();
}

llvm::Error writeExecutable(llvm::SmallVectorImpl<char> &program,
                            const ImageContents &contents,
                            const WeightPlan &plan,
                            const std::optional<ReferenceCode> &reference,
                            const WeightSource &source, OutputFile &file,
                            unsigned threads, const Progress &progress) {
  if (llvm::Error error = attachImage(program, imageBytes(contents, plan)))
    return error;
  return writeWithImage(program, contents, plan, reference, source, file,
                        threads, /*executable=*/true, progress);
}

llvm::Error writeWithImage(llvm::ArrayRef<char> program,
                           const ImageContents &contents,
                           const WeightPlan &plan,
                           const std::optional<ReferenceCode> &reference,
                           const WeightSource &source, OutputFile &file,
                           unsigned threads, bool executable,
                           const Progress &progress) {
  llvm::ArrayRef<uint8_t> bytes(
      reinterpret_cast<const uint8_t *>(program.data()), program.size());
  if (llvm::Error error = writeAt(file.fd(), 0, bytes, file.path()))
    return error;
  if (llvm::Error error = writeTestedImage(
          contents, plan, reference, source, file.fd(),
          imageOffset(program.size()), threads, file.path(), progress))
    return error;
  return file.keep(executable);
}

} // namespace tritc::codegen
