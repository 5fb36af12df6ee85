//===- Open.cpp - The model in this library -------------------------------===//
//
// In an object of its own: tests of the library link it without a model.
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/AttachedImage.h"
#include "runtime/library/Handles.h"

#include <dlfcn.h>
#include <elf.h>
#include <sys/stat.h>

using namespace tritc;

extern "C" {
/// Defined by what the compiler emitted.
extern const TritcProgram *const tritc_programs[];
}

/// Malformed where the library's file ends before its image does. A page that
/// is missing would end the process.
static base::Failure checkFile(const exec::AttachedImage &image) {
  Dl_info self;
  struct stat status;
  if (!dladdr(reinterpret_cast<const void *>(&tritc_open), &self) ||
      stat(self.dli_fname, &status))
    return {};
  auto first = static_cast<const uint8_t *>(self.dli_fbase);
  auto header = reinterpret_cast<const Elf64_Ehdr *>(first);
  auto segments = reinterpret_cast<const Elf64_Phdr *>(first + header->e_phoff);
  for (int i = 0; i < header->e_phnum; ++i) {
    const Elf64_Phdr &segment = segments[i];
    uint64_t end = segment.p_offset + segment.p_filesz;
    auto size = static_cast<uint64_t>(status.st_size);
    if (segment.p_type == PT_LOAD && segment.p_memsz == image.bytes &&
        size < end)
      return base::fail(base::Malformed,
                        "this library is incomplete: its file has %llu bytes, "
                        "expected %llu; copy it again",
                        static_cast<unsigned long long>(size),
                        static_cast<unsigned long long>(end));
  }
  return {};
}

static base::Failure open(const tritc_options *options, tritc_model *&model) {
  exec::AttachedImage image = exec::attachedImage();
  if (!image.header)
    return base::fail(base::Malformed,
                      "image: this library was linked without one");
  if (base::Failure failure = checkFile(image))
    return failure;
  if (base::Failure failure = exec::checkLength(image))
    return failure;
  return library::start(tritc_programs, *image.header, options, model);
}

/// One function of each file of the interface: who links this links them all.
__attribute__((used)) static void (*const others[])() = {
    reinterpret_cast<void (*)()>(&tritc_close),
    reinterpret_cast<void (*)()>(&tritc_complete),
    reinterpret_cast<void (*)()>(&tritc_chat_new),
};

extern "C" int tritc_open(const tritc_options *options, tritc_model **model,
                          tritc_error *error) {
  if (int status = library::check({library::pointer("model", model)}, error))
    return status;
  *model = nullptr;
  base::Failure failure = open(options, *model);
  return failure ? library::report(failure, error) : TRITC_OK;
}
