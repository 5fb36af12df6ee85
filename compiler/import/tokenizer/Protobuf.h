//===- Protobuf.h - The fields of a message, one after the other ----------===//
//
// The wire format, as much of it as a file from a stranger needs: bounds on
// everything, groups refused, nothing allocated. SentencePiece's schema has
// five fields of interest, which is not worth a generated parser and
// libprotobuf in every tritc.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <optional>

namespace tritc::import {

struct ProtobufField {
  enum class Wire { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };
  uint32_t number = 0;
  Wire wire = Wire::Varint;
  uint64_t value = 0;    ///< of a varint or the bits of a fixed one
  llvm::StringRef bytes; ///< of a string, a message or a packed list

  float asFloat() const; ///< of Fixed32
};

class ProtobufReader {
public:
  /// \param offset  of `message` in `file`, for errors
  ProtobufReader(llvm::StringRef message, llvm::StringRef file,
                 uint64_t offset = 0)
      : whole(message), rest(message), file(file), offset(offset) {}

  /// The next field; nullopt at the end. ExitCode::Malformed with the byte for
  /// what is no message.
  llvm::Expected<std::optional<ProtobufField>> next();

  /// A reader of the message in `field`, which came from here.
  ProtobufReader inside(const ProtobufField &field) const {
    return {field.bytes, file,
            offset + uint64_t(field.bytes.data() - whole.data())};
  }

  /// "<file>: byte N: <what>".
  llvm::Error malformed(const llvm::Twine &what) const;

private:
  std::optional<uint64_t> varint();

  llvm::StringRef whole, rest;
  llvm::StringRef file;
  uint64_t offset;
};

} // namespace tritc::import
