//===- Protobuf.cpp - The fields of a message, one after the other --------===//

#include "compiler/import/tokenizer/Protobuf.h"

#include "compiler/support/Error.h"

#include "llvm/Support/Endian.h"

#include <bit>

namespace tritc::import {

float ProtobufField::asFloat() const {
  return std::bit_cast<float>(uint32_t(value));
}

llvm::Error ProtobufReader::malformed(const llvm::Twine &what) const {
  return makeError(ExitCode::Malformed,
                   file + ": byte " +
                       llvm::Twine(offset + whole.size() - rest.size()) + ": " +
                       what);
}

/// Seven bits a byte, low ones first, at most 64 of them.
std::optional<uint64_t> ProtobufReader::varint() {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 70 && !rest.empty(); shift += 7) {
    uint8_t byte = uint8_t(rest.front());
    if (shift == 63 && byte > 1)
      return std::nullopt;
    rest = rest.drop_front();
    value |= uint64_t(byte & 0x7f) << shift;
    if (!(byte & 0x80))
      return value;
  }
  return std::nullopt;
}

llvm::Expected<std::optional<ProtobufField>> ProtobufReader::next() {
  if (rest.empty())
    return std::optional<ProtobufField>();
  std::optional<uint64_t> tag = varint();
  if (!tag || *tag >> 3 == 0 || *tag >> 3 > UINT32_MAX >> 3)
    return malformed("expected a field of a protobuf message");
  ProtobufField field;
  field.number = uint32_t(*tag >> 3);
  field.wire = ProtobufField::Wire(*tag & 7);
  uint64_t length = 0;
  switch (field.wire) {
  case ProtobufField::Wire::Varint: {
    std::optional<uint64_t> value = varint();
    if (!value)
      return malformed("expected a number of at most 64 bits");
    field.value = *value;
    return field;
  }
  case ProtobufField::Wire::Fixed64:
    length = 8;
    break;
  case ProtobufField::Wire::Fixed32:
    length = 4;
    break;
  case ProtobufField::Wire::Bytes: {
    std::optional<uint64_t> size = varint();
    if (!size)
      return malformed("expected a length of at most 64 bits");
    length = *size;
    break;
  }
  default:
    return malformed("expected a wire type 0, 1, 2 or 5, found " +
                     llvm::Twine(*tag & 7));
  }
  if (length > rest.size())
    return malformed("expected " + llvm::Twine(length) + " bytes, found " +
                     llvm::Twine(rest.size()));
  field.bytes = rest.take_front(length);
  rest = rest.drop_front(length);
  if (field.wire == ProtobufField::Wire::Fixed64)
    field.value = llvm::support::endian::read64le(field.bytes.data());
  if (field.wire == ProtobufField::Wire::Fixed32)
    field.value = llvm::support::endian::read32le(field.bytes.data());
  return field;
}

} // namespace tritc::import
