//===- TokenizerDump.cpp - Print the ids of many texts --------------------===//
//
// tokenizer-dump --tokenizer PATH --texts FILE --special recognise|text
//
// PATH is a tokenizer file of any format, or a folder with one. FILE has one
// text per line: a JSON string, or {"hex": "..."} for bytes that are no UTF-8.
// Prints one line of ids per text, without BOS; test/reference/tokenizer.py has
// the same command line.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/Error.h"
#include "compiler/import/Json.h"
#include "compiler/import/MappedFile.h"
#include "compiler/import/Tokenizer.h"
#include "compiler/import/TokenizerTables.h"
#include "runtime/text/Tokenizer.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace tritc;
using llvm::StringRef;

static llvm::Expected<import::TokenizerModel> readModel(StringRef path) {
  if (llvm::sys::fs::is_directory(path))
    return import::readTokenizer(path, {});
  llvm::Expected<import::MappedFile> file = import::MappedFile::open(path);
  if (!file)
    return file.takeError();
  return import::parseTokenizer(file->text(), path, {});
}

static llvm::Expected<std::string> readText(StringRef line, StringRef file) {
  llvm::Expected<llvm::json::Value> value = import::parseJson(line, file);
  if (!value)
    return value.takeError();
  if (std::optional<StringRef> text = value->getAsString())
    return text->str();
  const llvm::json::Object *object = value->getAsObject();
  std::string bytes;
  if (!object ||
      !llvm::tryGetFromHex(object->getString("hex").value_or("?"), bytes))
    return makeError(ExitCode::Malformed, file + ": expected a string or hex");
  return bytes;
}

static llvm::Error dump(StringRef tokenizerPath, StringRef textsPath,
                        text::SpecialTokens special) {
  auto model = readModel(tokenizerPath);
  if (!model)
    return model.takeError();
  auto texts = import::MappedFile::open(textsPath);
  if (!texts)
    return texts.takeError();
  std::vector<uint8_t> tables = import::buildTokenizerTables(*model);
  text::Tokenizer tokenizer(tables.data());
  StringRef rest = texts->text();
  while (!rest.empty()) {
    StringRef line;
    std::tie(line, rest) = rest.split('\n');
    llvm::Expected<std::string> text = readText(line, textsPath);
    if (!text)
      return text.takeError();
    exec::Array<int32_t> ids;
    tokenizer.encode(*text, special, ids);
    llvm::interleave(ids, llvm::outs(), " ");
    llvm::outs() << '\n';
  }
  return llvm::Error::success();
}

int main(int argc, char **argv) {
  StringRef special = argc == 7 ? argv[6] : "";
  if ((special != "recognise" && special != "text") ||
      StringRef(argv[1]) != "--tokenizer" || StringRef(argv[3]) != "--texts" ||
      StringRef(argv[5]) != "--special") {
    llvm::errs() << "usage: tokenizer-dump --tokenizer PATH --texts FILE "
                    "--special recognise|text\n";
    return static_cast<int>(ExitCode::Usage);
  }
  Failure failure =
      toFailure(dump(argv[2], argv[4],
                     special == "text" ? text::SpecialTokens::AsText
                                       : text::SpecialTokens::Recognise));
  if (failure.code != ExitCode::Ok)
    llvm::errs() << failure.message << '\n';
  return static_cast<int>(failure.code);
}
