//===- GgufSet.cpp - One GGUF file, or all parts of a split one -----------===//

#include "compiler/import/gguf/GgufSet.h"

#include "compiler/import/gguf/GgufFields.h"
#include "compiler/import/gguf/GgufTypes.h"
#include "compiler/support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

#include <map>

namespace tritc::import {

/// "NAME-00002-of-00003.gguf"
struct PartName {
  llvm::StringRef base; ///< with its folder
  uint64_t number;      ///< from 1
  uint64_t count;
};

static std::optional<PartName> parsePartName(llvm::StringRef path) {
  llvm::StringRef base = path;
  PartName name;
  constexpr size_t digits = 5;
  if (!base.consume_back(".gguf") || base.size() < 2 * digits + 6 ||
      base.take_back(digits).getAsInteger(10, name.count))
    return std::nullopt;
  base = base.drop_back(digits);
  if (!base.consume_back("-of-") ||
      base.take_back(digits).getAsInteger(10, name.number))
    return std::nullopt;
  base = base.drop_back(digits);
  if (!base.consume_back("-"))
    return std::nullopt;
  name.base = base;
  return name;
}

static std::string partPath(llvm::StringRef base, uint64_t number,
                            uint64_t count) {
  return llvm::formatv("{0}-{1,0+5}-of-{2,0+5}.gguf", base, number, count);
}

llvm::Error GgufSet::add(GgufFile opened) {
  files.push_back(std::make_unique<GgufFile>(std::move(opened)));
  const GgufFile &file = *files.back();
  for (const GgufTensor &tensor : file.tensors())
    if (llvm::Error error = tensors.add({&file, &tensor}))
      return error;
  return llvm::Error::success();
}

static constexpr llvm::StringLiteral partKey = "split.no",
                                     countKey = "split.count",
                                     tensorsKey = "split.tensors.count";
static constexpr uint64_t mostParts = 65535;

llvm::Error GgufSet::openParts(GgufFile named, uint64_t count) {
  std::string path = named.path().str();
  std::optional<PartName> name = parsePartName(path);
  if (!name || name->count != count)
    return makeError(
        ExitCode::Unreadable,
        path + ": " + countKey + ": a part of " + llvm::Twine(count) +
            ", expected a name that ends in " + partPath("", 1, count));
  for (uint64_t part = 0; part < count; ++part) {
    GgufFile file;
    if (name->number == part + 1) {
      file = std::move(named);
    } else {
      llvm::Expected<MappedFile> mapped =
          MappedFile::open(partPath(name->base, part + 1, count));
      if (!mapped)
        return mapped.takeError();
      llvm::Expected<GgufFile> opened = GgufFile::parse(std::move(*mapped));
      if (!opened)
        return opened.takeError();
      file = std::move(*opened);
    }
    GgufFields fields(file);
    uint64_t number = fields.required(partKey, 0, mostParts);
    uint64_t total = fields.required(countKey, 1, mostParts);
    if (number != part)
      fields.fail(ExitCode::Malformed, partKey + ": expected " +
                                           llvm::Twine(part) + ", found " +
                                           llvm::Twine(number));
    if (total != count)
      fields.fail(ExitCode::Malformed, countKey + ": expected " +
                                           llvm::Twine(count) + ", found " +
                                           llvm::Twine(total));
    if (fields.failed())
      return fields.takeError();
    if (llvm::Error error = add(std::move(file)))
      return error;
  }
  GgufFields fields(main());
  std::optional<uint64_t> given = fields.integer(tensorsKey, 0, INT64_MAX);
  if (given && *given != tensors.size())
    fields.fail(ExitCode::Malformed, tensorsKey + ": expected " +
                                         llvm::Twine(tensors.size()) +
                                         " (the tensors of all parts), found " +
                                         llvm::Twine(*given));
  return fields.takeError();
}

llvm::Expected<GgufSet> GgufSet::open(MappedFile first) {
  llvm::Expected<GgufFile> file = GgufFile::parse(std::move(first));
  if (!file)
    return file.takeError();
  GgufFields fields(*file);
  uint64_t count = fields.integer(countKey, 0, mostParts).value_or(0);
  if (fields.failed())
    return fields.takeError();
  GgufSet set;
  llvm::Error error = count > 1 ? set.openParts(std::move(*file), count)
                                : set.add(std::move(*file));
  if (error)
    return std::move(error);
  return set;
}

Leftover GgufSet::Item::leftover() const {
  const GgufType *type = ggufType(tensor->type);
  return {
      tensor->name,
      file->path(),
      ggufTypeName(tensor->type),
      tensor->shape,
      type ? type->dtype : std::nullopt,
      file->bytes().slice(tensor->begin, type ? type->leastBytes(*tensor) : 0)};
}

llvm::Expected<std::optional<std::string>> findGguf(llvm::StringRef directory) {
  std::map<std::string, std::string> models; // model -> its first file
  std::error_code code;
  for (llvm::sys::fs::directory_iterator it(directory, code), end;
       it != end && !code; it.increment(code)) {
    llvm::StringRef path = it->path();
    if (llvm::sys::path::filename(path) == "config.json")
      return std::nullopt;
    if (!path.ends_with(".gguf"))
      continue;
    std::optional<PartName> part = parsePartName(path);
    std::string &first = models[part ? part->base.str() : path.str()];
    if (first.empty() || path < first)
      first = path.str();
  }
  if (code)
    return makeError(ExitCode::Unreadable,
                     directory + ": cannot list: " + code.message());
  if (models.empty())
    return std::nullopt;
  if (models.size() == 1)
    return models.begin()->second;
  std::string first = llvm::sys::path::filename(models.begin()->second).str(),
              last = llvm::sys::path::filename(models.rbegin()->second).str();
  return makeError(ExitCode::Unreadable,
                   directory + ": expected one model, found " +
                       llvm::Twine(models.size()) + " in GGUF files (" + first +
                       (models.size() > 2 ? " to " : " and ") + last +
                       "); give one file");
}

} // namespace tritc::import
