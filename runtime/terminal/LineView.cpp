//===- LineView.cpp - The edited text on the screen -----------------------===//

#include "runtime/terminal/LineView.h"
#include "runtime/terminal/Characters.h"

#include <algorithm>
#include <utility>

using namespace tritc;
using namespace tritc::terminal;

static constexpr uint32_t tabColumns = 8;
static constexpr uint32_t unknownColumn = ~0u;

static void appendNumbered(base::Array<char> &out, uint32_t number,
                           char final) {
  char sequence[16];
  int length = snprintf(sequence, sizeof(sequence), "\x1b[%u%c", number, final);
  out.append(sequence, static_cast<size_t>(length));
}

/// Columns of the cluster when it starts in `column`.
static uint32_t columnsAt(std::string_view text, size_t at, uint32_t column,
                          Cluster &cluster) {
  cluster = clusterAt(text, at);
  if (text[at] == '\t')
    return tabColumns - column % tabColumns;
  return cluster.columns;
}

std::string_view LineView::prefixOf(const Picture &picture, size_t row) const {
  if (row == 0)
    return picture.prompt;
  return rows[row].isFirstOfLine ? picture.continuation : "";
}

/// Cuts the text into rows and finds the cursor among them.
void LineView::lay(const Picture &picture) {
  std::string_view text = picture.text;
  rows.clear();
  rows.push({0, 0, true});
  auto column = static_cast<uint32_t>(columnsOf(picture.prompt));
  auto startRow = [&](size_t at, bool isFirstOfLine) {
    rows.back().end = at;
    bool endsLine = isFirstOfLine;
    rows.push({at + endsLine, at + endsLine, isFirstOfLine});
    column = isFirstOfLine
                 ? static_cast<uint32_t>(columnsOf(picture.continuation))
                 : 0;
  };
  auto putCursor = [&] {
    cursorRow = static_cast<uint32_t>(rows.size() - 1);
    cursorColumn = column;
  };
  size_t at = 0;
  bool isPut = false;
  while (at < text.size()) {
    Cluster cluster;
    uint32_t columns = columnsAt(text, at, column, cluster);
    bool isEnd = text[at] == '\n';
    // The cursor takes a column of its own behind the last character.
    if (column + std::max(columns, 1u) > size.columns &&
        (!isEnd || picture.cursor == at) && column > 0)
      startRow(at, false);
    if (!isPut && picture.cursor < at + cluster.bytes) {
      putCursor();
      isPut = true;
    }
    if (isEnd)
      startRow(at, true);
    else
      column += columnsAt(text, at, column, cluster);
    at += cluster.bytes;
  }
  if (!isPut) {
    if (column >= size.columns)
      startRow(at, false);
    putCursor();
  }
  rows.back().end = text.size();
}

/// Columns from the left end of `row` to the place `end` in the text; what is
/// printed for it is appended to `out`, unless null.
uint32_t LineView::place(const Picture &picture, size_t row, size_t end,
                         base::Array<char> *out, bool &isCertain) const {
  auto column = static_cast<uint32_t>(columnsOf(prefixOf(picture, row)));
  isCertain = true;
  for (size_t at = rows[row].begin; at < end;) {
    Cluster cluster;
    uint32_t columns = columnsAt(picture.text, at, column, cluster);
    column += columns;
    if (out && picture.text[at] == '\t')
      for (uint32_t blank = 0; blank < columns; ++blank)
        out->push(' ');
    else if (out)
      out->append(picture.text.data() + at, cluster.bytes);
    if (!cluster.isCertain) {
      isCertain = false;
      if (out)
        appendNumbered(*out, column + 1, 'G');
    }
    at += cluster.bytes;
  }
  return column;
}

/// The place in `row` that is nearest to `column` from the left.
size_t LineView::placeAt(const Picture &picture, size_t row,
                         uint32_t column) const {
  auto reached = static_cast<uint32_t>(columnsOf(prefixOf(picture, row)));
  bool goesOn = row + 1 < rows.size() && !rows[row + 1].isFirstOfLine;
  size_t at = rows[row].begin;
  while (at < rows[row].end) {
    Cluster cluster;
    reached += columnsAt(picture.text, at, reached, cluster);
    // The end of a wrapped row is the begin of the next.
    if (reached > column || (goesOn && at + cluster.bytes == rows[row].end))
      break;
    at += cluster.bytes;
  }
  return at;
}

bool LineView::rowAbove(const Picture &picture, size_t &where) {
  lay(picture);
  if (cursorRow == 0)
    return false;
  where = placeAt(picture, cursorRow - 1, cursorColumn);
  return true;
}

bool LineView::rowBelow(const Picture &picture, size_t &where) {
  lay(picture);
  if (cursorRow + 1 >= rows.size())
    return false;
  where = placeAt(picture, cursorRow + 1, cursorColumn);
  return true;
}

