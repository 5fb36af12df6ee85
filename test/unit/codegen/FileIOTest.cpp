//===- FileIOTest.cpp - Files that exist once they are complete -----------===//

#include "compiler/codegen/FileIO.h"
#include "compiler/support/Error.h"
#include "test/unit/codegen/TestFiles.h"

#include <gtest/gtest.h>

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace tritc;
using namespace tritc::codegen;
using namespace tritc::codegen::test;

namespace {

llvm::ArrayRef<uint8_t> bytesOf(llvm::StringRef text) {
  return {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
}

TEST(FileIO, AFileNeverKeptLeavesNothing) {
  TemporaryFolder folder;
  {
    OutputFile file = llvm::cantFail(OutputFile::create(folder.file("out")));
    llvm::cantFail(writeAt(file.fd(), 0, bytesOf("half"), "out"));
    EXPECT_EQ(folder.names().size(), 1u);
  }
  EXPECT_EQ(folder.names(), std::vector<std::string>{});
}

TEST(FileIO, AFileThatFailsLeavesTheOldOne) {
  TemporaryFolder folder;
  llvm::cantFail(writeOutput(folder.file("out"), "old"));
  {
    OutputFile file = llvm::cantFail(OutputFile::create(folder.file("out")));
  }
  EXPECT_EQ(contentsOf(folder.file("out")), "old");
}

TEST(FileIO, KeptFilesObeyTheUmask) {
  TemporaryFolder folder;
  mode_t before = ::umask(027);
  for (bool executable : {false, true}) {
    OutputFile file = llvm::cantFail(OutputFile::create(folder.file("out")));
    llvm::cantFail(file.keep(executable));
    struct stat status;
    ASSERT_EQ(::stat(folder.file("out").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, executable ? 0750u : 0640u);
  }
  ::umask(before);
}

TEST(FileIO, DirectoriesAndDevicesAreNotReplaced) {
  Failure folder = toFailure(OutputFile::create("/tmp").takeError());
  EXPECT_EQ(folder.code, ExitCode::Output);
  EXPECT_EQ(folder.message,
            "cannot write '/tmp': it is a directory; name a file in it");
  Failure device = toFailure(OutputFile::create("/dev/null").takeError());
  EXPECT_EQ(device.code, ExitCode::Output);
  EXPECT_EQ(device.message,
            "cannot write '/dev/null': it is not a regular file");
}

TEST(FileIO, AMissingFolderIsNamed) {
  Failure failure =
      toFailure(OutputFile::create("/nonexistent/out").takeError());
  EXPECT_EQ(failure.code, ExitCode::Output);
  EXPECT_EQ(failure.message,
            "cannot write '/nonexistent/out': there is no folder "
            "'/nonexistent'");
}

TEST(FileIO, AStreamIsWrittenIntoDirectly) {
  llvm::cantFail(writeOutput("/dev/null", "text"));
  Failure failure = toFailure(writeOutput("/dev/full", "text"));
  EXPECT_EQ(failure.code, ExitCode::Output);
  EXPECT_EQ(failure.message,
            "cannot write '/dev/full': No space left on device");
}

TEST(FileIO, AFileSizeLimitIsAnErrorAndLeavesNothing) {
  ::signal(SIGXFSZ, SIG_IGN);
  TemporaryFolder folder;
  struct rlimit before, limit;
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  limit = before;
  limit.rlim_cur = 1000;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  Failure written =
      toFailure(writeOutput(folder.file("out"), std::string(2000, 'x')));
  Failure reserved;
  {
    OutputFile file = llvm::cantFail(OutputFile::create(folder.file("out")));
    reserved = toFailure(reserve(file.fd(), 0, 2000, "out"));
  }
  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(written.code, ExitCode::Output);
  EXPECT_EQ(reserved.code, ExitCode::Output);
  EXPECT_EQ(reserved.message, "cannot write 'out': File too large");
  EXPECT_EQ(folder.names(), std::vector<std::string>{});
}

} // namespace
