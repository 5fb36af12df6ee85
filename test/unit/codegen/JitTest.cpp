//===- JitTest.cpp - Models in the test's own process ---------------------===//

#include "compiler/codegen/Jit.h"
#include "compiler/support/Error.h"
#include "test/unit/codegen/TestFiles.h"
#include "test/unit/codegen/TestModule.h"

#include <gtest/gtest.h>

using namespace tritc;
using namespace tritc::codegen;
using namespace tritc::codegen::test;

namespace {

/// For plans without parameters.
class NoSource final : public WeightSource {
public:
  llvm::Error ternaryRows(llvm::StringRef, uint64_t, uint64_t,
                          llvm::MutableArrayRef<int8_t>) const override {
    return makeError(ExitCode::Internal, "no tensor");
  }
  llvm::Expected<float> weightScale(llvm::StringRef) const override {
    return makeError(ExitCode::Internal, "no tensor");
  }
  llvm::Error floats(llvm::StringRef, uint64_t,
                     llvm::MutableArrayRef<float>) const override {
    return makeError(ExitCode::Internal, "no tensor");
  }
  llvm::Error blockedRows(llvm::StringRef, uint64_t, uint64_t,
                          const lut::BlockedRows &) const override {
    return makeError(ExitCode::Internal, "no tensor");
  }
  llvm::Expected<llvm::ArrayRef<uint8_t>>
  storedBytes(llvm::StringRef, WeightEntry::Element) const override {
    return makeError(ExitCode::Internal, "no tensor");
  }
};

MappedImage emptyImage() {
  ImageContents contents{};
  WeightPlan plan;
  plan.bytes = 4096;
  return llvm::cantFail(MappedImage::create(contents, plan, std::nullopt,
                                            NoSource(), 1, Progress()));
}

TEST(Jit, TheProgramGetsImageAndArguments) {
  MappedImage image = emptyImage();
  EXPECT_EQ(image.header()->magic, TRITC_IMAGE_MAGIC);
  testing::internal::CaptureStdout();
  llvm::Expected<int> code = runInProcess(modelObjects(), TRITC_PROBE_RESOURCES,
                                          image, {"probe", "3", "x"});
  std::fflush(stdout);
  std::string output = testing::internal::GetCapturedStdout();
  EXPECT_EQ(llvm::cantFail(std::move(code)), 3);
  const TritcImageHeader &header = *image.header();
  EXPECT_EQ(output, "1 " + std::to_string(header.imageBytes) + " " +
                        std::to_string(header.contentHash >> 56) +
                        " portable 42 1 3\n");
}

TEST(Jit, AMissingRuntimeIsALinkError) {
  TemporaryFolder folder;
  Failure failure = toFailure(
      runInProcess(modelObjects(), folder.path(), emptyImage(), {"probe"})
          .takeError());
  EXPECT_EQ(failure.code, ExitCode::Link);
  EXPECT_TRUE(
      llvm::StringRef(failure.message).starts_with("cannot run in process: "));
}

TEST(Jit, WhatIsNoObjectIsALinkError) {
  Failure failure = toFailure(runInProcess({"no object"}, TRITC_PROBE_RESOURCES,
                                           emptyImage(), {"probe"})
                                  .takeError());
  EXPECT_EQ(failure.code, ExitCode::Link);
}

} // namespace
