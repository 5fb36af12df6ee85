//===- FileKind.cpp - What a file is, if not what its name says -----------===//

#include "compiler/support/FileKind.h"

#include "compiler/support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"

namespace tritc {

namespace {
/// What a file is that has these bytes at this place, and what to do about it.
struct Signature {
  llvm::StringLiteral bytes;
  llvm::StringLiteral kind;
  llvm::StringLiteral advice;
  size_t place = 0;
};
} // namespace

static constexpr llvm::StringLiteral
    pullIt = "run git lfs pull",
    unpackIt = "unpack it and give what is inside",
    convertIt = "convert it to safetensors",
    convertAnew = "take a GGUF file, or convert the model anew",
    pickle = "a pickle, which would run programs of its own while it is read",
    oldGgml = "a GGML file, older than GGUF";

static constexpr Signature signatures[] = {
    {"version https://git-lfs", "a Git LFS pointer", pullIt},
    {"version https://hawser", "a Git LFS pointer", pullIt},
    {"GGUF", "a GGUF file", "it is a checkpoint of its own"},
    {"lmgg", oldGgml, convertAnew},
    {"fmgg", oldGgml, convertAnew},
    {"tjgg", oldGgml, convertAnew},
    {"algg", "a GGML adapter", "merge it into the model it is for"},
    {"\x80\x02", pickle, convertIt},
    {"\x80\x03", pickle, convertIt},
    {"\x80\x04", pickle, convertIt},
    {"\x80\x05", pickle, convertIt},
    {"PK\x05\x06", "an empty zip archive", "download it again"},
    {"\x1f\x8b", "a gzip archive", unpackIt},
    {"BZh", "a bzip2 archive", unpackIt},
    {"\xfd"
     "7zXZ",
     "an xz archive", unpackIt},
    {"\x28\xb5\x2f\xfd", "a zstd archive", unpackIt},
    {"\x04\x22\x4d\x18", "an lz4 archive", unpackIt},
    {"7z\xbc\xaf\x27\x1c", "a 7z archive", unpackIt},
    {"Rar!\x1a\x07", "a rar archive", unpackIt},
    {"ustar", "a tar archive", unpackIt, 257},
    {"\x89HDF", "an HDF5 file", convertIt},
    {"\x93NUMPY", "an array of NumPy", convertIt},
    {"TFL3", "a TFLite file", convertIt, 4},
    {"\x7f"
     "ELF",
     "a program", "if tritc made it, run it"},
};

/// What servers answer instead of a file, in small letters.
static constexpr llvm::StringLiteral serverErrors[] = {
    "entry not found",   "not found",       "404",
    "repository not",    "revision not",    "401",
    "invalid username",  "unauthorized",    "403",
    "access to model",   "access denied",   "forbidden",
    "too many requests", "internal server", "bad gateway",
};

static bool startsWithAny(llvm::StringRef text,
                          llvm::ArrayRef<llvm::StringLiteral> beginnings) {
  return llvm::any_of(beginnings, [&](llvm::StringRef beginning) {
    return text.starts_with_insensitive(beginning);
  });
}

/// The beginning of `text` for a message.
static std::string quoted(llvm::StringRef text) {
  constexpr size_t shown = 40;
  text = text.take_until([](char c) { return c == '\n' || c == '\r'; });
  return ("'" + text.take_front(shown) + (text.size() > shown ? "...'" : "'"))
      .str();
}

/// A zip archive: what PyTorch saves is one, with a pickle in it.
static std::string zipKind(llvm::StringRef bytes) {
  bool isTorch = bytes.take_front(256).contains("/data.pkl");
  return isTorch ? (pickle + " (of PyTorch); " + convertIt).str()
                 : ("a zip archive; " + unpackIt).str();
}

/// ONNX is a message of protobuf: its version, then who made it, or a graph.
static bool isOnnx(llvm::StringRef bytes) {
  return bytes.size() > 4 && bytes[0] == 8 && bytes[1] > 0 && bytes[1] < 32 &&
         (bytes[2] == 0x12 || bytes[2] == 0x3a);
}

static bool isSafetensors(llvm::StringRef bytes) {
  return bytes.size() > 9 && bytes[8] == '{' &&
         llvm::support::endian::read64le(bytes.data()) < (1 << 30);
}

/// Whether two bytes are an ASCII character in UTF-16, in either order.
static bool isAsciiPair(char first, char second) {
  auto isAscii = [](char c) { return llvm::isPrint(c) || llvm::isSpace(c); };
  return (first == 0 && isAscii(second)) || (second == 0 && isAscii(first));
}

static bool isUtf16(llvm::StringRef bytes) {
  return bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff") ||
         (bytes.size() > 3 && isAsciiPair(bytes[0], bytes[1]) &&
          isAsciiPair(bytes[2], bytes[3]));
}

/// A text that a server sent, or empty.
static std::string serverText(llvm::StringRef text) {
  text.consume_front("\xef\xbb\xbf");
  text = text.ltrim();
  static constexpr llvm::StringLiteral pages[] = {"<!doctype", "<html", "<head",
                                                  "<body", "<script"};
  if (startsWithAny(text, pages))
    return "a web page (HTML); download the file itself, logged in where that "
           "is needed";
  llvm::StringRef start = text.take_front(512);
  if (startsWithAny(text, {"<?xml", "<error"}))
    return "an XML text, which servers send instead of a file; download it "
           "again";
  bool isJsonError = start.starts_with("{") &&
                     start.drop_front(1).ltrim().starts_with("\"error\"");
  if (text.size() < 2048 && (isJsonError || startsWithAny(text, serverErrors)))
    return "an error message, " + quoted(text) + "; download it again";
  return "";
}

std::string fileKind(llvm::StringRef bytes, Expects expects) {
  if (bytes.empty())
    return "an empty file; download it again";
  for (const Signature &signature : signatures)
    if (bytes.substr(signature.place).starts_with(signature.bytes))
      return (signature.kind + "; " + signature.advice).str();
  if (bytes.starts_with("PK\x03\x04"))
    return zipKind(bytes);
  llvm::StringRef start = bytes.take_front(4096);
  if (start.size() >= 64 &&
      start.find_first_not_of('\0') == llvm::StringRef::npos)
    return "zeros, as an unfinished download leaves; download it again";
  if (isOnnx(bytes))
    return ("an ONNX file; " + convertIt).str();
  if (isSafetensors(bytes))
    return "a safetensors file; give the directory that it belongs to, with "
           "its config.json";
  if (isUtf16(bytes))
    return "a text in UTF-16; save it as UTF-8";
  if (std::string sent = serverText(bytes); !sent.empty())
    return sent;
  bool isText = llvm::all_of(start, [](char c) {
    return llvm::isPrint(c) || llvm::isSpace(c) || (c & 0x80);
  });
  if (expects == Expects::Bytes && isText)
    return "a text, " + quoted(bytes.ltrim());
  return "";
}

llvm::Error checkFileKind(llvm::StringRef bytes, const llvm::Twine &file,
                          llvm::StringRef wanted, Expects expects) {
  std::string kind = fileKind(bytes, expects);
  if (kind.empty())
    return llvm::Error::success();
  return makeError(ExitCode::Unreadable,
                   file + ": expected " + wanted + ", found " + kind);
}

} // namespace tritc
