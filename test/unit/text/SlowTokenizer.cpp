//===- SlowTokenizer.cpp - The definition of a tokenizer, written down ----===//

#include "test/unit/text/SlowTokenizer.h"

#include "llvm/Support/ConvertUTF.h"

#include <utf8proc.h>

#include <cstdlib>
#include <functional>
#include <map>

namespace tritc::test {

using import::TokenizerModel;
using Text = std::vector<uint32_t>; ///< code points

/// Each maximal part that is no UTF-8 is one U+FFFD.
static Text decode(std::string_view bytes) {
  Text text(bytes.size());
  const auto *first = reinterpret_cast<const llvm::UTF8 *>(bytes.data());
  llvm::UTF32 *end = text.data();
  llvm::ConvertUTF8toUTF32(&first, first + bytes.size(), &end,
                           text.data() + text.size(), llvm::lenientConversion);
  text.resize(size_t(end - text.data()));
  return text;
}

static std::string encode(const Text &text) {
  std::string bytes;
  for (uint32_t point : text) {
    char buffer[4], *end = buffer;
    llvm::ConvertCodePointToUTF8(point, end);
    bytes.append(buffer, end);
  }
  return bytes;
}

//===----------------------------------------------------------------------===//
// Pieces
//===----------------------------------------------------------------------===//

static bool isSpace(uint32_t c) {
  return (c >= 9 && c <= 13) || c == 0x20 || c == 0x85 || c == 0xa0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
         c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}
static bool isLetter(uint32_t c) {
  auto category = utf8proc_category(utf8proc_int32_t(c));
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}
static bool isNumber(uint32_t c) {
  auto category = utf8proc_category(utf8proc_int32_t(c));
  return category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO;
}
static bool isSymbol(uint32_t c) {
  return !isSpace(c) && !isLetter(c) && !isNumber(c);
}
static bool isLineEnd(uint32_t c) { return c == '\r' || c == '\n'; }

namespace {
/// The three expressions, branch by branch.
class Splitter {
public:
  Splitter(const Text &text, llvm::StringRef expression)
      : text(text), isGpt2(expression == import::gpt2Expression),
        digits(expression == import::llama3Expression ? 3 : 1) {}

  size_t endOfPiece(size_t i) const;

private:
  bool at(size_t i, bool (*accepts)(uint32_t)) const {
    return i < text.size() && accepts(text[i]);
  }
  size_t run(size_t i, bool (*accepts)(uint32_t), size_t most = -1) const {
    while (most-- > 0 && at(i, accepts))
      ++i;
    return i;
  }
  bool isContraction(size_t i, std::string_view letters) const;
  size_t word(size_t i) const;
  size_t white(size_t i) const;

