//===- Name.cpp - Names of models on a hub --------------------------------===//

#include "compiler/hub/Name.h"

#include "compiler/support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace tritc::hub {

/// The hub's own rules; two dashes separate the parts of a folder's name in
/// the cache.
static bool isSegment(llvm::StringRef text) {
  return !text.empty() && text.size() <= 96 && llvm::isAlnum(text.front()) &&
         !text.contains("--") && !text.contains("..") &&
         llvm::all_of(text, [](char c) {
           return llvm::isAlnum(c) || c == '-' || c == '_' || c == '.';
         });
}

bool isInside(llvm::StringRef path) {
  llvm::SmallVector<llvm::StringRef> parts;
  path.split(parts, '/');
  return llvm::all_of(parts, [](llvm::StringRef part) {
    return !part.empty() && part != "." && part != ".." &&
           llvm::all_of(part, [](char c) {
             return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f &&
                    c != '\\';
           });
  });
}

static bool isRevision(llvm::StringRef text) {
  return text.size() <= 200 && isInside(text) && llvm::all_of(text, [](char c) {
           return llvm::isAlnum(c) || llvm::StringRef("-_./").contains(c);
         });
}

/// Beginnings that say that a name follows.
static constexpr llvm::StringLiteral prefixes[] = {"https://huggingface.co/",
                                                   "http://huggingface.co/",
                                                   "https://hf.co/",
                                                   "huggingface.co/",
                                                   "hf.co/",
                                                   "hf://",
                                                   "hf:"};

static std::optional<Name> parse(llvm::StringRef text) {
  if (text.ends_with(":") || text.ends_with("@"))
    return std::nullopt;
  Name name;
  llvm::StringRef file;
  std::tie(text, file) = text.split(':');
  name.file = file.str();
  llvm::SmallVector<llvm::StringRef> parts;
  text.split(parts, '/', /*MaxSplit=*/2);
  if (parts.size() < 2)
    return std::nullopt;
  llvm::StringRef revision;
  std::tie(parts[1], revision) = parts[1].split('@');
  if (!revision.empty())
    name.revision = revision.str();
  if (!isSegment(parts[0]) || !isSegment(parts[1]))
    return std::nullopt;
  name.repository = (parts[0] + "/" + parts[1]).str();
  if (parts.size() > 2) {
    llvm::StringRef rest = parts[2];
    bool isPage = false;
    for (llvm::StringRef page : {"tree/", "blob/", "resolve/"})
      isPage |= rest.consume_front(page);
    if (isPage) {
      auto [revision, file] = rest.split('/');
      name.revision = llvm::join(llvm::split(revision, "%2F"), "/");
      rest = file;
    }
    if (rest.ends_with(".gguf"))
      name.file = rest.str();
    else if (!rest.empty() && !isPage)
      return std::nullopt;
  }
  if (!isRevision(name.revision) ||
      (!name.file.empty() && !isInside(name.file)))
    return std::nullopt;
  return name;
}

llvm::Expected<std::optional<Name>> readName(llvm::StringRef text) {
  llvm::StringRef rest = text;
  for (llvm::StringRef prefix : prefixes) {
    if (!rest.consume_front(prefix))
      continue;
    if (prefix.contains("http"))
      rest = rest.take_until([](char c) { return c == '?' || c == '#'; });
    if (std::optional<Name> name = parse(rest.rtrim('/')))
      return name;
    return makeError(ExitCode::Usage,
                     text + ": expected a model as ORG/NAME, "
                            "ORG/NAME@REVISION or ORG/NAME:FILE.gguf");
  }
  if (text.contains("://"))
    return makeError(ExitCode::Usage,
                     text + ": expected a folder, a file, or a model of "
                            "https://huggingface.co");
  // Without a beginning of its own: ORG/NAME alone, never what looks like a
  // path to a file.
  llvm::StringRef model = text.split(':').first;
  if (model.count('/') != 1 || model.ends_with("/") || model.ends_with(".gguf"))
    return std::nullopt;
  return parse(text);
}

std::string shortName(const Name &name) {
  return llvm::StringRef(name.repository).split('/').second.str();
}

} // namespace tritc::hub
