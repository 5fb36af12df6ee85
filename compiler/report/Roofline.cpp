//===- Roofline.cpp - Speed against what a byte is good for ---------------===//
#include "compiler/report/Roofline.h"

#include "llvm/ADT/STLExtras.h"
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

/// Both axes are logarithmic, from a power of ten to another.
class Plot {
public:
  Plot(double lowX, double highX, double lowY, double highY)
      : lowX(std::floor(std::log10(lowX))), highX(std::ceil(std::log10(highX))),
        lowY(std::floor(std::log10(lowY))),
        highY(std::ceil(std::log10(highY))) {}

  double x(double value) const {
    return left + (std::log10(value) - lowX) / (highX - lowX) * width;
  }
  double y(double value) const {
    return top + (highY - std::log10(value)) / (highY - lowY) * height;
  }
  std::string axes() const;
  std::string roof(double bytesPerSecond, double peak) const;

  static constexpr double left = 70, top = 20, width = 760, height = 360;

private:
  double lowX, highX, lowY, highY;
};

} // namespace

/// "0.1", "1", "10", "10 k"
static std::string tick(double power) {
  if (power < 0)
    return formatv("{0}", std::pow(10, power)).str();
  if (power < 4)
    return formatv("{0:f0}", std::pow(10, power)).str();
  return formatv("{0:f0} k", std::pow(10, power - 3)).str();
}

std::string Plot::axes() const {
  std::string text;
  for (double power = lowX; power <= highX; ++power) {
    double at = x(std::pow(10, power));
    text +=
        formatv("<line class=\"grid\" x1=\"{0:f1}\" x2=\"{0:f1}\" y1=\"{1}\" "
                "y2=\"{2}\"/><text x=\"{0:f1}\" y=\"{3}\" "
                "text-anchor=\"middle\">{4}</text>\n",
                at, top, top + height, top + height + 18, tick(power));
  }
  for (double power = lowY; power <= highY; ++power) {
    double at = y(std::pow(10, power));
    text +=
        formatv("<line class=\"grid\" y1=\"{0:f1}\" y2=\"{0:f1}\" x1=\"{1}\" "
                "x2=\"{2}\"/><text x=\"{3}\" y=\"{4:f1}\" "
                "text-anchor=\"end\">{5}</text>\n",
                at, left, left + width, left - 8, at + 4, tick(power - 9));
  }
  return text +
         formatv("<text class=\"title\" x=\"{0}\" y=\"{1}\" "
                 "text-anchor=\"middle\">products for each byte of weights"
                 "</text><text class=\"title\" transform=\"translate(16 {2}) "
                 "rotate(-90)\" text-anchor=\"middle\">10⁹ products a "
                 "second</text>\n",
                 left + width / 2, top + height + 40, top + height / 2)
             .str();
}

std::string Plot::roof(double bytesPerSecond, double peak) const {
  double ridge = peak / bytesPerSecond;
  double start =
      std::max(std::pow(10, lowX), std::pow(10, lowY) / bytesPerSecond);
  double end = std::pow(10, highX);
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
      add(each.predicted, Kind::Predicted, "predicted", 1);
      add(each.decode, Kind::Decode, "one token", 1);
      add(each.prefill, Kind::Prefill, "a token of a block",
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
  std::string text;
  const double y = Plot::top + Plot::height + 64;
  double x = Plot::left;
  auto say = [&](StringRef symbol, StringRef words) {
    text +=
        formatv("<g transform=\"translate({0:f0} {1:f0})\">{2}<text x=\"10\" "
                "y=\"4\">{3}</text></g>\n",
                x, y, symbol, words);
    x += 26 + 6.6 * double(words.size());
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
  say("", "filled: chosen");
  return text;
}

std::string roofline(const TargetReport &target,
                     ArrayRef<std::string> kernels) {
  std::vector<Mark> marks = marksOf(target, kernels);
  if (marks.empty())
    return "";
  auto [bytesPerSecond, peak] = ceilings(target);
  double lowX = 1e30, highX = 1, lowY = 1e30, highY = peak;
  for (const Mark &mark : marks) {
    lowX = std::min(lowX, mark.intensity);
    highX = std::max(highX, mark.intensity);
    lowY = std::min(lowY, mark.speed);
    highY = std::max(highY, mark.speed);
  }
  highX = std::max(highX, 1.5 * peak / bytesPerSecond);
  Plot plot(lowX, highX, lowY, highY);
  std::string text = formatv(
      "<svg viewBox=\"0 0 {0} {1}\" role=\"img\" aria-label=\"roofline\">\n",
      Plot::left + Plot::width + 20, Plot::top + Plot::height + 80);
  text += plot.axes() + plot.roof(bytesPerSecond, peak);
  // Chosen ones last, on top of the others.
  for (bool isChosen : {false, true})
    for (const Mark &mark : marks)
      if (mark.isChosen == isChosen)
        text += draw(plot, mark);
  return text + legend(target, kernels) + "</svg>\n";
}

} // namespace tritc::report
