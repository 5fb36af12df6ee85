//===- Serve.cpp - The command that a program may lack --------------------===//
//
// What serves lies above this folder, and is linked only where the program is
// to have it.
//
//===----------------------------------------------------------------------===//

#include "runtime/chat/Commands.h"

using namespace tritc;
using namespace tritc::chat;

/// Of runtime/serve; null in a program that was linked without it.
extern "C" [[gnu::weak]] void tritc_run_serve(const Context &context,
                                              base::Failure &failure);

bool chat::canServe() { return tritc_run_serve; }

base::Failure chat::runServe(Context context) {
  if (!canServe())
    return base::fail(base::Usage, "serve: this program was made without it; "
                                   "leave out --no-serve of tritc");
  base::Failure failure;
  tritc_run_serve(context, failure);
  return failure;
}
