//===- TokenizerDump.cpp - Print the ids of many texts --------------------===//
//
// tokenizer-dump --tokenizer PATH --texts FILE --special recognise|text
//                [--pre NAME]
// tokenizer-dump --list-pre
//
// PATH is a tokenizer file of any format, or a folder with one. FILE has one
// text per line: a JSON string, or {"hex": "..."} for bytes that are no UTF-8.
// Prints one line of ids per text, without BOS; test/reference/tokenizer.py has
// the same command line. --pre cuts text as NAME of a GGUF file says;
// --list-pre prints each NAME with what a tokenizer.json has for it.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/gguf/GgufPreTokenizers.h"
#include "compiler/import/tokenizer/Tokenizer.h"
#include "compiler/import/tokenizer/TokenizerTables.h"
#include "compiler/support/Error.h"
#include "compiler/support/Json.h"
#include "compiler/support/MappedFile.h"
#include "runtime/text/Tokenizer.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace tritc;
using llvm::StringRef;

static llvm::Expected<import::TokenizerModel> readModel(StringRef path) {
  if (llvm::sys::fs::is_directory(path))
    return import::readTokenizer(path, {});
  llvm::Expected<MappedFile> file = MappedFile::open(path);
  if (!file)
    return file.takeError();
  return import::parseTokenizer(file->text(), path, {});
}

static llvm::Expected<std::string> readText(StringRef line, StringRef file) {
  llvm::Expected<llvm::json::Value> value = parseJson(line, file);
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

/// "pre_tokenizer" of a tokenizer.json.
static llvm::json::Value stagesAsJson(const import::SplitStages &stages) {
  using llvm::json::Object;
  Object bytes{{"type", "ByteLevel"},
               {"add_prefix_space", false},
               {"trim_offsets", true},
               {"use_regex", false}};
  llvm::json::Array list;
  bool onBytes = false;
  for (const import::SplitStage &stage : stages) {
    if (stage.onBytes && !std::exchange(onBytes, true))
      list.push_back(Object(bytes));
    list.push_back(
        Object{{"type", "Split"},
               {"pattern", Object{{"Regex", stage.expression}}},
               {"behavior", stage.joinsMatches ? "Contiguous" : "Isolated"},
               {"invert", false}});
  }
  if (!onBytes)
    list.push_back(Object(bytes));
  return Object{{"type", "Sequence"}, {"pretokenizers", std::move(list)}};
}

static llvm::Error listPreTokenizers() {
  for (StringRef name : import::ggufPreTokenizerNames()) {
    import::TokenizerModel model;
    if (llvm::Error error = import::applyGgufPreTokenizer(name, "pre", model))
      return error;
    llvm::outs() << llvm::json::Value(llvm::json::Object{
                        {"name", name},
                        {"composes",
                         model.normalForm == import::NormalForm::NFC},
                        {"ignore_merges", model.wholePiece},
                        {"pre_tokenizer", stagesAsJson(model.split)}})
                 << '\n';
  }
  return llvm::Error::success();
}

static llvm::Error dump(StringRef tokenizerPath, StringRef textsPath,
                        text::SpecialTokens special, StringRef pre) {
  auto model = readModel(tokenizerPath);
  if (!model)
    return model.takeError();
  if (!pre.empty())
    if (llvm::Error error = import::applyGgufPreTokenizer(pre, "--pre", *model))
      return error;
  auto texts = MappedFile::open(textsPath);
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
    base::Array<int32_t> ids;
    tokenizer.encode(*text, special, ids);
    llvm::interleave(ids, llvm::outs(), " ");
    llvm::outs() << '\n';
  }
  return llvm::Error::success();
}

static int usage() {
  llvm::errs() << "usage: tokenizer-dump --tokenizer PATH --texts FILE "
                  "--special recognise|text [--pre NAME]\n"
                  "       tokenizer-dump --list-pre\n";
  return static_cast<int>(ExitCode::Usage);
}

static int finish(llvm::Error error) {
  Failure failure = toFailure(std::move(error));
  if (failure.code != ExitCode::Ok)
    llvm::errs() << failure.message << '\n';
  return static_cast<int>(failure.code);
}

int main(int argc, char **argv) {
  if (argc == 2 && StringRef(argv[1]) == "--list-pre")
    return finish(listPreTokenizers());
  if ((argc != 7 && argc != 9) || StringRef(argv[1]) != "--tokenizer" ||
      StringRef(argv[3]) != "--texts" || StringRef(argv[5]) != "--special" ||
      (argc == 9 && StringRef(argv[7]) != "--pre"))
    return usage();
  StringRef special = argv[6], pre = argc == 9 ? argv[8] : "";
  if (special != "recognise" && special != "text")
    return usage();
  return finish(dump(argv[2], argv[4],
                     special == "text" ? text::SpecialTokens::AsText
                                       : text::SpecialTokens::Recognise,
                     pre));
}
