//===- ErrorTest.cpp - One line and one exit code per failure -------------===//

#include "test/unit/import/TestFiles.h"

namespace tritc {
namespace {

TEST(Error, keeps_code_and_line) {
  Failure failure = toFailure(makeError(ExitCode::Link, "a.o: no symbol x"));
  EXPECT_EQ(failure.code, ExitCode::Link);
  EXPECT_EQ(failure.message, "a.o: no symbol x");
}

TEST(Error, success_is_ok_and_empty) {
  Failure failure = toFailure(llvm::Error::success());
  EXPECT_EQ(failure.code, ExitCode::Ok);
  EXPECT_EQ(failure.message, "");
}

TEST(Error, control_characters_do_not_break_the_line) {
  Failure failure = toFailure(makeError(ExitCode::Malformed, "a\nb\x1b[31mc"));
  EXPECT_EQ(failure.message, "a\\x0ab\\x1b[31mc");
}

TEST(Error, foreign_errors_are_internal) {
  Failure failure =
      toFailure(llvm::createStringError(llvm::inconvertibleErrorCode(), "odd"));
  EXPECT_EQ(failure.code, ExitCode::Internal);
  EXPECT_EQ(failure.message, "odd");
}

TEST(Error, the_first_of_several_counts) {
  Failure failure =
      toFailure(llvm::joinErrors(makeError(ExitCode::Output, "first"),
                                 makeError(ExitCode::Link, "second")));
  EXPECT_EQ(failure.code, ExitCode::Output);
  EXPECT_EQ(failure.message, "first");
}

} // namespace
} // namespace tritc
