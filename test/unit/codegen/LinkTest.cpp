//===- LinkTest.cpp - Programs, their images, and processes ---------------===//
//
// Links hand-written models with ProbeRuntime.cpp. TRITC_PROBE_RESOURCES is a
// resource folder whose runtime is the probe.
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/Link.h"
#include "compiler/codegen/Executable.h"
#include "compiler/support/Error.h"
#include "test/unit/codegen/TestFiles.h"
#include "test/unit/codegen/TestModule.h"

#include "llvm/BinaryFormat/ELF.h"

#include <gtest/gtest.h>

#include <unistd.h>

using namespace tritc;
using namespace tritc::codegen;
using namespace tritc::codegen::test;

namespace {

llvm::Expected<llvm::SmallVector<char, 0>>
link(llvm::ArrayRef<std::string> objects,
     llvm::StringRef resources = TRITC_PROBE_RESOURCES) {
  return linkProgram(objects, hostCLibrary(), resources, {.threads = 2});
}

/// Writes `program` and a sparse image of `bytes` bytes whose last is `last`.
void writeSparse(llvm::SmallVectorImpl<char> &program, uint64_t bytes,
                 uint8_t last, OutputFile &file) {
  llvm::cantFail(attachImage(program, bytes));
  auto write = [&](uint64_t offset, const void *data, size_t size) {
    llvm::cantFail(writeAt(
        file.fd(), offset,
        llvm::ArrayRef(static_cast<const uint8_t *>(data), size), "test"));
  };
  TritcImageHeader header{};
  header.magic = TRITC_IMAGE_MAGIC;
  header.imageBytes = bytes;
  uint64_t start = imageOffset(program.size());
  write(0, program.data(), program.size());
  write(start, &header, sizeof(header));
  write(start + bytes - 1, &last, 1);
}

/// Output of the probe for an image of `bytes` bytes.
std::string runWithImage(uint64_t bytes) {
  TemporaryFolder folder;
  auto program = llvm::cantFail(link(modelObjects()));
  OutputFile file = llvm::cantFail(OutputFile::create(folder.file("probe")));
  writeSparse(program, bytes, 77, file);
  llvm::cantFail(file.keep(/*executable=*/true));
  return outputOf(folder.file("probe"));
}

TEST(Link, TheProgramFindsAnImageOfAnySize) {
  // The last is beyond every 32-bit distance. The files are sparse.
  for (uint64_t bytes :
       {uint64_t(5000), uint64_t(3) << 30, (uint64_t(5) << 30) + 12345})
    EXPECT_EQ(runWithImage(bytes),
              "1 " + std::to_string(bytes) + " 77 portable 42 1 1\n");
}

TEST(Link, SameObjectGivesTheSameProgram) {
  EXPECT_EQ(llvm::cantFail(link(modelObjects())),
            llvm::cantFail(link(modelObjects())));
}

TEST(Link, SymbolsStayWhereTheyAreWanted) {
  auto has = [](bool keepSymbols) {
    auto program = llvm::cantFail(linkProgram(modelObjects(), hostCLibrary(),
                                              TRITC_PROBE_RESOURCES,
                                              {.keepSymbols = keepSymbols}));
    return llvm::StringRef(program.data(), program.size())
        .contains("tritc_program");
  };
  EXPECT_TRUE(has(true));
  EXPECT_FALSE(has(false));
}

/// Program headers of a linked file.
std::vector<llvm::ELF::Elf64_Phdr> headersOf(llvm::ArrayRef<char> program) {
  llvm::ELF::Elf64_Ehdr header;
  std::memcpy(&header, program.data(), sizeof(header));
  std::vector<llvm::ELF::Elf64_Phdr> headers(header.e_phnum);
  std::memcpy(headers.data(), program.data() + header.e_phoff,
              headers.size() * sizeof(headers[0]));
  return headers;
}

TEST(Link, NoSegmentIsWritableAndExecutable) {
  auto program = llvm::cantFail(link(modelObjects()));
  llvm::cantFail(attachImage(program, 4096));
  bool sawStack = false;
  for (const llvm::ELF::Elf64_Phdr &header : headersOf(program)) {
    EXPECT_NE(header.p_type, llvm::ELF::PT_INTERP);
    EXPECT_FALSE(header.p_flags & llvm::ELF::PF_W &&
                 header.p_flags & llvm::ELF::PF_X);
    sawStack |= header.p_type == llvm::ELF::PT_GNU_STACK;
  }
  EXPECT_TRUE(sawStack);
}

TEST(Link, TheImageHasASegmentOfItsOwn) {
  auto program = llvm::cantFail(link(modelObjects()));
  llvm::cantFail(attachImage(program, 123456));
  std::vector<llvm::ELF::Elf64_Phdr> headers = headersOf(program);
  auto image = llvm::find_if(
      headers, [](const auto &header) { return header.p_filesz == 123456; });
  ASSERT_NE(image, headers.end());
  EXPECT_EQ(image->p_type, unsigned(llvm::ELF::PT_LOAD));
  EXPECT_EQ(image->p_flags, unsigned(llvm::ELF::PF_R));
  EXPECT_EQ(image->p_offset % (2 << 20), 0u);
  EXPECT_EQ(image->p_vaddr % (2 << 20), 0u);
  for (const llvm::ELF::Elf64_Phdr &other : headers)
    if (other.p_type == llvm::ELF::PT_LOAD && &other != &*image)
      EXPECT_LE(other.p_vaddr + other.p_memsz, image->p_vaddr);
}

TEST(Link, ARefusalOfTheLinkerIsOneLine) {
  Failure failure = toFailure(link({"no object at all"}).takeError());
  EXPECT_EQ(failure.code, ExitCode::Link);
  EXPECT_TRUE(llvm::StringRef(failure.message).starts_with("cannot link: "))
      << failure.message;
  EXPECT_EQ(failure.message.find('\n'), std::string::npos);
}

TEST(Link, AnUndefinedSymbolIsNamed) {
  std::string text = forwardModule();
  for (size_t at; (at = text.find("tritc_barrier")) != std::string::npos;)
    text.replace(at, 13, "nobody_has_it");
  ParsedModule parsed(text);
  ProgramInfo info;
  llvm::cantFail(readProgramInfo(*parsed.module, info));
  auto object = llvm::cantFail(
      llvm::cantFail(MachineCode::create(*parsed.module, plainMachine(), info))
          .object());
  Failure failure = toFailure(
      link({std::string(object.begin(), object.end()), modelObjects().back()})
          .takeError());
  EXPECT_EQ(failure.code, ExitCode::Link);
  EXPECT_EQ(failure.message, "cannot link: undefined symbol: nobody_has_it");
}

TEST(Link, AMissingFolderIsNamedWithItsCLibrary) {
  for (const CLibrary &library : cLibraries()) {
    Failure failure =
        toFailure(linkProgram(modelObjects(), library, "/nowhere/at/all", {})
                      .takeError());
    EXPECT_EQ(failure.code, ExitCode::Link);
    EXPECT_EQ(
        failure.message,
        "/nowhere/at/all: missing; this installation of tritc cannot link "
        "programs with " +
            library.name.str() + " for that processor");
  }
}

TEST(Link, AMissingResourceIsNamed) {
  TemporaryFolder folder;
  Failure failure = toFailure(link(modelObjects(), folder.path()).takeError());
  EXPECT_EQ(failure.code, ExitCode::Link);
  EXPECT_EQ(failure.message, folder.file("rcrt1.o") +
                                 ": missing; the installation of tritc is not "
                                 "complete");
}

TEST(Executable, AProgramWithoutLocatorIsRefused) {
  auto program = llvm::cantFail(link(modelObjects()));
  llvm::cantFail(attachImage(program, 4096));
  // The locator is filled in now: no empty one is left.
  Failure failure = toFailure(attachImage(program, 4096));
  EXPECT_EQ(failure.code, ExitCode::Link);
  EXPECT_EQ(failure.message, "the linked program has no image locator");
}

TEST(Executable, ASectionCoversTheImage) {
  auto program = llvm::cantFail(link(modelObjects()));
  llvm::cantFail(attachImage(program, 123456));
  llvm::ELF::Elf64_Ehdr header;
  std::memcpy(&header, program.data(), sizeof(header));
  std::vector<llvm::ELF::Elf64_Shdr> sections(header.e_shnum);
  ASSERT_EQ(header.e_shoff + sections.size() * sizeof(sections[0]),
            program.size());
  std::memcpy(sections.data(), program.data() + header.e_shoff,
              sections.size() * sizeof(sections[0]));
  std::vector<llvm::ELF::Elf64_Phdr> headers = headersOf(program);
  auto segment = llvm::find_if(
      headers, [](const auto &header) { return header.p_filesz == 123456; });
  ASSERT_NE(segment, headers.end());
  const llvm::ELF::Elf64_Shdr &section = sections.back();
  EXPECT_EQ(section.sh_type, unsigned(llvm::ELF::SHT_PROGBITS));
  EXPECT_EQ(section.sh_flags, unsigned(llvm::ELF::SHF_ALLOC));
  EXPECT_EQ(section.sh_addr, segment->p_vaddr);
  EXPECT_EQ(section.sh_offset, segment->p_offset);
  EXPECT_EQ(section.sh_size, segment->p_filesz);
  EXPECT_STREQ(program.data() + sections[header.e_shstrndx].sh_offset +
                   section.sh_name,
               ".tritc_image");
}

/// Why `bytes` take no image.
std::string refusalOf(llvm::ArrayRef<char> bytes) {
  llvm::SmallVector<char, 0> program(bytes.begin(), bytes.end());
  return toFailure(attachImage(program, 1)).message;
}

TEST(Executable, WhatIsNoElfFileIsRefused) {
  std::string text(1000, 'x');
  EXPECT_EQ(refusalOf(llvm::ArrayRef(text.data(), text.size())),
            "the linked program is no 64-bit little-endian ELF file");
  EXPECT_EQ(refusalOf(llvm::ArrayRef(text.data(), 10)),
            "the linked program is too short for an ELF header");
}

TEST(Executable, HeadersOutsideTheFileAreRefused) {
  auto program = llvm::cantFail(link(modelObjects()));
  for (size_t size : {64, 100, 200})
    EXPECT_EQ(refusalOf(llvm::ArrayRef(program).take_front(size)),
              "the linked program has program headers outside the file");
  EXPECT_EQ(refusalOf(llvm::ArrayRef(program).drop_back(1)),
            "the linked program has section headers outside the file");
}

} // namespace
