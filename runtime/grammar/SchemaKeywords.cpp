//===- SchemaKeywords.cpp - What a schema may say -------------------------===//

#include "runtime/grammar/SchemaKeywords.h"

using namespace tritc;
using namespace tritc::grammar;

static constexpr uint8_t objects = 4, arrays = 8, strings = 16, numbers = 96;

static constexpr Keyword keywords[] = {
    {"$ref", Keyword::Text, 0},
    {"$defs", Keyword::Members, 0},
    {"definitions", Keyword::Members, 0},
    {"type", Keyword::Types, 0},
    {"nullable", Keyword::Boolean, 0},
    {"enum", Keyword::Values, 0},
    {"const", Keyword::Anything, 0},
    {"allOf", Keyword::Schemas, 0},
    {"anyOf", Keyword::Schemas, 0},
    {"oneOf", Keyword::Schemas, 0},
    {"properties", Keyword::Members, objects},
    {"required", Keyword::Texts, objects},
    {"additionalProperties", Keyword::Schema, objects},
    {"unevaluatedProperties", Keyword::Schema, objects},
    {"patternProperties", Keyword::Members, objects},
    {"propertyNames", Keyword::Schema, objects},
    {"minProperties", Keyword::Count, objects},
    {"maxProperties", Keyword::Count, objects},
    {"items", Keyword::SchemaOrSchemas, arrays},
    {"prefixItems", Keyword::Schemas, arrays},
    {"additionalItems", Keyword::Schema, arrays},
    {"unevaluatedItems", Keyword::Schema, arrays},
    {"minItems", Keyword::Count, arrays},
    {"maxItems", Keyword::Count, arrays},
    {"uniqueItems", Keyword::Boolean, arrays},
    {"minLength", Keyword::Count, strings},
    {"maxLength", Keyword::Count, strings},
    {"pattern", Keyword::Text, strings},
    {"format", Keyword::Text, 0},
    {"minimum", Keyword::Number, numbers},
    {"maximum", Keyword::Number, numbers},
    {"exclusiveMinimum", Keyword::Number, numbers},
    {"exclusiveMaximum", Keyword::Number, numbers},
    {"multipleOf", Keyword::Number, numbers},
    {"title", Keyword::Note, 0},
    {"description", Keyword::Note, 0},
    {"default", Keyword::Note, 0},
    {"example", Keyword::Note, 0},
    {"examples", Keyword::Note, 0},
    {"deprecated", Keyword::Note, 0},
    {"readOnly", Keyword::Note, 0},
    {"writeOnly", Keyword::Note, 0},
    {"discriminator", Keyword::Note, 0},
    {"contentEncoding", Keyword::Note, 0},
    {"contentMediaType", Keyword::Note, 0},
    {"$comment", Keyword::Note, 0},
    {"$schema", Keyword::Note, 0},
    {"$anchor", Keyword::Note, 0},
    {"$id", Keyword::Text, 0},
};

const Keyword *grammar::findKeyword(std::string_view name) {
  for (const Keyword &keyword : keywords)
    if (keyword.name == name)
      return &keyword;
  return nullptr;
}

#define DATE                                                                   \
  "((\\d{3}[1-9]|\\d{2}[1-9]0|\\d[1-9]00|[1-9]000)-"                           \
  "((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|"                                  \
  "(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|1\\d|2[0-8]))|"                  \
  "(\\d{2}(0[48]|[2468][048]|[13579][26])|"                                    \
  "(0[48]|[2468][048]|[13579][26])00)-02-29)"
#define TIME                                                                   \
  "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,6})?"                           \
  "(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)"
#define BYTE "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)"
#define LABEL "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
#define ATOM "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,20}"
#define PATH "([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*"

/// A pattern may have fewer texts than the format, never more. Dates are those
/// of the calendar from the year 1 on, times have no leap seconds, addresses
/// are the plain ones.
static constexpr Format formats[] = {
    {"date", "^" DATE "$", 0, 0},
    {"time", "^" TIME "$", 0, 0},
    {"date-time", "^" DATE "T" TIME "$", 0, 0},
    {"uuid",
     "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-"
     "[0-9a-fA-F]{12}$",
     0, 0},
    {"ipv4", "^" BYTE "(\\." BYTE "){3}$", 0, 0},
    {"ipv6", "^[0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4}){7}$", 0, 0},
    {"hostname", "^" LABEL "(\\." LABEL "){0,2}$", 0, 0},
    {"email", "^" ATOM "(\\." ATOM "){0,2}@" LABEL "(\\." LABEL "){1,2}$", 0,
     0},
    {"uri",
     "^[A-Za-z][A-Za-z0-9+.-]*://" LABEL "(\\." LABEL
     "){0,3}(:\\d{1,4})?(/" PATH ")?(\\?" PATH ")?(#" PATH ")?$",
     0, 0},
    {"int32", nullptr, INT32_MIN, INT32_MAX},
    {"int64", nullptr, INT64_MIN, INT64_MAX},
    {"float", nullptr, 0, 0},
    {"double", nullptr, 0, 0},
};

const Format *grammar::findFormat(std::string_view name) {
  for (const Format &format : formats)
    if (format.name == name)
      return &format;
  return nullptr;
}
