//===- TuningCacheTest.cpp - Times of kernels, kept in a file -------------===//
#include "compiler/tuning/TuningCache.h"
#include "compiler/support/Error.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <gtest/gtest.h>

using namespace tritc;
using namespace tritc::tuning;

namespace {

/// A folder that goes with the test.
class Cache : public testing::Test {
protected:
  Cache() {
    (void)llvm::sys::fs::createUniqueDirectory("tritc-tuning", folder);
  }
  ~Cache() override { (void)llvm::sys::fs::remove_directories(folder); }

  std::string at(llvm::StringRef name) const {
    llvm::SmallString<128> path(folder);
    llvm::sys::path::append(path, name);
    return path.str().str();
  }

  const Timing sample{"1", "CPU \"X\"", 2,    "t", "k", 64,
                      96,  1.5e-6,      2e-7, 3e9, 4e9};
  std::string complaint;

private:
  llvm::SmallString<128> folder;
};

TEST_F(Cache, KeepsWhatWasPutInAFolderOfItsOwn) {
  TuningCache cache = TuningCache::read(at("new/times.json"), complaint);
  cache.put(sample);
  llvm::cantFail(cache.write());
  TuningCache again = TuningCache::read(at("new/times.json"), complaint);
  ASSERT_TRUE(again.find(sample));
  EXPECT_EQ(again.find(sample)->decode, 1.5e-6);
  EXPECT_EQ(again.find(sample)->prefill, 2e-7);
  EXPECT_EQ(complaint, "");
}

TEST_F(Cache, FindsOnlyTheSame) {
  TuningCache cache = TuningCache::read(at("times.json"), complaint);
  cache.put(sample);
  for (auto change : std::vector<void (*)(Timing &)>{
           [](Timing &t) { t.compiler = "2"; }, [](Timing &t) { t.cpu = "Y"; },
           [](Timing &t) { t.threads = 1; }, [](Timing &t) { t.target = "u"; },
           [](Timing &t) { t.kernel = "l"; }, [](Timing &t) { t.rows = 1; },
           [](Timing &t) { t.columns = 1; }}) {
    Timing other = sample;
    change(other);
    EXPECT_FALSE(cache.find(other));
  }
}

TEST_F(Cache, TheLaterTimeCounts) {
  TuningCache cache = TuningCache::read(at("times.json"), complaint);
  cache.put(sample);
  Timing later = sample;
  later.decode = 3;
  cache.put(later);
  EXPECT_EQ(cache.find(sample)->decode, 3);
}

TEST_F(Cache, WhatIsNoCacheIsCalledByItsNameAndNeitherUsedNorTouched) {
  struct {
    llvm::StringRef text, what;
  } const cases[] = {
      {"", "an empty file; download it again"},
      {"[]", "no list of timings"},
      {"{}", "no list of timings"},
      {"{\"timings\": 3}", "no list of timings"},
      {"{\"timings\": [{}]}", "no list of timings"},
      {"{\"timings\": [{\"compiler\": \"1\", \"cpu\": \"c\", \"threads\": 2, "
       "\"target\": \"t\", \"kernel\": \"k\", \"rows\": 1, \"columns\": 1, "
       "\"decode_seconds\": -1, \"prefill_seconds\": 1, "
       "\"bytes_per_second\": 1, \"products_per_second\": 1}]}",
       "no list of timings"},
      {"{\"timings\":", "[1:11, byte=11]: Unexpected EOF"},
      {"version https://git-lfs.github.com/spec/v1\n",
       "a Git LFS pointer; run git lfs pull"},
      {"<!DOCTYPE html><html>",
       "a web page (HTML); download the file itself, logged in where that is "
       "needed"},
      {"\x1f\x8b\x08", "a gzip archive; unpack it and give what is inside"}};
  for (auto [text, what] : cases) {
    std::error_code error;
    llvm::raw_fd_ostream(at("bad.json"), error) << text;
    complaint.clear();
    TuningCache cache = TuningCache::read(at("bad.json"), complaint);
    EXPECT_EQ(complaint, "'" + at("bad.json") + "' is no tuning cache (" +
                             what.str() + ") and is not used");
    cache.put(sample);
    llvm::cantFail(cache.write());
    uint64_t bytes = 0;
    EXPECT_FALSE(llvm::sys::fs::file_size(at("bad.json"), bytes));
    EXPECT_EQ(bytes, text.size());
  }
}

TEST_F(Cache, AFolderIsNoCache) {
  llvm::cantFail(
      llvm::errorCodeToError(llvm::sys::fs::create_directory(at("folder"))));
  TuningCache::read(at("folder"), complaint);
  EXPECT_EQ(complaint, "'" + at("folder") +
                           "' is no tuning cache (a folder) and is not used");
}

} // namespace
