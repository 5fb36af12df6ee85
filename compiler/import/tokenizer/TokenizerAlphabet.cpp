//===- TokenizerAlphabet.cpp - Bytes as printable characters --------------===//

#include "compiler/import/tokenizer/TokenizerAlphabet.h"

#include "llvm/ADT/STLExtras.h"

#include <array>

namespace tritc::import {

static bool standsForItself(unsigned byte) {
  return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) ||
         byte >= 174;
}

/// By code point below U+0144: the byte it stands for, or -1.
static std::array<int16_t, 0x144> makeAlphabet() {
  std::array<int16_t, 0x144> bytes;
  bytes.fill(-1);
  int16_t next = 0x100;
  for (int16_t byte = 0; byte < 256; ++byte)
    bytes[standsForItself(byte) ? byte : next++] = byte;
  return bytes;
}

static const std::array<int16_t, 0x144> &alphabetBytes() {
  static const std::array<int16_t, 0x144> bytes = makeAlphabet();
  return bytes;
}

uint32_t alphabetCharacter(uint8_t byte) {
  const auto &bytes = alphabetBytes();
  return uint32_t(llvm::find(bytes, byte) - bytes.begin());
}

std::optional<std::string> decodeAlphabet(llvm::StringRef text) {
  const auto &alphabet = alphabetBytes();
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    uint8_t lead = static_cast<uint8_t>(text[i]);
    size_t codePoint = lead;
    if (lead >= 0x80) {
      if (lead < 0xc2 || lead >= 0xe0 || i + 1 == text.size())
        return std::nullopt;
      uint8_t next = static_cast<uint8_t>(text[++i]);
      if ((next & 0xc0) != 0x80)
        return std::nullopt;
      codePoint = (lead & 0x1fu) << 6 | (next & 0x3f);
    }
    if (codePoint >= alphabet.size() || alphabet[codePoint] < 0)
      return std::nullopt;
    bytes.push_back(static_cast<char>(alphabet[codePoint]));
  }
  return bytes;
}

static std::array<bool, 256> bytesWithToken(const TokenizerModel &model) {
  std::array<bool, 256> covered = {};
  for (size_t byte = 0; byte < model.byteTokens.size(); ++byte)
    covered[byte] = model.byteTokens[byte] != UINT32_MAX;
  for (size_t id = 0; id < model.tokens.size(); ++id)
    if (model.byteTokens.empty() && model.isPiece[id] &&
        model.tokens[id].size() == 1)
      covered[static_cast<uint8_t>(model.tokens[id][0])] = true;
  return covered;
}

bool hasByteToken(const TokenizerModel &model) {
  return llvm::is_contained(bytesWithToken(model), true);
}

bool hasAllBytesOfText(const TokenizerModel &model) {
  std::array<bool, 256> covered = bytesWithToken(model);
  for (unsigned byte = 0; byte < covered.size(); ++byte) {
    bool isOfText = byte < 0xc0 || (byte > 0xc1 && byte < 0xf5);
    if (isOfText && !covered[byte])
      return false;
  }
  return true;
}

} // namespace tritc::import
