//===- Roofline.cpp - Speed against what a byte is good for ---------------===//
#include "compiler/report/Roofline.h"
#include "compiler/report/Token.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace llvm;

namespace tritc::report {

std::vector<std::string> kernelsOf(const TargetReport &target) {
  std::vector<std::string> kernels;
  for (const Matrix &matrix : target.matrices)
    for (const Candidate &each : matrix.candidates)
      if (!is_contained(kernels, each.kernel))
        kernels.push_back(each.kernel);
  return kernels;
}

/// Told apart by every eye (Okabe and Ito 2008).
static constexpr StringLiteral colours[] = {"#0072b2", "#d55e00", "#009e73",
                                            "#cc79a7", "#e69f00", "#56b4e9"};

StringRef colourOf(StringRef kernel, ArrayRef<std::string> kernels) {
  return colours[(find(kernels, kernel) - kernels.begin()) %
                 std::size(colours)];
}

namespace {

enum class Kind { Predicted, Decode, Prefill };

struct Mark {
  double intensity; ///< products for each byte of weights
  double speed;     ///< products a second
  Kind kind;
  bool isChosen;
  StringRef colour;
  std::string title;
};

/// A logarithmic axis that ends where the data do.
class Axis {
public:
  Axis(double low, double high)
      : low(std::log10(low) - margin), high(std::log10(high) + margin) {}

  /// Where `value` lies, from 0 to 1.
  double at(double value) const {
    return (std::log10(value) - low) / (high - low);
  }
  double first() const { return std::pow(10, low); }
  double last() const { return std::pow(10, high); }
  /// Round numbers, as dense as fits `most` of them: one digit times a power of
  /// ten, or 1, 2 and 5 times one, or powers of ten, or some of these.
  std::vector<double> ticks(size_t most) const;

private:
  static constexpr double margin = 0.08; ///< decades beyond the data
  double low, high;
};

class Plot {
public:
  Plot(Axis horizontal, Axis vertical)
      : horizontal(horizontal), vertical(vertical) {}

  double x(double value) const { return left + horizontal.at(value) * width; }
  double y(double value) const {
    return top + (1 - vertical.at(value)) * height;
  }
  std::string axes() const;
  std::string roof(double bytesPerSecond, double peak) const;

