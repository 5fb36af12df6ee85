//===- TokenizerAlphabet.h - Bytes as printable characters ----------------===//
//
// Vocabularies of byte-level BPE are written in an alphabet that gives every
// byte a printable character (GPT-2's): bytes 33-126, 161-172, 174-255 stand
// for themselves, the other 68, in order, are U+0100 to U+0143.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/tokenizer/TokenizerModel.h"

namespace tritc::import {

/// The bytes that `text` stands for; nullopt if it is not of the alphabet.
std::optional<std::string> decodeAlphabet(llvm::StringRef text);

/// The character that stands for `byte`.
uint32_t alphabetCharacter(uint8_t byte);

/// Has some byte a token: a piece that consists of it alone or, with
/// SentencePiece, a byte token? A text without has no ids at all.
bool hasByteToken(const TokenizerModel &model);

/// Has every byte that UTF-8 uses a token? Then every text has ids.
bool hasAllBytesOfText(const TokenizerModel &model);

} // namespace tritc::import
