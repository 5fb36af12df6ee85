//===- IndexTest.cpp - Lists of files, and what is chosen of them ---------===//

#include "compiler/hub/Index.h"

#include "compiler/support/Error.h"

#include "llvm/ADT/StringExtras.h"

#include "gtest/gtest.h"

using namespace tritc;
using namespace tritc::hub;

static std::string chosen(std::vector<std::string> paths,
                          std::string file = "") {
  Name name;
  name.repository = "acme/b";
  name.file = std::move(file);
  llvm::Expected<Choice> choice = choose(name, paths);
  if (!choice)
    return toFailure(choice.takeError()).message;
  return choice->entry + ": " + llvm::join(choice->paths, " ");
}

TEST(Choose, TakesACheckpointWithItsWeightsLast) {
  EXPECT_EQ(chosen({"a.onnx", "model.safetensors", "config.json", "x.gguf",
                    "1_Pooling/config.json", "pytorch_model.bin",
                    "tokenizer.json", "onnx/config.json"}),
            ": 1_Pooling/config.json config.json tokenizer.json "
            "model.safetensors");
}

TEST(Choose, TakesTheOnlyGgufFile) {
  EXPECT_EQ(chosen({"README.md", "x.gguf"}), "x.gguf: x.gguf");
  EXPECT_EQ(chosen({"x-00002-of-00002.gguf", "x-00001-of-00002.gguf"}),
            "x-00001-of-00002.gguf: x-00001-of-00002.gguf "
            "x-00002-of-00002.gguf");
}

TEST(Choose, TakesTheGgufFileThatIsMeant) {
  EXPECT_EQ(chosen({"a-TQ1_0.gguf", "a-I2_S.gguf"}, "i2_s"),
            "a-I2_S.gguf: a-I2_S.gguf");
  EXPECT_EQ(chosen({"a.gguf", "sub/a.gguf"}, "a.gguf"), "a.gguf: a.gguf");
  EXPECT_EQ(chosen({"config.json", "m.safetensors", "a.gguf"}, "a.gguf"),
            "a.gguf: a.gguf");
}

TEST(Choose, RefusesWhatIsNotOne) {
  EXPECT_EQ(chosen({"a.gguf", "b.gguf"}),
            "acme/b: expected one GGUF file, found a.gguf, b.gguf; choose one "
            "with acme/b:FILE");
  EXPECT_EQ(chosen({"a.gguf"}, "c.gguf"),
            "acme/b: expected one GGUF file 'c.gguf', found a.gguf");
  EXPECT_EQ(chosen({"x-00001-of-00002.gguf"}),
            "acme/b: x-00002-of-00002.gguf: expected a file, found none");
  EXPECT_EQ(chosen({"pytorch_model.bin", "config.json"}),
            "acme/b: expected config.json with safetensors, or a GGUF file, "
            "found neither");
}

static std::string list(llvm::StringRef json) {
  std::vector<File> files;
  if (llvm::Error error = readTree(json, "list", files)) {
    Failure failure = toFailure(std::move(error));
    EXPECT_EQ(failure.code, ExitCode::Malformed);
    return failure.message;
  }
  std::string text;
  for (const File &file : files)
    text += file.path + " " + std::to_string(file.size) + " " +
            file.blob.substr(0, 2) + ";";
  return text;
}

TEST(Tree, HasSizesAndHashesOfWhatMatters) {
  std::string git(40, 'a'), sha(64, 'b');
  EXPECT_EQ(
      list(R"([{"type":"directory","path":"d","oid":"x","size":0},)"
           R"({"type":"file","path":"a.bin"},)"
           R"({"type":"file","path":"config.json","size":7,"oid":")" +
           git +
           R"("},{"type":"file","path":"m.safetensors","size":1,"oid":")" +
           git + R"(","lfs":{"size":9,"oid":")" + sha + R"("}}])"),
      "config.json 7 aa;m.safetensors 9 bb;");
}

TEST(Tree, RefusesWhatIsNoList) {
  EXPECT_EQ(list("{}"), "list: expected a list of files, found an object");
  EXPECT_EQ(list("[1]"), "list: expected a file, found 1");
  EXPECT_EQ(list(R"([{"type":"file","path":"/etc/config.json"}])"),
            "list: expected a file inside the model, found '/etc/config.json'");
  EXPECT_EQ(list(R"([{"type":"file","path":"config.json","size":-1}])"),
            "list: config.json: expected a size, found none");
  EXPECT_EQ(
      list(R"([{"type":"file","path":"config.json","size":1,"oid":"/"}])"),
      "list: config.json: expected a hash, found none");
}
