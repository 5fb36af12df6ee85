//===- Screen.h - What a terminal shows -----------------------------------===//
//
// A small terminal emulator, written from xterm's manual and Unicode's data in
// ICU, so that it shares nothing with what it judges.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <string>
#include <vector>

namespace tritc::test {

class Screen {
public:
  /// How many columns an emoji of several code points takes.
  enum class Widths {
    EachCodePoint, ///< xterm: a family of three is six columns wide
    Clusters,      ///< kitty, foot, WezTerm: two
  };

  Screen(int rows, int columns, Widths widths = Widths::EachCodePoint);

  void feed(const std::string &bytes);
  /// Changes the width as a terminal does that wraps nothing anew.
  void resize(int rows, int columns);

  /// Text of a row, from 0, without blanks at its end.
  std::string row(int index) const;
  /// All rows with '\n' behind each, up to the last one with text.
  std::string text() const;
  int cursorRow() const { return at.row; }
  int cursorColumn() const { return at.column; }
  bool asksForPastes() const { return pastes; }
  bool wrapsLines() const { return wraps; }

private:
  struct Cell {
    std::string text = " "; ///< "" behind a wide character
    int columns = 1;
  };
  struct Place {
    int row = 0, column = 0;
  };
  void put(char32_t point, const std::string &bytes);
  void lineFeed();
  void erase(int row, int from, int to);
  void control(const std::string &parameters, char final);
  size_t escape(const std::string &bytes, size_t start);

  std::vector<std::vector<Cell>> cells;
  int rows, columns;
  Widths widths;
  Place at;
  Place last; ///< where the last character was put
  char32_t lastPoint = 0;
  bool isFull = false; ///< the next character wraps first
  bool wraps = true;
  bool pastes = false;
  std::string pending; ///< an incomplete sequence
};

} // namespace tritc::test
