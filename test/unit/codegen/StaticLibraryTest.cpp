//===- StaticLibraryTest.cpp ----------------------------------------------===//

#include "compiler/codegen/StaticLibrary.h"
#include "compiler/codegen/Executable.h"
#include "compiler/codegen/Link.h"
#include "test/unit/codegen/TestModule.h"

#include "llvm/Object/Archive.h"
#include "llvm/Object/ELFObjectFile.h"

#include <gtest/gtest.h>

using namespace tritc;
using namespace tritc::codegen;
using namespace tritc::codegen::test;

namespace {

/// A program with the place of an image, if that has a size, as one object.
llvm::SmallVector<char, 0> relocatable(uint64_t imageBytes) {
  std::vector<std::string> objects = modelObjects();
  if (imageBytes > 0)
    objects.push_back(llvm::cantFail(imagePlace(imageBytes, plainMachine())));
  llvm::Expected<llvm::SmallVector<char, 0>> object =
      linkProgram(objects, hostCLibrary(), TRITC_PROBE_RESOURCES,
                  {.kind = LinkKind::Relocatable});
  if (object)
    return std::move(*object);
  ADD_FAILURE() << llvm::toString(object.takeError());
  return {};
}

TEST(StaticLibrary, HoldsItsImageAtTheEndOfTheFile) {
  constexpr uint64_t imageBytes = uint64_t(5) << 30;
  llvm::SmallVector<char, 0> front = relocatable(imageBytes);
  EXPECT_EQ(llvm::toString(makeArchive(front, imageBytes, "libmodel.a", false)),
            "");
  EXPECT_LT(front.size(), 1U << 20);

  llvm::StringRef bytes(front.data(), front.size());
  size_t member = bytes.find("libmodel.o/");
  ASSERT_NE(member, llvm::StringRef::npos);
  uint64_t size = 0;
  EXPECT_FALSE(bytes.substr(member + 48, 10).trim().getAsInteger(10, size));
  uint64_t start = member + 60;
  EXPECT_EQ(start + size, imageOffset(front.size()) + imageBytes);

  auto object = llvm::cantFail(llvm::object::ELF64LEObjectFile::create(
      llvm::MemoryBufferRef(bytes.substr(start), "object")));
  bool isFound = false;
  for (const auto &section : llvm::cantFail(object.getELFFile().sections())) {
    if (llvm::cantFail(object.getELFFile().getSectionName(section)) !=
        ".lrodata.tritc_image")
      continue;
    isFound = true;
    EXPECT_EQ(section.sh_type, uint32_t(llvm::ELF::SHT_PROGBITS));
    EXPECT_EQ(section.sh_offset + start, imageOffset(front.size()));
    EXPECT_EQ(section.sh_size, imageBytes);
  }
  EXPECT_TRUE(isFound);
}

TEST(StaticLibrary, SaysThatAnArchiveHasAnEnd) {
  constexpr uint64_t imageBytes = 11'000'000'000;
  llvm::SmallVector<char, 0> front = relocatable(imageBytes);
  std::string message =
      llvm::toString(makeArchive(front, imageBytes, "libmodel.a", false));
  EXPECT_EQ(message.find("libmodel.a: a member of an archive has less than 10 "
                         "GB, this one 110"),
            0U)
      << message;
}

TEST(StaticLibrary, NeedsAPlaceForItsImage) {
  llvm::SmallVector<char, 0> front = relocatable(0);
  EXPECT_EQ(llvm::toString(makeArchive(front, 4096, "libmodel.a", false)),
            "the linked object has no place for its image");
}

} // namespace
