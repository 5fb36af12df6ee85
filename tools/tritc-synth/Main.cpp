//===- Main.cpp - tritc-synth ---------------------------------------------===//

#include "tools/tritc-synth/Interrupt.h"
#include "tools/tritc-synth/Options.h"
#include "tools/tritc-synth/Synth.h"

#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

using namespace tritc;
using namespace tritc::synth;

int main(int argc, char **argv) {
  llvm::sys::SetInterruptFunction([] { interrupted = true; });
  auto work = [&]() -> llvm::Error {
    auto request = parseOptions(argc, argv);
    return request ? writeCheckpoint(*request) : request.takeError();
  };
  Failure failure = toFailure(work());
  if (failure.code != ExitCode::Ok)
    llvm::errs() << "tritc-synth: " << failure.message << "\n";
  return int(failure.code);
}
