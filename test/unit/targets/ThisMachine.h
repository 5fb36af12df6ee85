//===- ThisMachine.h - What code a test can execute here ------------------===//
#pragma once

#include "targets/Target.h"

namespace tritc::targets::test {

/// Whether this process can execute code for `target`, emulating tiles if those
/// are all that is missing. The environment variable TRITC_TEST_TARGET names a
/// target whose features are taken for all that this machine has.
bool executes(const Target &target);

/// The specification, which lowers every primitive generically, with all the
/// instructions that this process executes: half as long to compile as for the
/// plainest processor.
Target plainHost();

} // namespace tritc::targets::test
