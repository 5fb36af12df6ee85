//===- SlowTokenizer.cpp - The definition of a tokenizer, written down ----===//

#include "test/unit/text/SlowTokenizer.h"
#include "compiler/import/tokenizer/TokenizerCodePoints.h"
#include "compiler/import/tokenizer/TokenizerSplit.h"

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
static bool isOf(uint32_t c, std::initializer_list<const char *> categories) {
  static std::map<std::string, import::CodePointSet> known;
  for (const char *name : categories) {
    auto [place, isNew] = known.try_emplace(name);
    if (isNew)
      place->second = *import::generalCategory(name);
    if (place->second.contains(c))
      return true;
  }
  return false;
}
static bool isLetter(uint32_t c) { return isOf(c, {"L"}); }
static bool isNumber(uint32_t c) { return isOf(c, {"N"}); }
static bool isUpper(uint32_t c) {
  return isOf(c, {"Lu", "Lt", "Lm", "Lo", "M"});
}
static bool isLower(uint32_t c) { return isOf(c, {"Ll", "Lm", "Lo", "M"}); }
static bool isSymbol(uint32_t c) {
  return !isSpace(c) && !isLetter(c) && !isNumber(c);
}
static bool isLineEnd(uint32_t c) { return c == '\r' || c == '\n'; }
static bool isLineEndOrSlash(uint32_t c) { return isLineEnd(c) || c == '/'; }

namespace {
/// The four expressions, branch by branch.
class Splitter {
public:
  Splitter(const Text &text, llvm::StringRef expression)
      : text(text), isGpt2(expression == import::gpt2Expression),
        isO200k(expression == import::o200kExpression),
        digits(expression == import::llama3Expression || isO200k ? 3 : 1) {}

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
  size_t contraction(size_t i) const;
  size_t word(size_t i) const;
  size_t casedWord(size_t i) const;
  size_t white(size_t i) const;

  const Text &text;
  bool isGpt2;
  bool isO200k;
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

/// The end of one that begins at `i`, or `i`.
size_t Splitter::contraction(size_t i) const {
  if (i < text.size() && text[i] == '\'')
    for (const char *letters : {"s", "t", "re", "ve", "m", "ll", "d"})
      if (isContraction(i + 1, letters))
        return i + 1 + std::string_view(letters).size();
  return i;
}

/// Large letters, then small ones, with what may stand around them; first with
/// one small letter at least, then with one large one.
size_t Splitter::casedWord(size_t i) const {
  bool takesOne =
      !isLineEnd(text[i]) && !isLetter(text[i]) && !isNumber(text[i]);
  for (bool needsLower : {true, false})
    for (size_t begin = i + takesOne;; --begin) {
      size_t least = begin + !needsLower;
      for (size_t upper = run(begin, isUpper); upper + 1 > least; --upper) {
        size_t end = run(upper, isLower);
        if (!needsLower || end > upper)
          return contraction(end);
        if (upper == 0)
          break;
      }
      if (begin == i)
        break;
    }
  return i;
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
  if (size_t end = isO200k ? i : contraction(i); end > i)
    return end;
  if (size_t end = isO200k ? casedWord(i) : word(i); end > i)
    return end;
  size_t space = i + (text[i] == ' ');
  size_t number = isGpt2 ? run(space, isNumber) : run(i, isNumber, digits);
  if (number > (isGpt2 ? space : i))
    return number;
  if (size_t end = run(space, isSymbol); end > space)
    return isGpt2 ? end : run(end, isO200k ? isLineEndOrSlash : isLineEnd);
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

/// As Hugging Face's tokenizers start: the characters are those of the byte
/// alphabet or, with SentencePiece, of the text, where bytes are a way out that
/// ends no unknown.
static void start(const TokenizerModel &model, const Text &piece,
                  std::vector<int32_t> &ids) {
  bool isPending = false;
  auto known = [&](int32_t id) {
    if (isPending)
      ids.push_back(int32_t(*model.unknown));
    isPending = false;
    if (id >= 0)
      ids.push_back(id);
  };
  auto unknown = [&] {
    if (isPending && !model.fusesUnknown)
      ids.push_back(int32_t(*model.unknown));
    isPending = model.unknown.has_value();
  };
  for (uint32_t point : piece) {
    std::string bytes = encode({point});
    if (model.byteTokens.empty()) {
      for (char byte : bytes) {
        int32_t id = pieceOf(model, {&byte, 1});
        id < 0 ? unknown() : known(id);
      }
      continue;
    }
    if (int32_t whole = pieceOf(model, bytes); whole >= 0) {
      known(whole);
      continue;
    }
    std::vector<int32_t> parts;
    for (char byte : bytes)
      parts.push_back(int32_t(model.byteTokens[uint8_t(byte)]));
    if (llvm::is_contained(parts, -1))
      unknown();
    else
      ids.insert(ids.end(), parts.begin(), parts.end());
  }
  known(-1);
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
      spellings.emplace_back(&token, decode(token.spelling));
  size_t begin = 0;
  for (size_t i = 0; i < text.size();) {
    const import::AddedToken *found = nullptr;
    size_t length = 0;
    for (const auto &[token, spelled] : spellings)
      if (spelled.size() > length && text.size() - i >= spelled.size() &&
          std::equal(spelled.begin(), spelled.end(), text.begin() + i))
        found = token, length = spelled.size();
    if (found && (recognise || !(found->special || found->ofTemplate))) {
      plain(Text(text.begin() + begin, text.begin() + i), begin == 0);
      ids.push_back(int32_t(found->id));
      begin = i + length;
    }
    i += found ? length : 1;
  }
  plain(Text(text.begin() + begin, text.end()), begin == 0);
}

static Text normalPart(const Text &text, import::NormalForm form) {
  bool composes =
      form == import::NormalForm::NFC || form == import::NormalForm::NFKC;
  bool isCompatible =
      form == import::NormalForm::NFKC || form == import::NormalForm::NFKD;
  std::string bytes = encode(text);
  utf8proc_uint8_t *result = nullptr;
  utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t *>(bytes.data()),
                   utf8proc_ssize_t(bytes.size()), &result,
                   utf8proc_option_t(
                       (composes ? UTF8PROC_COMPOSE : UTF8PROC_DECOMPOSE) |
                       (isCompatible ? UTF8PROC_COMPAT : 0) | UTF8PROC_STABLE));
  std::string_view view(reinterpret_cast<const char *>(result), size_t(size));
  Text points = decode(view);
  free(result);
  return points;
}

/// That of Unicode 9: nothing reaches across a character of later versions.
static Text normalForm(const Text &text, import::NormalForm form) {
  static const import::CodePointSet later = {
#define TRITC_NORMALIZED_LATER(first, last) {first, last},
#include "compiler/import/tokenizer/UnicodeChanges.def"
  };
  Text result, part;
  auto finish = [&] {
    Text normal = normalPart(part, form);
    result.insert(result.end(), normal.begin(), normal.end());
    part.clear();
  };
  for (uint32_t point : text) {
    if (!later.contains(point)) {
      part.push_back(point);
      continue;
    }
    finish();
    result.push_back(point);
  }
  finish();
  return result;
}

static Text normalize(const TokenizerModel &model, Text text, bool isFirst) {
  if (model.normalForm != import::NormalForm::AsItIs)
    return normalForm(text, model.normalForm);
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
    cutAtAdded(model, normalize(model, stretch, isFirst),
               /*normalized=*/true, recognise, plain, ids);
  };
  cutAtAdded(model, decode(text), /*normalized=*/false, recognise, raw, ids);
  return ids;
}

} // namespace tritc::test