void LineView::moveTo(uint32_t row, uint32_t column) {
  if (row < screenRow)
    appendNumbered(out, screenRow - row, 'A');
  else if (row > screenRow)
    appendNumbered(out, row - screenRow, 'B');
  if (column == 0 && screenColumn != 0)
    out.push('\r');
  else if (column != screenColumn)
    appendNumbered(out, column + 1, 'G');
  screenRow = row;
  screenColumn = column;
}

void LineView::send() {
  terminal.write(out.view());
  out.clear();
}

void LineView::forget() {
  shown.clear();
  drawn.clear();
  screenRow = 0;
  screenColumn = 0;
}

void LineView::begin() {
  size = terminal.size();
  forget();
  firstRow = 0;
}

/// Prints row `index` of the screen, or what was added to it.
void LineView::drawRow(const Picture &picture, size_t index, const Drawn &row) {
  std::string_view bytes(drawing.data() + row.begin, row.bytes);
  bool isNew = index >= shown.size();
  uint32_t columnsBefore = isNew ? 0 : shown[index].columns;
  if (!isNew) {
    std::string_view before(drawn.data() + shown[index].begin,
                            shown[index].bytes);
    if (bytes == before)
      return;
    bool isAdded = bytes.starts_with(before) && !row.mayWrap &&
                   static_cast<unsigned char>(bytes[before.size()]) < 0x80;
    moveTo(static_cast<uint32_t>(index), isAdded ? columnsBefore : 0);
    if (isAdded)
      bytes.remove_prefix(before.size());
    else
      columnsBefore = std::max(columnsBefore, 1u);
  } else if (index > 0) {
    moveTo(static_cast<uint32_t>(index) - 1, screenColumn);
    out.append("\n");
    screenRow = static_cast<uint32_t>(index);
    screenColumn = 0;
  }
  if (row.mayWrap)
    out.append("\x1b[?7l");
  size_t prefixBytes =
      std::min(prefixOf(picture, firstRow + index).size(),
               isNew || bytes.size() == row.bytes ? bytes.size() : size_t{0});
  if (prefixBytes && !picture.textStyle.empty()) {
    if (!isNew || index > 0)
      out.append("\x1b[0m");
    out.append(bytes.data(), prefixBytes);
    out.append(picture.textStyle);
    bytes.remove_prefix(prefixBytes);
  }
  out.append(bytes);
  // The column behind a full row is not there to be erased.
  if (row.columns < size.columns &&
      (columnsBefore > row.columns || (row.mayWrap && row.columns > 0)))
    out.append("\x1b[K");
  if (row.mayWrap)
    out.append("\x1b[?7h");
  screenColumn = row.mayWrap ? unknownColumn : row.columns;
}

void LineView::draw(const Picture &picture) {
  lay(picture);
  size_t height = std::max(size.rows, 1u);
  firstRow = std::min(firstRow, static_cast<size_t>(cursorRow));
  if (cursorRow >= firstRow + height)
    firstRow = cursorRow - height + 1;
  if (firstRow + height > rows.size())
    firstRow = rows.size() > height ? rows.size() - height : 0;

  wanted.clear();
  drawing.clear();
  size_t end = std::min(rows.size(), firstRow + height);
  for (size_t row = firstRow; row < end; ++row) {
    size_t begin = drawing.size();
    drawing.append(prefixOf(picture, row));
    bool isCertain;
    uint32_t columns = place(picture, row, rows[row].end, &drawing, isCertain);
    wanted.push({begin, drawing.size() - begin, columns,
                 !isCertain || columns >= size.columns});
  }
  for (size_t index = 0; index < wanted.size(); ++index)
    drawRow(picture, index, wanted[index]);
  if (wanted.size() < shown.size()) {
    moveTo(static_cast<uint32_t>(wanted.size()), 0);
    out.append("\x1b[J");
  }
  moveTo(cursorRow - static_cast<uint32_t>(firstRow), cursorColumn);
  std::swap(shown, wanted);
  std::swap(drawn, drawing);
  send();
}

/// Rows that end in line breaks of ours are wrapped by most terminals when the
/// window gets narrower, and stay one row each when it gets wider.
void LineView::redraw(const Picture &picture) {
  Terminal::Size before = std::exchange(size, terminal.size());
  uint32_t above = screenRow;
  if (size.columns < before.columns) {
    above = 0;
    for (uint32_t row = 0; row < screenRow && row < shown.size(); ++row)
      above +=
          std::max((shown[row].columns + size.columns - 1) / size.columns, 1u);
    if (screenColumn != unknownColumn)
      above += screenColumn / size.columns;
  }
  if (above > 0)
    appendNumbered(out, above, 'A');
  out.append("\r\x1b[0m\x1b[J");
  forget();
  draw(picture);
}

void LineView::clear(const Picture &picture) {
  out.append("\x1b[0m\x1b[H\x1b[2J");
  forget();
  draw(picture);
}

void LineView::finish(Picture picture) {
  picture.cursor = picture.text.size();
  draw(picture);
  out.append(picture.textStyle.empty() ? "\n" : "\x1b[0m\n");
  forget();
  send();
}
