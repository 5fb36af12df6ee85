//===- Screen.cpp - What a terminal shows ---------------------------------===//

#include "test/unit/runtime/Screen.h"

#include <algorithm>
#include <unicode/uchar.h>

using namespace tritc::test;

static constexpr char32_t joiner = 0x200d, emojiSelector = 0xfe0f;

/// Columns of a code point by its own.
static int columnsOf(char32_t point) {
  auto c = static_cast<UChar32>(point);
  int8_t kind = u_charType(c);
  if (kind == U_NON_SPACING_MARK || kind == U_ENCLOSING_MARK ||
      kind == U_FORMAT_CHAR)
    return 0;
  int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

static bool isRegional(char32_t point) {
  return u_hasBinaryProperty(static_cast<UChar32>(point),
                             UCHAR_REGIONAL_INDICATOR);
}

Screen::Screen(int rows, int columns, Widths widths)
    : cells(rows, std::vector<Cell>(columns)), rows(rows), columns(columns),
      widths(widths) {}

void Screen::resize(int newRows, int newColumns) {
  rows = newRows;
  columns = newColumns;
  cells.resize(rows);
  for (std::vector<Cell> &row : cells)
    row.resize(columns);
  at.row = std::min(at.row, rows - 1);
  at.column = std::min(at.column, columns - 1);
  isFull = false;
}

void Screen::lineFeed() {
  if (++at.row < rows)
    return;
  at.row = rows - 1;
  cells.erase(cells.begin());
  cells.emplace_back(columns);
}

void Screen::put(char32_t point, const std::string &bytes) {
  int wide = columnsOf(point);
  bool joins = false;
  if (widths == Widths::Clusters) {
    joins =
        lastPoint == joiner || (isRegional(point) && isRegional(lastPoint)) ||
        u_hasBinaryProperty(static_cast<UChar32>(point), UCHAR_EMOJI_MODIFIER);
    bool widens = point == emojiSelector || (joins && isRegional(point));
    Cell &cell = cells[last.row][last.column];
    if (widens && cell.columns == 1 && last.column + 1 < columns) {
      cell.columns = 2;
      cells[last.row][last.column + 1] = {"", 0};
      at.column = std::min(last.column + 2, columns - 1);
    }
    lastPoint = joins && isRegional(point) ? 0 : point; // flags are pairs
  }
  if (wide == 0 || joins) {
    cells[last.row][last.column].text += bytes;
    return;
  }
  if (isFull || at.column + wide > columns) {
    if (wraps) {
      at.column = 0;
      lineFeed();
    } else {
      at.column = columns - wide;
    }
    isFull = false;
  }
  erase(at.row, at.column, at.column + wide);
  last = at;
  cells[at.row][at.column] = {bytes, wide};
  if (wide == 2)
    cells[at.row][at.column + 1] = {"", 0};
  at.column += wide;
  if (at.column >= columns) {
    at.column = columns - 1;
    isFull = wraps;
  }
}

/// Blanks cells, and the other half of a wide character that is cut.
void Screen::erase(int row, int from, int to) {
  std::vector<Cell> &line = cells[row];
  to = std::min(to, columns);
  if (from < to && line[from].columns == 0 && from > 0)
    line[from - 1] = Cell();
  if (from < to && to < columns && line[to].columns == 0)
    line[to] = Cell();
  for (int column = from; column < to; ++column)
    line[column] = Cell();
}

void Screen::control(const std::string &parameters, char final) {
  int number = parameters.empty() ? 0 : std::atoi(parameters.c_str());
  int count = std::max(number, 1);
  isFull = false;
  switch (final) {
  case 'A':
    at.row = std::max(at.row - count, 0);
    break;
  case 'B':
    at.row = std::min(at.row + count, rows - 1);
    break;
  case 'C':
    at.column = std::min(at.column + count, columns - 1);
    break;
  case 'G':
    at.column = std::min(count - 1, columns - 1);
    break;
  case 'H':
    at = Place();
    break;
  case 'J':
    if (number == 0)
      erase(at.row, at.column, columns);
    for (int row = number == 0 ? at.row + 1 : 0; row < rows; ++row)
      erase(row, 0, columns);
    break;
  case 'K':
    erase(at.row, at.column, columns);
    break;
  case 'h':
  case 'l':
    if (parameters == "?7")
      wraps = final == 'h';
    if (parameters == "?2004")
      pastes = final == 'h';
    break;
  default:
    break;
  }
}

/// Obeys the sequence that starts at `start`. \returns its length, 0 while it
/// is incomplete
size_t Screen::escape(const std::string &bytes, size_t start) {
  if (start + 1 >= bytes.size())
    return 0;
  if (bytes[start + 1] != '[')
    return 2;
  size_t end = bytes.find_first_not_of("0123456789;?", start + 2);
  if (end == std::string::npos)
    return 0;
  control(bytes.substr(start + 2, end - start - 2), bytes[end]);
  return end + 1 - start;
}

void Screen::feed(const std::string &added) {
  std::string bytes = pending + added;
  pending.clear();
  for (size_t i = 0; i < bytes.size();) {
    auto byte = static_cast<unsigned char>(bytes[i]);
    size_t length = 1;
    if (byte == 0x1b) {
      length = escape(bytes, i);
    } else if (byte == '\r') {
      at.column = 0;
      isFull = false;
    } else if (byte == '\n') {
      lineFeed();
      isFull = false;
    } else if (byte == '\b') {
      at.column = std::max(at.column - 1, 0);
    } else if (byte >= 0x20) {
      length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
      if (i + length > bytes.size())
        length = 0;
      char32_t point = length == 1 ? byte : byte & (0xff >> (length + 1));
      for (size_t k = 1; k < length; ++k)
        point = point << 6 | (static_cast<unsigned char>(bytes[i + k]) & 0x3f);
      if (length)
        put(point, bytes.substr(i, length));
    }
    if (length == 0) {
      pending = bytes.substr(i);
      return;
    }
    i += length;
  }
}

std::string Screen::row(int index) const {
  std::string text;
  for (const Cell &cell : cells[index])
    text += cell.text;
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

std::string Screen::text() const {
  std::string all;
  for (int index = 0; index < rows; ++index)
    all += row(index) + "\n";
  return all.substr(0, all.find_last_not_of('\n') + 1) + "\n";
}