  // Small, since a narrow screen shows it at half its size.
  static constexpr double left = 62, top = 12, width = 480, height = 290,
                          right = 18, bottom = 50;

private:
  Axis horizontal, vertical;
};

} // namespace

std::vector<double> Axis::ticks(size_t most) const {
  static constexpr double all[] = {1, 2, 3, 4, 5, 6, 7, 8, 9},
                          some[] = {1, 2, 5}, one[] = {1};
  static constexpr ArrayRef<double> digitsOf[] = {all, some, one};
  for (int step = -1;; ++step) {
    std::vector<double> found;
    for (int power = int(std::floor(low)); power <= int(std::ceil(high));
         ++power)
      for (double digit : digitsOf[std::min(step + 1, 2)]) {
        double value = digit * std::pow(10, power);
        bool isKept = step < 2 || power % step == 0;
        if (isKept && at(value) >= 0 && at(value) <= 1)
          found.push_back(value);
      }
    if (found.size() <= most)
      return found;
  }
}

/// "0.1", "1", "20", "5 k"
static std::string tick(double value) {
  bool isLarge = value >= 1000;
  return formatv("{0}{1}", format("%g", isLarge ? value / 1000 : value),
                 isLarge ? " k" : "");
}

std::string Plot::axes() const {
  std::string text;
  for (double value : horizontal.ticks(9))
    text +=
        formatv("<line class=\"grid\" x1=\"{0:f1}\" x2=\"{0:f1}\" y1=\"{1}\" "
                "y2=\"{2}\"/><text x=\"{0:f1}\" y=\"{3}\" "
                "text-anchor=\"middle\">{4}</text>\n",
                x(value), top, top + height, top + height + 16, tick(value));
  for (double value : vertical.ticks(11))
    text +=
        formatv("<line class=\"grid\" y1=\"{0:f1}\" y2=\"{0:f1}\" x1=\"{1}\" "
                "x2=\"{2}\"/><text x=\"{3}\" y=\"{4:f1}\" "
                "text-anchor=\"end\">{5}</text>\n",
                y(value), left, left + width, left - 6, y(value) + 4,
                tick(value / 1e9));
  return text +
         formatv("<text class=\"title\" x=\"{0}\" y=\"{1}\" "
                 "text-anchor=\"middle\">products for each byte of weights"
                 "</text><text class=\"title\" transform=\"translate(13 {2}) "
                 "rotate(-90)\" text-anchor=\"middle\">10⁹ products a "
                 "second</text>\n",
                 left + width / 2, top + height + 42, top + height / 2)
             .str();
}

std::string Plot::roof(double bytesPerSecond, double peak) const {
  double ridge = peak / bytesPerSecond;
  double start =
      std::max(horizontal.first(), vertical.first() / bytesPerSecond);
  double end = horizontal.last();
  std::string path =
      formatv("M{0:f1} {1:f1}", x(start), y(start * bytesPerSecond));
  if (ridge < end)
    path +=
        formatv(" L{0:f1} {1:f1} L{2:f1} {1:f1}", x(ridge), y(peak), x(end));
  else
    path += formatv(" L{0:f1} {1:f1}", x(end), y(end * bytesPerSecond));
  return formatv("<path class=\"roof\" d=\"{0}\"/>\n", path);
}

static std::string draw(const Plot &plot, const Mark &mark) {
  double x = plot.x(mark.intensity), y = plot.y(mark.speed);
  std::string paint =
      formatv("fill=\"{0}\" stroke=\"{1}\" stroke-width=\"1.6\"",
              mark.isChosen ? mark.colour : "none", mark.colour);
  std::string shape;
  if (mark.kind == Kind::Decode)
    shape = formatv("<circle cx=\"{0:f1}\" cy=\"{1:f1}\" r=\"5\" {2}>", x, y,
                    paint);
  else if (mark.kind == Kind::Prefill)
    shape = formatv("<rect x=\"{0:f1}\" y=\"{1:f1}\" width=\"9\" height=\"9\" "
                    "{2}>",
                    x - 4.5, y - 4.5, paint);
  else
    shape = formatv("<path d=\"M{0:f1} {1:f1}l5 5l-5 5l-5 -5z\" {2}>", x, y - 5,
                    paint);
  StringRef name = mark.kind == Kind::Decode    ? "circle"
                   : mark.kind == Kind::Prefill ? "rect"
                                                : "path";
  return formatv("{0}<title>{1}</title></{2}>\n", shape, mark.title, name);
}

static std::vector<Mark> marksOf(const TargetReport &target,
                                 ArrayRef<std::string> kernels) {
  std::vector<Mark> marks;
  for (const Matrix &matrix : target.matrices)
    for (const Candidate &each : matrix.candidates) {
      double weights = double(matrix.rows) * double(matrix.columns);
      double intensity = weights / double(each.bytes);
      auto add = [&](std::optional<double> seconds, Kind kind, StringRef what,
                     double tokens) {
        if (seconds)
          marks.push_back(
              {intensity * tokens, weights / *seconds, kind, each.isChosen,
               colourOf(each.kernel, kernels),
               escaped(formatv("{0}, {1}, {2}: {3:f1} µs", matrix.name,
                               each.kernel, what, *seconds * 1e6)
                           .str())});
      };
      auto addMeasured = [&](std::optional<double> Candidate::*time, Kind kind,
                             StringRef what, double tokens) {
        if (!isDisturbed(target, matrix, each, time))
          add(each.*time, kind, what, tokens);
      };
      add(each.predicted, Kind::Predicted, "predicted", 1);
      addMeasured(&Candidate::decode, Kind::Decode, "one token", 1);
      addMeasured(&Candidate::prefill, Kind::Prefill, "a token of a block",
                  double(target.blockTokens));
    }
  return marks;
}

/// The machine's ceilings: measured, or predicted for the fastest kernel.
static std::pair<double, double> ceilings(const TargetReport &target) {
  if (target.measured)
    return {target.measured->bytesPerSecond, target.measured->dotsPerSecond};
  double peak = 1;
  for (const Matrix &matrix : target.matrices)
    for (const Candidate &each : matrix.candidates)
      peak = std::max(peak, double(matrix.rows) * double(matrix.columns) /
                                each.computeSeconds);
  return {target.bytesPerSecond, peak};
}

static std::string legend(const TargetReport &target,
                          ArrayRef<std::string> kernels) {
  std::string text = "<p class=\"legend\">";
  auto say = [&](StringRef symbol, StringRef words) {
    text += formatv("<span><svg viewBox=\"-6 -6 12 12\" aria-hidden=\"true\">"
                    "{0}</svg>{1}</span>\n",
                    symbol, words);
  };
  for (const std::string &kernel : kernels)
    say(formatv("<circle r=\"5\" fill=\"{0}\"/>", colourOf(kernel, kernels))
            .str(),
        escaped(kernel));
  const StringRef ink = "fill=\"none\" stroke=\"currentColor\"";
  say(formatv("<path d=\"M0 -5l5 5l-5 5l-5 -5z\" {0}/>", ink).str(),
      "predicted");
  if (target.measured) {
    say(formatv("<circle r=\"5\" {0}/>", ink).str(), "one token");
    say(formatv("<rect x=\"-4.5\" y=\"-4.5\" width=\"9\" height=\"9\" {0}/>",
                ink)
            .str(),
        "a block of tokens");
  }
  return text + "<span>filled: chosen</span></p>\n";
}

std::string roofline(const TargetReport &target,
                     ArrayRef<std::string> kernels) {
  std::vector<Mark> marks = marksOf(target, kernels);
  if (marks.empty())
    return "";
  auto [bytesPerSecond, peak] = ceilings(target);
  // The ridge is always in the picture: it tells what bounds whom.
  double ridge = peak / bytesPerSecond;
  double lowX = ridge, highX = ridge, lowY = peak, highY = peak;
  for (const Mark &mark : marks) {
    lowX = std::min(lowX, mark.intensity);
    highX = std::max(highX, mark.intensity);
    lowY = std::min(lowY, mark.speed);
    highY = std::max(highY, mark.speed);
  }
  Plot plot({lowX, highX}, {lowY, highY});
  std::string text = formatv(
      "<svg viewBox=\"0 0 {0} {1}\" role=\"img\" aria-label=\"roofline\">\n",
      Plot::left + Plot::width + Plot::right,
      Plot::top + Plot::height + Plot::bottom);
  text += plot.axes() + plot.roof(bytesPerSecond, peak);
  // Chosen ones last, on top of the others.
  for (bool isChosen : {false, true})
    for (const Mark &mark : marks)
      if (mark.isChosen == isChosen)
        text += draw(plot, mark);
  return text + "</svg>\n" + legend(target, kernels);
}

} // namespace tritc::report
