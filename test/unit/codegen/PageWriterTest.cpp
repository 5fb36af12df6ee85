//===- PageWriterTest.cpp - A range of a file, written by large pages -----===//

#include "compiler/codegen/PageWriter.h"
#include "compiler/codegen/FileIO.h"
#include "compiler/support/Error.h"
#include "test/unit/codegen/TestFiles.h"

#include "llvm/ADT/StringExtras.h"

#include <gtest/gtest.h>

#include <unistd.h>

using namespace tritc;
using namespace tritc::codegen;
using namespace tritc::codegen::test;

namespace {

constexpr uint64_t page = 2 << 20;

/// What a file of `before`, then a range with the parts filled with `fill`,
/// looks like. The last part comes first.
std::string written(llvm::StringRef before, uint64_t bytes,
                    std::vector<PageWriter::Part> parts, char fill) {
  TemporaryFolder folder;
  OutputFile file = llvm::cantFail(OutputFile::create(folder.file("out")));
  llvm::cantFail(
      writeAt(file.fd(), 0, llvm::arrayRefFromStringRef(before), "out"));
  PageWriter writer(file.fd(), before.size(), bytes, parts, "out");
  for (const PageWriter::Part &part : llvm::reverse(parts))
    llvm::cantFail(writer.add(part.offset,
                              std::vector<uint8_t>(part.bytes, uint8_t(fill))));
  llvm::cantFail(file.keep(/*executable=*/false));
  return contentsOf(folder.file("out"));
}

TEST(PageWriter, PartsAcrossPagesAreJoined) {
  std::string text = written("front", 3 * page,
                             {{0, page / 2}, {page / 2, 5 * page / 2}}, 'x');
  EXPECT_EQ(text, "front" + std::string(3 * page, 'x'));
}

TEST(PageWriter, GapsAreZeros) {
  std::string text = written("", 20, {{2, 3}, {15, 5}}, 'x');
  EXPECT_EQ(text,
            std::string(2, '\0') + "xxx" + std::string(10, '\0') + "xxxxx");
}

TEST(PageWriter, NothingIsWrittenOutsideTheRange) {
  std::string text =
      written(std::string(page - 1, 'f'), 3, {{0, 1}, {1, 1}}, 'x');
  EXPECT_EQ(text.size(), page + 2);
  EXPECT_EQ(text.substr(page - 2), std::string("fxx") + '\0');
}

TEST(PageWriter, APageIsWrittenWhenItsPartsAreThere) {
  TemporaryFolder folder;
  OutputFile file = llvm::cantFail(OutputFile::create(folder.file("out")));
  PageWriter writer(file.fd(), 0, 2, {{0, 1}, {1, 1}}, "out");
  llvm::cantFail(writer.add(1, {uint8_t('b')}));
  EXPECT_EQ(::lseek(file.fd(), 0, SEEK_END), 0);
  llvm::cantFail(writer.add(0, {uint8_t('a')}));
  EXPECT_EQ(::lseek(file.fd(), 0, SEEK_END), 2);
}

TEST(PageWriter, FailedWritesNameTheFile) {
  PageWriter writer(-1, 0, 1, {{0, 1}}, "out");
  EXPECT_EQ(toFailure(writer.add(0, {uint8_t(1)})).message,
            "cannot write 'out': Bad file descriptor");
}

} // namespace
