//===- TokenizerModelProto.cpp - A SentencePiece tokenizer.model ----------===//
//
// Field numbers are those of sentencepiece_model.proto. Fields that change what
// a text becomes are understood or refused; all others are skipped.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/tokenizer/Protobuf.h"
#include "compiler/import/tokenizer/TokenizerSentencePiece.h"
#include "compiler/support/Error.h"

#include "llvm/ADT/STLFunctionalExtras.h"

using llvm::StringRef;
using llvm::Twine;

namespace tritc::import {

namespace {

/// What trainer_spec and normalizer_spec say, with the defaults of the schema.
struct Rules {
  uint64_t modelType = 1; ///< 1 unigram, 2 BPE
  bool spaceIsSuffix = false;
  int32_t bos = 1, eos = 2;
  bool hasCharacterMap = false;
  bool addsSpace = true;
  bool removesSpaces = true;
  bool escapesSpaces = true;
};

using Wire = ProtobufField::Wire;

class ModelProto {
public:
  ModelProto(StringRef bytes, StringRef file) : bytes(bytes), file(file) {}

  llvm::Error read();
  llvm::Error checkRules() const;

  std::vector<SentencePiece> pieces;
  Rules rules;

private:
  using Visitor = llvm::function_ref<llvm::Error(const ProtobufReader &,
                                                 const ProtobufField &)>;
  static llvm::Error forFields(ProtobufReader reader, Visitor visit);
  llvm::Error readPiece(ProtobufReader reader);
  llvm::Error readTrainer(ProtobufReader reader);
  llvm::Error readNormalizer(ProtobufReader reader);

  StringRef bytes;
  StringRef file;
};

} // namespace

llvm::Error ModelProto::forFields(ProtobufReader reader, Visitor visit) {
  while (true) {
    llvm::Expected<std::optional<ProtobufField>> field = reader.next();
    if (!field)
      return field.takeError();
    if (!*field)
      return llvm::Error::success();
    if (llvm::Error error = visit(reader, **field))
      return error;
  }
}

static llvm::Error expectWire(const ProtobufReader &reader,
                              const ProtobufField &field, Wire wire) {
  if (field.wire == wire)
    return llvm::Error::success();
  return reader.malformed("expected wire type " + Twine(int(wire)) +
                          " for field " + Twine(field.number) + ", found " +
                          Twine(int(field.wire)));
}

llvm::Error ModelProto::readPiece(ProtobufReader reader) {
  SentencePiece &piece = pieces.emplace_back();
  return forFields(
      reader,
      [&](const ProtobufReader &at, const ProtobufField &field) -> llvm::Error {
        switch (field.number) {
        case 1:
          piece.text = field.bytes.str();
          return expectWire(at, field, Wire::Bytes);
        case 2:
          piece.score = field.asFloat();
          return expectWire(at, field, Wire::Fixed32);
        case 3:
          piece.type = uint32_t(std::min<uint64_t>(field.value, UINT32_MAX));
          return expectWire(at, field, Wire::Varint);
        default:
          return llvm::Error::success();
        }
      });
}

llvm::Error ModelProto::readTrainer(ProtobufReader reader) {
  return forFields(
      reader,
      [&](const ProtobufReader &at, const ProtobufField &field) -> llvm::Error {
        switch (field.number) {
        case 3:
          rules.modelType = field.value;
          break;
        case 24:
          rules.spaceIsSuffix = field.value != 0;
          break;
        case 41:
          rules.bos = int32_t(field.value);
          break;
        case 42:
          rules.eos = int32_t(field.value);
          break;
        default:
          return llvm::Error::success();
        }
        return expectWire(at, field, Wire::Varint);
      });
}

llvm::Error ModelProto::readNormalizer(ProtobufReader reader) {
  return forFields(
      reader,
      [&](const ProtobufReader &at, const ProtobufField &field) -> llvm::Error {
        switch (field.number) {
        case 2:
          rules.hasCharacterMap = !field.bytes.empty();
          return expectWire(at, field, Wire::Bytes);
        case 3:
          rules.addsSpace = field.value != 0;
          break;
        case 4:
          rules.removesSpaces = field.value != 0;
          break;
        case 5:
          rules.escapesSpaces = field.value != 0;
          break;
        default:
          return llvm::Error::success();
        }
        return expectWire(at, field, Wire::Varint);
      });
}

llvm::Error ModelProto::read() {
  return forFields(
      ProtobufReader(bytes, file),
      [&](const ProtobufReader &at, const ProtobufField &field) -> llvm::Error {
        if (field.number > 3)
          return llvm::Error::success();
        if (llvm::Error error = expectWire(at, field, Wire::Bytes))
          return error;
        ProtobufReader inside = at.inside(field);
        return field.number == 1   ? readPiece(inside)
               : field.number == 2 ? readTrainer(inside)
                                   : readNormalizer(inside);
      });
}

llvm::Error ModelProto::checkRules() const {
  auto unsupported = [&](const Twine &what) {
    return makeError(ExitCode::Unreadable, file + ": " + what);
  };
  if (rules.modelType != 2)
    return unsupported("trainer_spec.model_type: not supported, expected 2 "
                       "(BPE), found " +
                       Twine(rules.modelType));
  if (rules.spaceIsSuffix)
    return unsupported("trainer_spec.treat_whitespace_as_suffix: not "
                       "supported, expected false");
  if (rules.hasCharacterMap)
    return unsupported("normalizer_spec.precompiled_charsmap: not supported, "
                       "expected an identity");
  if (rules.removesSpaces)
    return unsupported("normalizer_spec.remove_extra_whitespaces: not "
                       "supported, expected false");
  if (!rules.escapesSpaces)
    return unsupported("normalizer_spec.escape_whitespaces: not supported, "
                       "expected true");
  if (pieces.empty())
    return makeError(ExitCode::Malformed, file + ": expected pieces of a "
                                                 "vocabulary, found none");
  return llvm::Error::success();
}

llvm::Expected<TokenizerModel>
parseSentencePiece(StringRef bytes, StringRef file,
                   const TokenizerContext &context) {
  ModelProto proto(bytes, file);
  if (llvm::Error error = proto.read())
    return std::move(error);
  if (llvm::Error error = proto.checkRules())
    return std::move(error);
  llvm::Expected<TokenizerModel> model =
      modelOfPieces(proto.pieces, file, context);
  if (!model)
    return model.takeError();
  auto idOf = [&](int32_t id) -> std::optional<uint32_t> {
    if (id < 0 || uint32_t(id) >= model->tokens.size())
      return std::nullopt;
    return uint32_t(id);
  };
  model->bos = idOf(proto.rules.bos);
  model->eos = idOf(proto.rules.eos);
  model->spacePrefix =
      proto.rules.addsSpace ? SpacePrefix::AtStart : SpacePrefix::Nowhere;
  return model;
}

} // namespace tritc::import
