//===- SelectProgram.cpp - Which of the compiled programs runs ------------===//

#include "runtime/exec/SelectProgram.h"

#include <cstring>

using namespace tritc;
using namespace tritc::exec;

static base::Failure unknownTarget(const TritcProgram *const *programs,
                                   const char *wanted) {
  char list[100] = "";
  size_t used = 0;
  for (; *programs && used < sizeof(list); ++programs)
    used += static_cast<size_t>(snprintf(list + used, sizeof(list) - used,
                                         " %s", (*programs)->targetName));
  return base::fail(base::UnsupportedCpu,
                    "%s: expected one of%s, found '%.40s'", targetVariable,
                    list, wanted);
}

base::Failure tritc::exec::selectProgram(const TritcProgram *const *programs,
                                         const Features &available,
                                         const char *wanted,
                                         const TritcProgram *&chosen) {
  bool isForced = wanted && *wanted;
  chosen = nullptr;
  for (auto program = programs; *program; ++program)
    if (isForced ? !strcmp((*program)->targetName, wanted)
                 : !checkCpu(**program, available))
      chosen = *program;
  if (!chosen && isForced)
    return unknownTarget(programs, wanted);
  // Where none runs, the plainest lacks the least.
  return checkCpu(chosen ? *chosen : **programs, available);
}