  const Text &text;
  bool isGpt2;
  size_t digits;
};
} // namespace

bool Splitter::isContraction(size_t i, std::string_view letters) const {
  for (char letter : letters) {
    if (i == text.size())
      return false;
    uint32_t c = text[i++];
    if (!isGpt2 && c >= 'A' && c <= 'Z')
      c += 'a' - 'A';
    if (!isGpt2 && c == 0x17f)
      c = 's';
    if (c != uint32_t(letter))
      return false;
  }
  return true;
}

/// Letters and what may stand in front of them.
size_t Splitter::word(size_t i) const {
  bool takesOne =
      isGpt2 ? text[i] == ' '
             : !isLineEnd(text[i]) && !isLetter(text[i]) && !isNumber(text[i]);
  size_t begin = i + takesOne;
  size_t end = run(begin, isLetter);
  return end > begin ? end : i;
}

size_t Splitter::white(size_t i) const {
  size_t end = run(i, isSpace);
  for (size_t last = end; !isGpt2 && last > i; --last)
    if (isLineEnd(text[last - 1]))
      return last;
  return end < text.size() && end - i > 1 ? end - 1 : end;
}

size_t Splitter::endOfPiece(size_t i) const {
  if (text[i] == '\'')
    for (const char *letters : {"s", "t", "re", "ve", "m", "ll", "d"})
      if (isContraction(i + 1, letters))
        return i + 1 + std::string_view(letters).size();
  if (size_t end = word(i); end > i)
    return end;
  size_t space = i + (text[i] == ' ');
  size_t number = isGpt2 ? run(space, isNumber) : run(i, isNumber, digits);
  if (number > (isGpt2 ? space : i))
    return number;
  if (size_t end = run(space, isSymbol); end > space)
    return isGpt2 ? end : run(end, isLineEnd);
  return white(i);
}

//===----------------------------------------------------------------------===//
// Merging
//===----------------------------------------------------------------------===//

/// The id of the piece spelled `bytes`, or -1.
static int32_t pieceOf(const TokenizerModel &model, std::string_view bytes) {
  for (size_t id = 0; id < model.tokens.size(); ++id)
    if (model.isPiece[id] && model.tokens[id] == bytes)
      return int32_t(id);
  return -1;
}

static void start(const TokenizerModel &model, const Text &piece,
                  std::vector<int32_t> &ids) {
  for (uint32_t point : piece) {
    std::string bytes = encode({point});
    int32_t whole = model.byteTokens.empty() ? -1 : pieceOf(model, bytes);
    if (whole >= 0) {
      ids.push_back(whole);
      continue;
    }
    for (char byte : bytes)
      ids.push_back(model.byteTokens.empty()
                        ? pieceOf(model, {&byte, 1})
                        : int32_t(model.byteTokens[uint8_t(byte)]));
  }
}

static std::vector<int32_t> mergePiece(const TokenizerModel &model,
                                       const Text &piece) {
  if (int32_t whole = model.wholePiece ? pieceOf(model, encode(piece)) : -1;
      whole >= 0)
    return {whole};
  std::vector<int32_t> ids;
  start(model, piece, ids);
  while (true) {
    const import::TokenizerMerge *best = nullptr;
    size_t where = 0;
    for (size_t i = 0; i + 1 < ids.size(); ++i)
      for (const import::TokenizerMerge &merge : model.merges)
        if (int32_t(merge.left) == ids[i] && int32_t(merge.right) == ids[i + 1])
          if (!best || merge.rank < best->rank)
            best = &merge, where = i;
    if (!best)
      return ids;
    ids[where] = int32_t(best->merged);
    ids.erase(ids.begin() + where + 1);
  }
}

//===----------------------------------------------------------------------===//
// Stretches between added tokens
//===----------------------------------------------------------------------===//

using Stretch = std::function<void(const Text &, bool isFirst)>;

/// Cuts `text` at the added tokens of one kind, leftmost and longest; a special
/// one that is not wanted stays text, whole.
static void cutAtAdded(const TokenizerModel &model, const Text &text,
                       bool normalized, bool recognise, const Stretch &plain,
                       std::vector<int32_t> &ids) {
  std::vector<std::pair<const import::AddedToken *, Text>> spellings;
  for (const import::AddedToken &token : model.added)
    if (token.normalized == normalized)
      spellings.emplace_back(&token, decode(model.tokens[token.id]));
  size_t begin = 0;
  for (size_t i = 0; i < text.size();) {
    const import::AddedToken *found = nullptr;
    size_t length = 0;
    for (const auto &[token, spelled] : spellings)
      if (spelled.size() > length && text.size() - i >= spelled.size() &&
          std::equal(spelled.begin(), spelled.end(), text.begin() + i))
        found = token, length = spelled.size();
    if (found && (recognise || !found->special)) {
      plain(Text(text.begin() + begin, text.begin() + i), begin == 0);
      ids.push_back(int32_t(found->id));
      begin = i + length;
    }
    i += found ? length : 1;
  }
  plain(Text(text.begin() + begin, text.end()), begin == 0);
}

static Text normalize(const TokenizerModel &model, Text text, bool isFirst) {
  if (model.composes) {
    utf8proc_ssize_t count = utf8proc_normalize_utf32(
        reinterpret_cast<utf8proc_int32_t *>(text.data()),
        utf8proc_ssize_t(text.size()),
        utf8proc_option_t(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
    text.resize(size_t(count));
    return text;
  }
  if (model.byteTokens.empty())
    return text;
  for (uint32_t &point : text)
    if (point == 0x2581)
      point = ' ';
  bool wants = model.spacePrefix == import::SpacePrefix::Everywhere ||
               (model.spacePrefix == import::SpacePrefix::AtStart && isFirst);
  if (wants && !text.empty() && !(model.spaceUnlessThere && text[0] == ' '))
    text.insert(text.begin(), ' ');
  return text;
}

/// utf8proc_normalize_utf32 composes what is decomposed and ordered already.
static Text decomposed(const Text &text) {
  std::string bytes = encode(text);
  utf8proc_uint8_t *result = nullptr;
  utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t *>(bytes.data()),
                   utf8proc_ssize_t(bytes.size()), &result,
                   utf8proc_option_t(UTF8PROC_DECOMPOSE | UTF8PROC_STABLE));
  std::string_view view(reinterpret_cast<const char *>(result), size_t(size));
  Text points = decode(view);
  free(result);
  return points;
}

std::vector<int32_t> slowEncode(const TokenizerModel &model,
                                std::string_view text, bool recognise) {
  std::vector<int32_t> ids;
  auto plain = [&](const Text &stretch, bool) {
    for (size_t begin = 0; begin < stretch.size();) {
      size_t end = stretch.size();
      if (!model.split.empty())
        end = Splitter(stretch, model.split[0].expression).endOfPiece(begin);
      std::vector<int32_t> piece = mergePiece(
          model, Text(stretch.begin() + begin, stretch.begin() + end));
      ids.insert(ids.end(), piece.begin(), piece.end());
      begin = end;
    }
  };
  auto raw = [&](const Text &stretch, bool isFirst) {
    Text ready = model.composes ? decomposed(stretch) : stretch;
    cutAtAdded(model, normalize(model, std::move(ready), isFirst),
               /*normalized=*/true, recognise, plain, ids);
  };
  cutAtAdded(model, decode(text), /*normalized=*/false, recognise, raw, ids);
  return ids;
}

} // namespace tritc::test
