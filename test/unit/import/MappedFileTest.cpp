//===- MappedFileTest.cpp - Only readable regular files are mapped --------===//

#include "compiler/support/MappedFile.h"
#include "test/unit/import/TestFiles.h"

#include <sys/stat.h>
#include <unistd.h>

namespace tritc::import {
namespace {

using test::TempDirectory;

TEST(MappedFile, shows_bytes_of_others_and_leaves_them_theirs) {
  const std::vector<uint8_t> bytes = {'a', 'b'};
  {
    MappedFile file = MappedFile::of(bytes, "made up");
    MappedFile moved = std::move(file);
    EXPECT_EQ(moved.text(), "ab");
    EXPECT_EQ(moved.path(), "made up");
    EXPECT_EQ(moved.bytes().data(), bytes.data());
  }
  EXPECT_EQ(bytes.back(), 'b');
}

TEST(MappedFile, shows_the_bytes_of_a_file) {
  TempDirectory directory;
  llvm::Expected<MappedFile> file =
      MappedFile::open(directory.write("a", "some bytes"));
  ASSERT_TRUE(bool(file));
  EXPECT_EQ(file->text(), "some bytes");
  EXPECT_EQ(file->path(), directory.path("a"));
}

TEST(MappedFile, an_empty_file_has_no_bytes) {
  TempDirectory directory;
  llvm::Expected<MappedFile> file = MappedFile::open(directory.write("a", ""));
  ASSERT_TRUE(bool(file));
  EXPECT_TRUE(file->bytes().empty());
}

TEST(MappedFile, shows_the_bytes_of_files_read_and_mapped) {
  TempDirectory directory;
  for (size_t size : {size_t(64 << 10), size_t((64 << 10) + 1)}) {
    std::string bytes(size, 'x');
    bytes.back() = 'y';
    llvm::Expected<MappedFile> file =
        MappedFile::open(directory.write("a", bytes));
    ASSERT_TRUE(bool(file));
    EXPECT_TRUE(file->text() == bytes);
  }
}

TEST(MappedFile, a_small_file_survives_its_truncation) {
  TempDirectory directory;
  llvm::Expected<MappedFile> file =
      MappedFile::open(directory.write("a", "some bytes"));
  ASSERT_TRUE(bool(file));
  ASSERT_EQ(::truncate(directory.path("a").c_str(), 0), 0);
  EXPECT_EQ(file->text(), "some bytes");
}

TEST(MappedFile, moving_keeps_the_bytes_where_they_are) {
  TempDirectory directory;
  llvm::Expected<MappedFile> file = MappedFile::open(directory.write("a", "b"));
  ASSERT_TRUE(bool(file));
  const uint8_t *before = file->bytes().data();
  MappedFile moved = std::move(*file);
  EXPECT_EQ(moved.bytes().data(), before);
  EXPECT_EQ(moved.text(), "b");
}

TEST(MappedFile, follows_symbolic_links) {
  TempDirectory directory;
  directory.write("blob", "content");
  ASSERT_EQ(::symlink("blob", directory.path("link").c_str()), 0);
  llvm::Expected<MappedFile> file = MappedFile::open(directory.path("link"));
  ASSERT_TRUE(bool(file));
  EXPECT_EQ(file->text(), "content");
}

TEST(MappedFile, rejects_a_missing_file) {
  TempDirectory directory;
  EXPECT_FAILURE(MappedFile::open(directory.path("a")), ExitCode::Unreadable,
                 "a: cannot open: No such file");
}

TEST(MappedFile, rejects_a_directory) {
  TempDirectory directory;
  EXPECT_FAILURE(MappedFile::open(directory.path()), ExitCode::Unreadable,
                 "expected a regular file, found a directory");
}

TEST(MappedFile, rejects_a_fifo_without_waiting) {
  TempDirectory directory;
  ASSERT_EQ(::mkfifo(directory.path("pipe").c_str(), 0600), 0);
  EXPECT_FAILURE(MappedFile::open(directory.path("pipe")), ExitCode::Unreadable,
                 "expected a regular file, found a FIFO");
}

TEST(MappedFile, rejects_a_loop_of_links) {
  TempDirectory directory;
  ASSERT_EQ(::symlink("b", directory.path("a").c_str()), 0);
  ASSERT_EQ(::symlink("a", directory.path("b").c_str()), 0);
  EXPECT_FAILURE(MappedFile::open(directory.path("a")), ExitCode::Unreadable,
                 "a: cannot open: Too many levels of symbolic links");
}

TEST(MappedFile, rejects_a_device) {
  EXPECT_FAILURE(MappedFile::open("/dev/null"), ExitCode::Unreadable,
                 "expected a regular file, found a device");
}

TEST(MappedFile, rejects_a_name_with_nul) {
  EXPECT_FAILURE(MappedFile::open(llvm::StringRef("/dev/null\0x", 11)),
                 ExitCode::Unreadable, "cannot open");
}

} // namespace
} // namespace tritc::import
