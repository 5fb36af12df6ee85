//===- OptionValues.cpp - From a spelling to a value ----------------------===//

#include "runtime/chat/Options.h"

#include <cerrno>
#include <cmath>
#include <cstdlib>

using namespace tritc;
using namespace tritc::chat;
using base::Failure;

/// Maxima from here on are none.
static constexpr double noLimit = 9e18;

static Failure outOfRange(const Option &option, std::string_view found) {
  const char *kind =
      option.field.kind == Field::Integer ? "an integer" : "a number";
  int shown = static_cast<int>(std::min<size_t>(found.size(), 40));
  if (option.maximum >= noLimit)
    return base::fail(base::Usage, "%s: expected %s from %g on, found '%.*s'",
                      option.longName, kind, option.minimum, shown,
                      found.data());
  return base::fail(base::Usage,
                    "%s: expected %s from %g to %.10g, found '%.*s'",
                    option.longName, kind, option.minimum, option.maximum,
                    shown, found.data());
}

/// Parses a whole number or a decimal one; false unless all of `value` is one.
static bool parse(std::string_view value, bool isInteger, int64_t &integer,
                  double &number) {
  char digits[64];
  if (value.empty() || value.size() >= sizeof(digits) ||
      !strchr("+-.0123456789", value[0]))
    return false;
  memcpy(digits, value.data(), value.size());
  digits[value.size()] = 0;
  char *end = digits;
  errno = 0;
  if (isInteger) {
    integer = strtoll(digits, &end, 10);
    number = static_cast<double>(integer);
  } else {
    number = strtod(digits, &end);
  }
  return end == digits + value.size() && errno != ERANGE &&
         std::isfinite(number);
}

/// The number of `value` among the words of "a|b|c"; -1 if it is none.
static int64_t choiceOf(std::string_view words, std::string_view value) {
  for (int64_t number = 0;; ++number) {
    size_t end = words.find('|');
    if (words.substr(0, end) == value)
      return number;
    if (end == words.npos)
      return -1;
    words.remove_prefix(end + 1);
  }
}

/// A token id with what is added to its logit: 15043+2.5, or 15043-inf.
static bool parseBias(std::string_view value, sample::LogitBias &bias) {
  size_t sign = std::min(value.find_first_of("+-"), value.size());
  int64_t id = -1;
  double unused, number = 0;
  std::string_view amount(value.data() + sign, value.size() - sign);
  if (!parse({value.data(), sign}, true, id, unused) || id > INT32_MAX)
    return false;
  if (amount == "-inf" || amount == "+inf")
    number = amount[0] == '-' ? -INFINITY : INFINITY;
  else if (!parse(amount, false, id, number) || !(std::fabs(number) < 1e30))
    return false;
  bias = {static_cast<int32_t>(id), static_cast<float>(number)};
  return true;
}

Failure chat::assign(const Option &option, std::string_view value,
                     Settings &settings) {
  const Field &field = option.field;
  switch (field.kind) {
  case Field::Flag:
    settings.*field.flag = true;
    return {};
  case Field::Constant:
    settings.*field.integer = static_cast<int64_t>(option.minimum);
    return {};
  case Field::Text:
    settings.*field.text = value;
    return {};
  case Field::List: {
    TextList &list = settings.*field.list;
    if (list.count == TextList::capacity)
      return base::fail(base::Usage, "%s: expected at most %zu times",
                        option.longName, TextList::capacity);
    if (static_cast<double>(value.size()) < option.minimum)
      return base::fail(base::Usage, "%s: expected a text that is not empty",
                        option.longName);
    list.items[list.count++] = value;
    return {};
  }
  case Field::Choice: {
    int64_t number = choiceOf(option.valueName, value);
    if (number < 0)
      return base::fail(base::Usage, "%s: expected %s, found '%.*s'",
                        option.longName, option.valueName,
                        static_cast<int>(std::min<size_t>(value.size(), 40)),
                        value.data());
    settings.*field.integer = number;
    return {};
  }
  case Field::Bias: {
    sample::LogitBias bias;
    if (!parseBias(value, bias))
      return base::fail(
          base::Usage, "%s: expected a token id and +X or -X, found '%.*s'",
          option.longName, static_cast<int>(std::min<size_t>(value.size(), 40)),
          value.data());
    (settings.*field.biases).push(bias);
    settings.logitBias = settings.*field.biases;
    return {};
  }
  case Field::Integer:
  case Field::Number:
    break;
  }
  bool isInteger = field.kind == Field::Integer;
  int64_t integer = 0;
  double number = 0;
  if (!parse(value, isInteger, integer, number) || number < option.minimum ||
      number > option.maximum)
    return outOfRange(option, value);
  if (isInteger)
    settings.*field.integer = integer;
  else
    settings.*field.number = number;
  return {};
}

static bool isNamed(const Option &option, std::string_view name) {
  return option.isSettable && name == option.longName + 2;
}

static Failure unknownSetting(std::string_view name) {
  return base::fail(base::Usage, "unknown setting '%.*s'; /set lists them all",
                    static_cast<int>(std::min<size_t>(name.size(), 40)),
                    name.data());
}

Failure chat::setByName(std::string_view name, std::string_view value,
                        Settings &settings) {
  for (const Option &option : options())
    if (isNamed(option, name))
      return assign(option, value, settings);
  return unknownSetting(name);
}

void chat::printSettable(Output &out, const Settings &settings,
                         std::string_view name) {
  bool isFound = false;
  for (const Option &option : options()) {
    if (!option.isSettable || (!name.empty() && !isNamed(option, name)))
      continue;
    isFound = true;
    out.print("  %-15s ", option.longName + 2);
    if (option.field.kind == Field::Integer)
      out.print("%-10lld",
                static_cast<long long>(settings.*option.field.integer));
    else
      out.print("%-10g", settings.*option.field.number);
    out.print(" %s\n", option.help);
  }
  if (!isFound)
    out.print("%s\n", unknownSetting(name).message);
}
