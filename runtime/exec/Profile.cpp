//===- Profile.cpp - Where the time of a pass goes ------------------------===//

#include "runtime/exec/Profile.h"
#include "runtime/exec/Clock.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::exec;

static Profile *active = nullptr;

Profile::Profile(const TritcProgram &program) : program(program) {
  spent.resize(maxThreads * program.workCount);
  active = this;
  if (program.mark)
    *program.mark = mark;
}

Profile::~Profile() {
  if (program.mark)
    *program.mark = nullptr;
  active = nullptr;
}

void Profile::start(uint32_t thread) { last[thread] = monotonicSeconds(); }

void Profile::mark(int64_t thread, int64_t kind) {
  double now = monotonicSeconds();
  size_t at = static_cast<size_t>(thread) * active->program.workCount +
              static_cast<size_t>(kind);
  active->spent[at] += now - active->last[thread];
  active->last[thread] = now;
}

double Profile::seconds(uint64_t kind) const {
  double most = 0;
  for (size_t thread = 0; thread < maxThreads; ++thread)
    most = std::max(most, spent[thread * program.workCount + kind]);
  return most;
}
