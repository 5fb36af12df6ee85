//===- ChangedTokenizer.h - The small tokenizer.json with one change ------===//
#pragma once

#include "compiler/import/tokenizer/Tokenizer.h"
#include "compiler/support/Error.h"
#include "test/unit/text/SmallTokenizer.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <gtest/gtest.h>

namespace tritc::test {

/// The error of reading `text`, "<code>: <line>"; "" if there is none.
inline std::string failureOf(llvm::StringRef text,
                             const import::TokenizerContext &context = {}) {
  auto model = import::parseTokenizerJson(text, "tokenizer.json", context);
  if (model)
    return "";
  Failure failure = toFailure(model.takeError());
  EXPECT_EQ(failure.message.find('\n'), std::string::npos);
  return std::to_string(static_cast<int>(failure.code)) + ": " +
         failure.message;
}

/// The error after `change` to the small tokenizer.
inline std::string
failureAfter(llvm::function_ref<void(llvm::json::Object &document,
                                     llvm::json::Object &model)>
                 change,
             const import::TokenizerContext &context = {}) {
  llvm::json::Object document = smallTokenizer();
  change(document, *document.getObject("model"));
  return failureOf(textOf(std::move(document)), context);
}

inline import::TokenizerModel
modelAfter(llvm::function_ref<void(llvm::json::Object &document,
                                   llvm::json::Object &model)>
               change) {
  llvm::json::Object document = smallTokenizer();
  change(document, *document.getObject("model"));
  auto model = import::parseTokenizerJson(textOf(std::move(document)),
                                          "tokenizer.json", {});
  EXPECT_TRUE(bool(model));
  return model ? std::move(*model)
               : (consumeError(model.takeError()), import::TokenizerModel());
}

} // namespace tritc::test
