//===- Handles.h - What the handles of tritc.h stand for ------------------===//
#pragma once

#include "runtime/chat/Conversation.h"
#include "runtime/chat/ModelCheck.h"
#include "runtime/library/Bell.h"
#include "runtime/library/Checks.h"
#include "runtime/schedule/Guides.h"
#include "runtime/schedule/Scheduler.h"

namespace tritc::library {

/// What handles begin with: of which kind they are, and how many use them. The
/// kind of one that is no more is wrong as long as nobody else has its memory.
template <uint64_t kind>
class Handle {
public:
  ~Handle() { mark = 0; }

  bool isValid() const { return mark == kind; }
  void hold() { ++holders; }
  /// \returns whether nobody holds it any more
  bool letGo() { return --holders == 0; }

private:
  volatile uint64_t mark = kind;
  std::atomic<uint32_t> holders{1};
};

/// Keeps a handle from being destroyed while it is used; destroys what its
/// owner has ended meanwhile.
template <typename T>
class Held {
public:
  explicit Held(T &handle) : handle(handle) { handle.hold(); }
  Held(const Held &) = delete;
  ~Held() { release(&handle); }

  static void release(T *handle) {
    if (handle->letGo())
      base::destroy(handle);
  }

private:
  T &handle;
};

} // namespace tritc::library

/// A model that is at work: its scheduler computes what calls from any thread
/// ask for. Its chats hold it.
struct tritc_model : tritc::library::Handle<0x4c444d4354495254> {
  tritc_model(const TritcProgram &program, const TritcImageHeader &image,
              const tritc::schedule::SchedulerOptions &options);

  tritc::chat::Model model;
  tritc::schedule::Guides guides;
  tritc::schedule::Scheduler scheduler;
  tritc::base::Array<char> name; ///< with a terminator
  std::atomic<bool> isClosed{false};
};

struct tritc_chat : tritc::library::Handle<0x5448434354495254> {
  explicit tritc_chat(tritc_model &model)
      : model(model), conversation(model.model) {
    model.hold();
  }
  ~tritc_chat() { tritc::library::Held<tritc_model>::release(&model); }

  tritc_model &model;
  tritc::chat::Conversation conversation;
  tritc::library::Bell bell; ///< of the answer that is being written
  std::atomic<bool> isFreed{false};
};

namespace tritc::library {

/// Starts a model on checked parts; `image` outlives it.
base::Failure start(const TritcProgram *const *programs,
                    const TritcImageHeader &image, const tritc_options *options,
                    tritc_model *&model);

/// Whether that is a token of the vocabulary.
base::Failure checkId(const tritc_model &model, int32_t id);

inline bool isValid(const tritc_model *model) {
  return model && model->isValid();
}
inline bool isValid(const tritc_chat *chat) { return chat && chat->isValid(); }

} // namespace tritc::library
