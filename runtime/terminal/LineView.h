//===- LineView.h - The edited text on the screen -------------------------===//
#pragma once

#include "runtime/base/Array.h"
#include "runtime/terminal/Terminal.h"

#include <string_view>

namespace tritc::terminal {

/// What is to be seen: a text of several lines with a cursor.
struct Picture {
  std::string_view prompt;       ///< in front of the first line
  std::string_view continuation; ///< in front of the others
  std::string_view text;
  size_t cursor = 0;          ///< a place in `text`
  std::string_view textStyle; ///< an escape sequence, or nothing
};

/// Draws a text where the cursor stands and draws it anew when it changes,
/// sending only rows that differ, and of the last one only what was added. Rows
/// end where this class says, never where the terminal wraps, and after each
/// character whose width terminals disagree on the column is set: neither makes
/// the picture and the screen drift apart. Of a text higher than the screen,
/// the rows around the cursor are shown.
class LineView {
public:
  explicit LineView(Terminal &terminal) : terminal(terminal) {}

  /// Begins at the left end of an empty row.
  void begin();
  void draw(const Picture &picture);
  /// After the window has changed, or others have written: forgets what was
  /// drawn, goes to where it began, and draws.
  void redraw(const Picture &picture);
  /// Clears the screen and draws at its top.
  void clear(const Picture &picture);
  /// Draws it a last time and goes to the row below.
  void finish(Picture picture);

  /// The place in the text one row above or below the cursor, as near to its
  /// column as can be. \returns false when there is no such row.
  bool rowAbove(const Picture &picture, size_t &place);
  bool rowBelow(const Picture &picture, size_t &place);

private:
  /// A row of the layout: a part of the text.
  struct Row {
    size_t begin, end;
    bool isFirstOfLine;
  };
  /// A row on the screen: bytes of `drawn`.
  struct Drawn {
    size_t begin, bytes;
    uint32_t columns;
    bool mayWrap; ///< it fills the screen, or its width is not certain
  };

  void lay(const Picture &picture);
  std::string_view prefixOf(const Picture &picture, size_t row) const;
  uint32_t place(const Picture &picture, size_t row, size_t end,
                 base::Array<char> *out, bool &isCertain) const;
  size_t placeAt(const Picture &picture, size_t row, uint32_t column) const;
  void drawRow(const Picture &picture, size_t index, const Drawn &row);
  void moveTo(uint32_t row, uint32_t column);
  void forget();
  void send();

  Terminal &terminal;
  Terminal::Size size = {80, 24};
  base::Array<Row> rows;
  uint32_t cursorRow = 0, cursorColumn = 0; ///< in the layout
  size_t firstRow = 0;                      ///< of those shown
  base::Array<Drawn> shown, wanted;
  base::Array<char> drawn, drawing;
  uint32_t screenRow = 0; ///< where the terminal's cursor is, from the first
  uint32_t screenColumn = 0;
  base::Array<char> out;
};

} // namespace tritc::terminal
