//===- Executable.cpp - A program and its image in one file ---------------===//

#include "compiler/codegen/Executable.h"

#include "compiler/import/Error.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <cstring>

namespace tritc::codegen {

using llvm::ELF::Elf64_Ehdr;
using llvm::ELF::Elf64_Phdr;

/// The size of a large page: an image that starts on one can be mapped with
/// them.
static constexpr uint64_t segmentAlignment = 2 << 20;

uint64_t imageOffset(uint64_t programBytes) {
  return llvm::alignTo(programBytes, segmentAlignment);
}

static llvm::Error badProgram(const llvm::Twine &what) {
  return makeError(ExitCode::Link, "the linked program " + what);
}

/// The program headers, copied out: nothing promises their alignment.
static llvm::Expected<std::vector<Elf64_Phdr>>
readHeaders(llvm::ArrayRef<char> program, uint64_t &tableOffset) {
  Elf64_Ehdr header;
  if (program.size() < sizeof(header))
    return badProgram("is too short for an ELF header");
  std::memcpy(&header, program.data(), sizeof(header));
  if (!header.checkMagic() || header.getFileClass() != llvm::ELF::ELFCLASS64 ||
      header.getDataEncoding() != llvm::ELF::ELFDATA2LSB ||
      header.e_phentsize != sizeof(Elf64_Phdr))
    return badProgram("is no 64-bit little-endian ELF file");
  uint64_t tableBytes = uint64_t(header.e_phnum) * sizeof(Elf64_Phdr);
  if (header.e_phoff > program.size() ||
      tableBytes > program.size() - header.e_phoff)
    return badProgram("has program headers outside the file");
  std::vector<Elf64_Phdr> headers(header.e_phnum);
  std::memcpy(headers.data(), program.data() + header.e_phoff, tableBytes);
  tableOffset = header.e_phoff;
  return headers;
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

llvm::Error attachImage(llvm::MutableArrayRef<char> program,
                        uint64_t imageBytes) {
  uint64_t tableOffset = 0;
  llvm::Expected<std::vector<Elf64_Phdr>> headers =
      readHeaders(program, tableOffset);
  if (!headers)
    return headers.takeError();
  llvm::Expected<uint64_t> locatorOffset = findLocator(program);
  if (!locatorOffset)
    return locatorOffset.takeError();

  uint64_t end = 0; // address behind the highest segment
  const Elf64_Phdr *home = nullptr;
  Elf64_Phdr *note = nullptr;
  for (Elf64_Phdr &header : *headers) {
    if (header.p_type == llvm::ELF::PT_NOTE)
      note = &header;
    if (header.p_type != llvm::ELF::PT_LOAD)
      continue;
    end = std::max(end, header.p_vaddr + header.p_memsz);
    if (*locatorOffset >= header.p_offset &&
        *locatorOffset - header.p_offset < header.p_filesz)
      home = &header;
  }
  if (!home)
    return badProgram("does not load its image locator");
  if (!note)
    return badProgram("has no PT_NOTE to make room for the image");

  uint64_t address = llvm::alignTo(end, segmentAlignment);
  uint64_t locatorAddress = home->p_vaddr + (*locatorOffset - home->p_offset);
  note->p_type = llvm::ELF::PT_LOAD;
  note->p_flags = llvm::ELF::PF_R;
  note->p_offset = imageOffset(program.size());
  note->p_vaddr = note->p_paddr = address;
  note->p_filesz = note->p_memsz = imageBytes;
  note->p_align = segmentAlignment;

  TritcImageLocator locator{TRITC_LOCATOR_MAGIC,
                            int64_t(address - locatorAddress), imageBytes};
  std::memcpy(program.data() + *locatorOffset, &locator, sizeof(locator));
  std::memcpy(program.data() + tableOffset, headers->data(),
              headers->size() * sizeof(Elf64_Phdr));
  return llvm::Error::success();
}

llvm::Error writeExecutable(llvm::MutableArrayRef<char> program,
                            const ImageContents &contents,
                            const WeightPlan &plan,
                            const std::optional<ReferenceCode> &reference,
                            const WeightSource &source, OutputFile &file,
                            unsigned threads, const Progress &progress) {
  if (llvm::Error error = attachImage(program, imageBytes(contents, plan)))
    return error;
  llvm::ArrayRef<uint8_t> bytes(
      reinterpret_cast<const uint8_t *>(program.data()), program.size());
  if (llvm::Error error = writeAt(file.fd(), 0, bytes, file.path()))
    return error;
  if (llvm::Error error = writeTestedImage(
          contents, plan, reference, source, file.fd(),
          imageOffset(program.size()), threads, file.path(), progress))
    return error;
  return file.keep(/*executable=*/true);
}

} // namespace tritc::codegen
