//===- Models.cpp - Models, and what they know ----------------------------===//

#include "runtime/exec/CpuFeatures.h"
#include "runtime/exec/SelectProgram.h"
#include "runtime/library/Handles.h"
#include "runtime/text/Utf8Stream.h"

#include <cstdlib>

using namespace tritc;
using namespace tritc::library;

int library::report(TRITC_STATUS status, const char *message,
                    tritc_error *error) {
  if (error) {
    error->status = status;
    snprintf(error->message, sizeof(error->message), "%s", message);
  }
  return status;
}

int library::report(const base::Failure &failure, tritc_error *error) {
  return report(static_cast<TRITC_STATUS>(failure.code), failure.message,
                error);
}

tritc_model::tritc_model(const TritcProgram &program,
                         const TritcImageHeader &image,
                         const schedule::SchedulerOptions &options)
    : model(program, image), guides(model), scheduler(model, options) {
  name.append(model.name());
  name.push(0);
}

int library::check(std::initializer_list<Argument> arguments,
                   tritc_error *error) {
  for (const Argument &argument : arguments)
    if (!argument.isGood)
      return report(base::fail(base::Usage, "%s: NULL, or not what it is for",
                               argument.name),
                    error);
  return TRITC_OK;
}

base::Failure library::checkId(const tritc_model &model, int32_t id) {
  uint32_t count = model.model.image.vocabSize;
  if (id >= 0 && static_cast<uint32_t>(id) < count)
    return {};
  return base::fail(base::Usage, "expected ids below %u, found %d", count, id);
}

base::Failure library::start(const TritcProgram *const *programs,
                             const TritcImageHeader &image,
                             const tritc_options *options,
                             tritc_model *&model) {
  const TritcProgram *program = nullptr;
  if (base::Failure failure =
          exec::selectProgram(programs, exec::availableFeatures(),
                              getenv(exec::targetVariable), program))
    return failure;
  if (base::Failure failure = chat::checkModel(*program, image))
    return failure;
  tritc_options all = {};
  if (base::Failure failure = read("options", options, all))
    return failure;
  if (all.context_size > image.contextSize)
    return base::fail(base::Usage,
                      "context_size: compiled for at most %u tokens, found %u",
                      image.contextSize, all.context_size);
  schedule::SchedulerOptions wanted{.kvMemory = all.kv_memory,
                                    .threads = all.threads,
                                    .contextSize = all.context_size};
  if (all.parallel)
    wanted.slots = all.parallel;
  if (all.queue)
    wanted.queue = all.queue;
  base::Owned<tritc_model> made(
      base::create<tritc_model>(*program, image, wanted));
  if (base::Failure failure = made->scheduler.start())
    return failure;
  model = made.release();
  return {};
}

extern "C" {

uint32_t tritc_library_version(void) { return TRITC_LIBRARY_VERSION; }

void tritc_close(tritc_model *model) {
  if (!isValid(model) || model->isClosed.exchange(true))
    return;
  model->scheduler.stop();
  Held<tritc_model>::release(model);
}

const char *tritc_name(const tritc_model *model) {
  return isValid(model) ? model->name.data() : "";
}

const char *tritc_target(const tritc_model *model) {
  return isValid(model) ? model->model.program.targetName : "";
}

uint32_t tritc_context_size(const tritc_model *model) {
  return isValid(model) ? model->scheduler.contextSize() : 0;
}

uint32_t tritc_vocabulary_size(const tritc_model *model) {
  return isValid(model) ? model->model.image.vocabSize : 0;
}

uint32_t tritc_vector_size(const tritc_model *model) {
  if (!isValid(model) || !model->model.embeds())
    return 0;
  const chat::Model &of = model->model;
  return static_cast<uint32_t>(
      exec::Pooler(of.image.pooling, of.program.vectorSize).vectorSize());
}

int tritc_tokenize(const tritc_model *model, const char *text, size_t bytes,
                   unsigned flags, int32_t *ids, size_t room, size_t *count,
                   tritc_error *error) {
  if (int status = check({{"model", isValid(model)},
                          pointer("text", text, bytes),
                          pointer("ids", ids, room)},
                         error))
    return status;
  if (flags & ~unsigned{TRITC_NO_BOS | TRITC_NO_SPECIAL})
    return report(TRITC_USAGE, "tritc_tokenize: a flag that is not known",
                  error);
  const text::Tokenizer &tokenizer = model->model.tokenizer;
  base::Array<int32_t> all;
  if (tokenizer.addsBos() && !(flags & TRITC_NO_BOS))
    all.push(tokenizer.bosId());
  tokenizer.encode({text, bytes},
                   flags & TRITC_NO_SPECIAL ? text::SpecialTokens::AsText
                                            : text::SpecialTokens::Recognise,
                   all);
  return fill<int32_t>(all, ids, room, count);
}

int tritc_detokenize(const tritc_model *model, const int32_t *ids, size_t count,
                     char *text, size_t room, size_t *bytes,
                     tritc_error *error) {
  if (int status = check({{"model", isValid(model)},
                          pointer("ids", ids, count),
                          pointer("text", text, room)},
                         error))
    return status;
  for (size_t i = 0; i < count; ++i)
    if (base::Failure failure = checkId(*model, ids[i]))
      return report(failure, error);
  const text::Tokenizer &tokenizer = model->model.tokenizer;
  text::Utf8Stream characters;
  base::Array<char> all;
  for (size_t i = 0; i < count; ++i)
    if (!tokenizer.isSpecial(ids[i]))
      all.append(characters.push(tokenizer.bytesOf(ids[i])));
  all.append(characters.flush());
  return fill<char>(all, text, room, bytes);
}

int tritc_token_bytes(const tritc_model *model, int32_t id, char *bytes,
                      size_t room, size_t *count, tritc_error *error) {
  if (int status = check(
          {{"model", isValid(model)}, pointer("bytes", bytes, room)}, error))
    return status;
  if (base::Failure failure = checkId(*model, id))
    return report(failure, error);
  std::string_view all = model->model.tokenizer.bytesOf(id);
  return fill<char>(all, bytes, room, count);
}

int tritc_is_stop(const tritc_model *model, int32_t id) {
  return isValid(model) && model->model.isStop(id);
}

} // extern "C"
