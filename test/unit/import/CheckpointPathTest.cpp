//===- CheckpointPathTest.cpp - Folders that people give ------------------===//

#include "compiler/import/safetensors/CheckpointPath.h"
#include "compiler/import/Checkpoint.h"
#include "test/unit/import/TestFiles.h"

#include <sys/stat.h>

namespace tritc::import {
namespace {

using test::TempDirectory;
using test::TestModel;

void makeFolder(const TempDirectory &directory, const char *name) {
  ASSERT_EQ(::mkdir(directory.path(name).c_str(), 0700), 0);
}

/// A model of the Hugging Face cache with these snapshots, which are empty.
struct CachedModel {
  TempDirectory directory;
  std::string root = "models--org--tiny-model";

  explicit CachedModel(std::initializer_list<const char *> snapshots) {
    makeFolder(directory, root.c_str());
    makeFolder(directory, (root + "/refs").c_str());
    makeFolder(directory, (root + "/blobs").c_str());
    makeFolder(directory, (root + "/snapshots").c_str());
    for (const char *name : snapshots)
      makeFolder(directory, (root + "/snapshots/" + name).c_str());
  }
  std::string path() const { return directory.path(root); }
};

TEST(CheckpointPath, is_the_only_snapshot_of_a_cached_model) {
  CachedModel cached({"0a1b"});
  llvm::Expected<std::string> found = findSnapshot(cached.path());
  ASSERT_TRUE(bool(found));
  EXPECT_EQ(*found, cached.path() + "/snapshots/0a1b");

  TestModel model = TestModel::packed();
  TempDirectory plain;
  model.write(plain);
  EXPECT_EQ(*findSnapshot(plain.path()), plain.path());
  for (const char *name : {"config.json", "model.safetensors"})
    ASSERT_EQ(
        ::symlink(plain.path(name).c_str(), (*found + "/" + name).c_str()), 0);
  auto checkpoint = Checkpoint::open(cached.path());
  ASSERT_TRUE(bool(checkpoint)) << toFailure(checkpoint.takeError()).message;
  EXPECT_EQ((*checkpoint)->config().name, "org/tiny-model");
}

TEST(CheckpointPath, rejects_several_snapshots_by_name) {
  CachedModel cached({"0a1b", "2c3d"});
  cached.directory.write(cached.root + "/refs/main", "2c3d");
  EXPECT_FAILURE(Checkpoint::open(cached.path()), ExitCode::Unreadable,
                 "expected one snapshot, found 2 (0a1b, 2c3d), of which 2c3d "
                 "is main; give the folder of one");
}

TEST(CheckpointPath, rejects_a_cached_model_without_snapshots) {
  CachedModel cached({});
  EXPECT_FAILURE(Checkpoint::open(cached.path()), ExitCode::Unreadable,
                 "expected a snapshot, found none");
}

TEST(CheckpointPath, tells_of_an_unfinished_download) {
  CachedModel cached({"0a1b"});
  cached.directory.write(cached.root + "/blobs/f00d.incomplete", "x");
  cached.directory.write(cached.root + "/snapshots/0a1b/README.md", "x");
  EXPECT_FAILURE(Checkpoint::open(cached.path()), ExitCode::Unreadable,
                 "config.json: missing, expected a checkpoint, found an "
                 "unfinished download (f00d.incomplete); run the download "
                 "again");
}

TEST(CheckpointPath, tells_what_a_folder_has_instead) {
  const std::pair<const char *, const char *> cases[] = {
      {"pytorch_model.bin", "pickles, which would run programs"},
      {"consolidated.00.pth", "convert them to safetensors"},
      {"model.onnx", "ONNX (model.onnx)"},
      {"model.safetensors.incomplete", "an unfinished download"},
      {"model.zip", "an archive (model.zip); unpack it"},
  };
  for (const auto &[name, found] : cases) {
    TempDirectory directory;
    EXPECT_FAILURE(Checkpoint::open(directory.path()), ExitCode::Unreadable,
                   "config.json: missing, expected a checkpoint, found an "
                   "empty folder");
    directory.write(name, "x");
    EXPECT_FAILURE(Checkpoint::open(directory.path()), ExitCode::Unreadable,
                   found);
    directory.write("config.json", TestModel::packed().configText());
    EXPECT_FAILURE(Checkpoint::open(directory.path()), ExitCode::Unreadable,
                   "found neither, but ");
    EXPECT_FAILURE(Checkpoint::open(directory.path()), ExitCode::Unreadable,
                   found);
  }
}

TEST(CheckpointPath, tells_of_weights_without_config) {
  TempDirectory directory;
  TestModel::packed().write(directory);
  ::unlink(directory.path("config.json").c_str());
  EXPECT_FAILURE(Checkpoint::open(directory.path()), ExitCode::Unreadable,
                 "config.json: missing, expected a checkpoint, found weights "
                 "alone (model.safetensors); they need the config.json");
}

TEST(CheckpointPath, tells_of_the_folder_inside) {
  TempDirectory directory;
  makeFolder(directory, "inner");
  directory.write("inner/config.json", "{}");
  EXPECT_FAILURE(Checkpoint::open(directory.path()), ExitCode::Unreadable,
                 "a folder that has one (inner); give that");
}

TEST(CheckpointPath, tells_of_packed_weights_that_config_does_not_explain) {
  TempDirectory directory;
  TestModel model = TestModel::packed();
  model.config.erase("quantization_config");
  model.write(directory);
  EXPECT_FAILURE(Checkpoint::open(directory.path()), ExitCode::Malformed,
                 "packed weights need the quantization_config");
}

} // namespace
} // namespace tritc::import
