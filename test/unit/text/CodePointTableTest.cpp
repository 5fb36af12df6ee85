//===- CodePointTableTest.cpp - A value for every code point --------------===//

#include "compiler/import/tokenizer/CodePointTable.h"

#include <gtest/gtest.h>

namespace tritc::import {
namespace {

constexpr size_t size = TRITC_CODE_POINT_BLOCK;

TEST(CodePointTable, KeepsEqualBlocksOnce) {
  CodePointTable<uint16_t> table;
  table.append(3 * size, 7);
  table.append(size, 9);
  table.append(2 * size, 7);
  EXPECT_EQ(table.index(), (std::vector<uint16_t>{0, 0, 0, 1, 0, 0}));
  EXPECT_EQ(table.blocks().size(), 2 * size);
}

TEST(CodePointTable, HasTheValueOfEachRunWhereverItBegins) {
  CodePointTable<uint8_t> table;
  table.append(size - 1, 1);
  table.append(2 * size + 2, 2);
  table.append(size - 1, 3);
  EXPECT_EQ(table.index(), (std::vector<uint16_t>{0, 1, 1, 2}));
  EXPECT_EQ(table[size - 2], 1);
  EXPECT_EQ(table[size - 1], 2);
  EXPECT_EQ(table[3 * size], 2);
  EXPECT_EQ(table[3 * size + 1], 3);
}

} // namespace
} // namespace tritc::import
