//===- Transfer.h - One HTTP request --------------------------------------===//
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>

namespace tritc::hub {

struct Request {
  std::string url;
  std::string token; ///< for the host of `url` alone; empty: none
  uint64_t from = 0; ///< first byte to send
};

struct Answer {
  long status = 0;     ///< of HTTP; 0 if none came
  std::string range;   ///< header Content-Range
  std::string next;    ///< address of the next page, from header Link
  std::string problem; ///< what cut the body short; empty: nothing
};

/// Takes a piece of the body; false ends the transfer.
using TakeBody = llvm::function_ref<bool(const Answer &, llvm::StringRef)>;

/// Asks, follows redirects over http and https, and gives the body of a
/// success to `take`. Fails only if libcurl cannot be loaded.
llvm::Expected<Answer> transfer(const Request &request, TakeBody take);

/// Asks for a text of at most `most` bytes, several times if that may help.
llvm::Expected<Answer> fetchText(const Request &request, size_t most,
                                 std::string &text);

/// Waits after so many tries in vain: 0.2 s, and twice as long each time.
void pauseAfter(unsigned fruitless);

/// Whether a later try may go better.
bool mayGoBetter(const Answer &answer);

} // namespace tritc::hub
