//===- Handles.h - What the handles of tritc.h stand for ------------------===//
#pragma once

#include "runtime/chat/Conversation.h"
#include "runtime/chat/ModelCheck.h"
#include "runtime/library/tritc.h"
#include "runtime/schedule/Scheduler.h"

/// A model that is at work: its scheduler computes what calls from any thread
/// ask for.
struct tritc_model {
  tritc_model(const TritcProgram &program, const TritcImageHeader &image,
              const tritc::schedule::SchedulerOptions &options);

  tritc::chat::Model model;
  tritc::schedule::Scheduler scheduler;
  tritc::base::Array<char> name; ///< with a terminator
};

struct tritc_chat {
  explicit tritc_chat(tritc_model &model)
      : model(model), conversation(model.model) {}

  tritc_model &model;
  tritc::chat::Conversation conversation;
  /// Number of the job that writes an answer, or a mark of Answers.h; 0: none.
  std::atomic<uint64_t> job{0};
};

namespace tritc::library {

/// Starts a model on checked parts; `image` outlives it.
base::Failure start(const TritcProgram *const *programs,
                    const TritcImageHeader &image, const tritc_options *options,
                    tritc_model *&model);

/// \returns the status; what `error`, unless null, is told.
int report(const base::Failure &failure, tritc_error *error);
int report(TRITC_STATUS status, const char *message, tritc_error *error);

/// The first `size` bytes of what a caller passed, the rest as in `defaults`:
/// callers may know less of a structure, or more.
template <typename T>
T known(const T *given, const T &defaults) {
  T all = defaults;
  if (given && given->size >= sizeof(given->size))
    memcpy(static_cast<void *>(&all), given,
           given->size < sizeof(T) ? given->size : sizeof(T));
  all.size = sizeof(T);
  return all;
}

/// Writes what there is room for, and how much there is.
template <typename T>
int fill(std::span<const T> all, T *place, size_t room, size_t *count) {
  size_t most = all.size() < room ? all.size() : room;
  if (most > 0)
    memcpy(static_cast<void *>(place), all.data(), most * sizeof(T));
  if (count)
    *count = all.size();
  return TRITC_OK;
}

} // namespace tritc::library
