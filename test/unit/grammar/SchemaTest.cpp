//===- SchemaTest.cpp - Values that a schema allows -----------------------===//

#include "test/unit/grammar/Language.h"

using namespace tritc;
using namespace tritc::test;

namespace {
struct Case {
  const char *name;
  const char *schema;
  std::vector<std::string> in, out;
};
} // namespace

class SchemaValues : public testing::TestWithParam<Case> {};

TEST_P(SchemaValues, AreThoseThatItAllows) {
  Language language(schema(GetParam().schema));
  for (const std::string &text : GetParam().in)
    EXPECT_TRUE(language.has(text)) << text;
  for (const std::string &text : GetParam().out)
    EXPECT_FALSE(language.has(text)) << text;
}

static const Case cases[] = {
    {"true_is_any_value",
     "true",
     {"1", "\"a\"", "null", "[1,{\"a\":[]}]", "-0.5e+10"},
     {"", "01", "[1,]"}},
    {"nothing_said_is_any_value", R"({"title": "x"})", {"[]", "3"}, {"x"}},
    {"type_null", R"({"type": "null"})", {"null"}, {"0", "nul"}},
    {"type_boolean", R"({"type": "boolean"})", {"true", "false"}, {"null"}},
    {"type_string",
     R"({"type": "string"})",
     {R"("")", R"("a\u00e9\ud83d\ude00\/\n")", "\"\xc3\xa9\""},
     {R"("\ud83d")", R"("\q")", "\"\n\"", "\"\xff\"", "1"}},
    {"type_integer",
     R"({"type": "integer"})",
     {"0", "-12", "123456789012345"},
     {"1.0", "01", "1234567890123456", "1e3", "+1"}},
    {"type_number",
     R"({"type": "number"})",
     {"0", "-1.50", "2e10", "0.1E-5"},
     {".5", "1.", "1e100"}},
    {"types", R"({"type": ["string", "null"]})", {"null", "\"\""}, {"1"}},
    {"nullable",
     R"({"type": "integer", "nullable": true})",
     {"null", "1"},
     {"\"\""}},

    {"properties_in_order",
     R"({"properties": {"a": {"type": "integer"}, "b": {"type": "null"}}, "required": ["a"]})",
     {R"({"a":1})", R"({"a": 1, "b": null})", "{\n  \"a\": 1\n}"},
     {"{}", R"({"b":null,"a":1})", R"({"a":1,"c":2})", R"({"b":null})"}},
    {"required_without_properties",
     R"({"type": "object", "required": ["x"], "additionalProperties": {"type": "integer"}})",
     {R"({"x":1})", R"({"x":1,"y":2})"},
     {"{}", R"({"x":"a"})"}},
    {"any_object",
     R"({"type": "object"})",
     {"{}", R"({"a":[1],"b":{}})"},
     {"[]", "{\"a\"}"}},
    {"closed_object",
     R"({"type": "object", "additionalProperties": false})",
     {"{}", "{ }"},
     {R"({"a":1})"}},
    {"map",
     R"({"type": "object", "additionalProperties": {"type": "integer"}})",
     {"{}", R"({"a":1,"b":2})"},
     {R"({"a":null})"}},
    {"map_beside_properties",
     R"({"properties": {"ab": {"type": "null"}}, "additionalProperties": {"type": "integer"}})",
     {"{}", R"({"ab":null,"a":1,"abc":2,"":3})", R"({"x":1})"},
     {R"({"ab":1})", R"({"a":null})", R"({"x":1,"ab":2})", R"({"\u0061b":2})"}},
    {"counted_properties",
     R"({"properties": {"a": {}, "b": {}, "c": {}}, "minProperties": 1, "maxProperties": 2})",
     {R"({"a":1})", R"({"a":1,"c":2})"},
     {"{}", R"({"a":1,"b":1,"c":1})"}},
    {"counted_map",
     R"({"type": "object", "additionalProperties": true, "minProperties": 1, "maxProperties": 2})",
     {R"({"a":1})", R"({"a":1,"c":2})"},
     {"{}", R"({"a":1,"b":1,"c":1})"}},
    {"pattern_properties",
     R"({"patternProperties": {"^x": {"type": "integer"}, "^y": {"type": "null"}}, "additionalProperties": false})",
     {"{}", R"({"x1":1,"y":null})"},
     {R"({"x1":null})", R"({"z":1})"}},
    {"property_names",
     R"({"type": "object", "propertyNames": {"pattern": "^[a-c]+$"}})",
     {"{}", R"({"abc":1})"},
     {R"({"d":1})"}},
    {"listed_property_names",
     R"({"type": "object", "propertyNames": {"enum": ["a", "b"]}, "additionalProperties": {"type": "integer"}})",
     {R"({"a":1,"b":2})"},
     {R"({"c":1})"}},

    {"items",
     R"({"items": {"type": "integer"}})",
     {"[]", "[1]", "[1, 2,3]"},
     {"[null]", "[1,]", "[,1]"}},
    {"any_array", R"({"type": "array"})", {"[]", "[1,\"a\"]"}, {"{}"}},
    {"counted_items",
     R"({"type": "array", "items": {"type": "null"}, "minItems": 2, "maxItems": 3})",
     {"[null,null]", "[null,null,null]"},
     {"[]", "[null]", "[null,null,null,null]"}},
    {"no_items", R"({"type": "array", "maxItems": 0})", {"[]"}, {"[1]"}},
    {"one_item_at_least",
     R"({"type": "array", "minItems": 1})",
     {"[1]", "[1,2]"},
     {"[]"}},
    {"prefix",
     R"({"prefixItems": [{"type": "integer"}, {"type": "null"}]})",
     {"[]", "[1]", "[1,null]"},
     {"[null]", "[1,null,2]"}},
    {"prefix_and_rest",
     R"({"prefixItems": [{"type": "integer"}], "items": {"type": "null"}, "minItems": 2})",
     {"[1,null]", "[1,null,null]"},
     {"[1]", "[1,2]"}},
    {"prefix_of_draft_7",
     R"({"items": [{"type": "integer"}], "additionalItems": {"type": "null"}})",
     {"[1,null]", "[]"},
     {"[1,2]"}},

    {"unique_items",
     R"({"items": {"enum": ["a", "b", 1, 1.0]}, "uniqueItems": true, "minItems": 1, "maxItems": 2})",
     {"[\"a\"]", "[\"b\", \"a\"]", "[1,\"a\"]"},
     {"[]", "[\"a\",\"a\"]", "[1,1.0]", "[\"a\",\"b\",1]"}},

    {"enumeration",
     R"({"enum": ["a", 1, null, [1, {"b": true}], "ab"]})",
     {"\"a\"", "\"ab\"", "1", "null", "[1,{\"b\":true}]", "[1, {\"b\": true}]"},
     {"\"b\"", "2", "[1]", "\"\\u0061\""}},
    {"enumeration_of_a_type",
     R"({"type": "string", "enum": ["a", 1]})",
     {"\"a\""},
     {"1"}},
    {"enumeration_with_bounds",
     R"({"enum": [1, 5, 9], "minimum": 2, "multipleOf": 3})",
     {"9"},
     {"1", "5"}},
    {"enumeration_with_a_pattern",
     R"({"enum": ["a", "b1"], "pattern": "\\d"})",
     {"\"b1\""},
     {"\"a\""}},
    {"two_enumerations",
     R"({"allOf": [{"enum": [1, 2.0, 3]}, {"enum": [2, 3.0]}]})",
     {"2", "3.0"},
     {"1"}},
    {"constant", R"({"const": "\"\n\u0001"})", {R"("\"\n\u0001")"}, {"\"\""}},
    {"empty_lists_are_values", R"({"enum": [[], {}]})", {"[]", "{}"}, {"[1]"}},

    {"any_of",
     R"({"anyOf": [{"type": "integer"}, {"type": "null"}]})",
     {"1", "null"},
     {"\"\""}},
    {"any_of_beside_others",
     R"({"type": "object", "properties": {"k": {"type": "string"}}, "required": ["k"],
         "anyOf": [{"properties": {"k": {"const": "a"}}},
                   {"properties": {"k": {"const": "b"}, "n": {"type": "integer"}}, "required": ["n"]}]})",
     {R"({"k":"a"})", R"({"k":"b","n":1})"},
     {R"({"k":"b"})", R"({"k":"c"})"}},
    {"one_of_types",
     R"({"oneOf": [{"type": "integer"}, {"type": "string"}]})",
     {"1", "\"\""},
     {"null"}},
    {"one_of_constants",
     R"({"oneOf": [{"properties": {"t": {"const": 1}, "a": {"type": "null"}}, "required": ["t"]},
                   {"properties": {"t": {"const": 2}}, "required": ["t"]}]})",
     {R"({"t":1,"a":null})", R"({"t":2})"},
     {R"({"t":2,"a":null})"}},
    {"one_of_keys",
     R"({"oneOf": [{"properties": {"a": {}}, "required": ["a"]},
                   {"properties": {"b": {}}, "required": ["b"]}]})",
     {R"({"a":1})", R"({"b":1})"},
     {R"({"a":1,"b":1})", "{}"}},
    {"one_of_ranges",
     R"({"oneOf": [{"type": "integer", "maximum": 3}, {"type": "integer", "exclusiveMinimum": 3}]})",
     {"3", "4"},
     {"3.5"}},
    {"all_of",
     R"({"allOf": [{"properties": {"a": {"minimum": 1}}}, {"properties": {"a": {"maximum": 3}, "b": {"type": "null"}}, "required": ["b"]}]})",
     {R"({"a":2,"b":null})"},
     {R"({"a":4,"b":null})", R"({"a":0,"b":null})", R"({"a":2})"}},
    {"references",
     R"({"$defs": {"n/a": {"type": "integer"}}, "items": {"$ref": "#/$defs/n~1a"}})",
     {"[1]"},
     {"[null]"}},
    {"reference_beside_others",
     R"({"$defs": {"n": {"type": "integer"}}, "$ref": "#/$defs/n", "minimum": 5})",
     {"5"},
     {"4"}},
    {"recursion",
     R"({"type": "object", "properties": {"v": {"type": "integer"}, "next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}}, "required": ["v", "next"]})",
     {R"({"v":1,"next":null})", R"({"v":1,"next":{"v":2,"next":null}})"},
     {R"({"v":1})", R"({"v":1,"next":{}})"}},
    {"false_property_is_left_out",
     R"({"properties": {"a": {"type": "null"}, "b": false}})",
     {"{}", R"({"a":null})"},
     {R"({"b":1})"}},

    {"lengths",
     R"({"type": "string", "minLength": 2, "maxLength": 3})",
     {"\"ab\"", "\"abc\"", R"("\ud83d\ude00\n")", "\"\xc3\xa9\xc3\xa9\""},
     {"\"a\"", "\"abcd\"", "\"\xc3\xa9\""}},
    {"pattern_is_found_anywhere",
     R"({"pattern": "b+"})",
     {"\"abc\"", "\"b\""},
     {"\"ac\""}},
    {"pattern_at_its_place",
     R"({"pattern": "^(a|b)$|^c"})",
     {"\"a\"", "\"cx\""},
     {"\"ab\"", "\"xc\""}},
    {"pattern_with_counts",
     R"({"pattern": "^(?:ab?){2,3}-[^\\d\\s]{1,}?\\u00e9*$"})",
     {"\"aba-x\"", "\"aaa-xy\xc3\xa9\""},
     {"\"a-x\"", "\"aa-1\"", "\"aaaa-x\""}},
    {"pattern_in_json",
     R"({"pattern": "^[\"\\\\\\x01-\\x1f]+$"})",
     {R"("\"\\\n\u0001")"},
     {"\"a\"", "\"\n\""}},
    {"pattern_and_length",
     R"({"pattern": "^[a-z]+$", "maxLength": 3, "minLength": 2})",
     {"\"ab\"", "\"abc\""},
     {"\"a\"", "\"abcd\""}},
    {"two_patterns",
     R"({"allOf": [{"pattern": "a"}, {"pattern": "b"}], "maxLength": 3})",
     {"\"ab\"", "\"bxa\""},
     {"\"a\"", "\"axxb\""}},
    {"date",
     R"({"format": "date"})",
     {"\"2024-02-29\"", "\"1999-12-31\"", "\"2000-02-29\""},
     {"\"2023-02-29\"", "\"1900-02-29\"", "\"2024-04-31\"", "\"2024-13-01\"",
      "\"0000-01-01\""}},
    {"date_time",
     R"({"format": "date-time"})",
     {"\"2024-02-29T23:59:59.5Z\"", "\"2024-01-01T00:00:00+01:30\""},
     {"\"2024-01-01\"", "\"2024-01-01T24:00:00Z\""}},
    {"uuid",
     R"({"format": "uuid"})",
     {"\"123e4567-e89b-12d3-a456-426614174000\""},
     {"\"123e4567\""}},
    {"ipv4",
     R"({"format": "ipv4"})",
     {"\"0.10.199.255\""},
     {"\"1.2.3\"", "\"1.2.3.256\"", "\"01.2.3.4\""}},
    {"email",
     R"({"format": "email"})",
     {"\"a.b+c@example.org\""},
     {"\"a@\"", "\"a..b@example.org\""}},

    {"whole_bounds",
     R"({"type": "integer", "minimum": -12, "maximum": 105})",
     {"-12", "-9", "0", "7", "99", "100", "105"},
     {"-13", "-20", "106", "200", "-0", "1.0"}},
    {"open_whole_bounds",
     R"({"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 10.5})",
     {"1", "10"},
     {"0", "11"}},
    {"least_whole",
     R"({"type": "integer", "minimum": 1})",
     {"1", "999999999999999"},
     {"0", "-1"}},
    {"large_bounds",
     R"({"type": "integer", "minimum": 9223372036854775800, "maximum": 9223372036854775807})",
     {"9223372036854775807"},
     {"9223372036854775808", "9223372036854775799"}},
    {"negative_bounds",
     R"({"type": "integer", "maximum": -5})",
     {"-5", "-123"},
     {"-4", "0", "5"}},
    {"multiples",
     R"({"type": "integer", "multipleOf": 7, "minimum": 0})",
     {"0", "7", "14", "700"},
     {"1", "8", "-7"}},
    {"bounds",
     R"({"type": "number", "minimum": -0.25, "exclusiveMaximum": 1.5})",
     {"-0.25", "-0.1", "0", "0.0", "1.49999", "1"},
     {"-0.26", "-0.251", "1.5", "1.50", "2", "-1", "-0", "1e0"}},
    {"bounds_from_powers",
     R"({"type": "number", "minimum": 1e2, "maximum": 12.5e1})",
     {"100", "125.0", "124.9"},
     {"99.9", "125.1"}},
    {"numbers_without_a_type",
     R"({"minimum": 5})",
     {"5", "5.5"},
     {"4", "\"\""}},
};
INSTANTIATE_TEST_SUITE_P(All, SchemaValues, testing::ValuesIn(cases),
                         [](const auto &info) { return info.param.name; });

TEST(Schema, NamesWhatItDoesNotEnforce) {
  EXPECT_EQ(schemaFailure(R"({"properties": {"a/b": {"not": {}}}})"),
            "1: #/properties/a~1b/not: this keyword is not supported");
  EXPECT_EQ(schemaFailure(R"({"type": "array", "uniqueItems": true})"),
            "1: #/uniqueItems: is only supported for up to 10 values listed by "
            "items");
  EXPECT_EQ(schemaFailure(R"J({"pattern": "a(?=b)"})J"),
            "1: #/pattern: (?= is not supported");
  EXPECT_EQ(schemaFailure(R"({"pattern": "\\bword"})"),
            "1: #/pattern: \\b is not supported");
  EXPECT_EQ(schemaFailure(R"({"format": "iri"})"),
            "1: #/format: format 'iri' is not supported");
  EXPECT_EQ(schemaFailure(R"({"$ref": "https://example.org/s.json"})"),
            "1: #/$ref: expected a place in this schema, found "
            "'https://example.org/s.json'");
  EXPECT_EQ(schemaFailure(R"({"$ref": "#/$defs/missing"})"),
            "1: #/$ref: expected a place in this schema, found "
            "'#/$defs/missing'");
  EXPECT_EQ(schemaFailure(R"({"type": "number", "multipleOf": 0.01})"),
            "1: #/multipleOf: expected a whole number up to 1000000");
  EXPECT_EQ(
      schemaFailure(R"({"oneOf": [{"type": "integer"}, {"minimum": 2}]})"),
      "1: #/oneOf/1: a value of /0 may fit this, too; anyOf allows that");
  EXPECT_EQ(
      schemaFailure(
          R"({"oneOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}]})"),
      "1: #/oneOf/1: a value of /0 may fit this, too; anyOf allows that");
}

TEST(Schema, NamesWhatIsNoSchema) {
  EXPECT_EQ(schemaFailure("{\n\"a\": }"), "3: line 2: Invalid value.");
  EXPECT_EQ(schemaFailure(R"({"type": "object", "type": "array"})"),
            "3: line 1: expected each key once in an object");
  for (const char *half : {"\\udc00", "\\ud800", "\\ud800x", "\xff"})
    EXPECT_EQ(schemaFailure("{\"const\": \"" + std::string(half) + "\"}")
                  .substr(0, 11),
              "3: line 1: ")
        << half;
  EXPECT_EQ(schemaFailure("[]"), "3: #: expected a schema, true or false");
  EXPECT_EQ(schemaFailure(R"({"type": "int"})"),
            "3: #/type: expected the name of a type, or a list of them");
  EXPECT_EQ(schemaFailure(R"({"minLength": -1})"),
            "3: #/minLength: expected a whole number from 0 on");
  EXPECT_EQ(schemaFailure(R"({"anyOf": []})"),
            "3: #/anyOf: expected a list of schemas");
  EXPECT_EQ(schemaFailure(R"({"pattern": "(a"})"),
            "3: #/pattern: expected ) behind (");
  EXPECT_EQ(schemaFailure(R"({"items": {"properties": []}})"),
            "3: #/items/properties: expected an object of schemas");
}

TEST(Schema, RefusesWhatNoValueFits) {
  for (const char *text :
       {"false", R"({"type": "string", "enum": [1]})",
        R"({"type": "integer", "minimum": 3, "maximum": 2})",
        R"({"properties": {"a": {"$ref": "#"}}, "required": ["a"]})",
        R"({"allOf": [{"type": "string"}, {"type": "null"}]})",
        R"({"type": "string", "minLength": 3, "maxLength": 2})"})
    EXPECT_EQ(schemaFailure(text),
              "1: #: no value can be what the schema asks for");
}

TEST(Schema, RefusesWhatSaysNothingButItself) {
  EXPECT_EQ(schemaFailure(R"({"$ref": "#"})"),
            "1: #: refers to itself without anything between");
  EXPECT_EQ(schemaFailure(R"({"anyOf": [{"type": "null"}, {"$ref": "#"}]})"),
            "1: #: refers to itself without anything between");
  EXPECT_EQ(
      schemaFailure(
          R"({"$defs": {"a": {"allOf": [{"$ref": "#/$defs/b"}]}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"})"),
      "1: #/$defs/a: refers to itself without anything between");
}

TEST(Schema, OfAnyDepthIsRead) {
  std::string deep;
  for (int i = 0; i < 20000; ++i)
    deep += R"({"items":)";
  deep += "{}" + std::string(20000, '}');
  EXPECT_EQ(schemaFailure(deep), "");
  EXPECT_EQ(schemaFailure(R"({"const": )" + std::string(20000, '[') +
                          std::string(20000, ']') + "}"),
            "");
}

TEST(Schema, AnyJsonIsAnyObject) {
  Language language(grammar::Grammar::anyJson());
  EXPECT_TRUE(language.has(R"({"a": [1, "b", {"c": null}]})"));
  EXPECT_FALSE(language.has("[]"));
}

/// A thousand schemas that each refer to the next, from a thousand places.
TEST(Schema, RefusesWhatWouldTakeTooLong) {
  std::string chain = R"({"$defs": {)";
  for (int i = 0; i < 900; ++i)
    chain += "\"" + std::to_string(i) + R"(": {"$ref": "#/$defs/)" +
             std::to_string(i + 1) + "\"}, ";
  chain += R"("900": {}}, "prefixItems": [)";
  for (int i = 0; i < 1000; ++i)
    chain += (i ? R"(, {"$ref": "#/$defs/0", "title": ")" : R"({"title": ")") +
             std::to_string(i) + "\"}";
  EXPECT_NE(schemaFailure(chain + "]}").find("the schema is too complex"),
            std::string::npos);
  EXPECT_NE(
      schemaFailure(R"({"allOf": [{"pattern": "(a|b|c){1,100}(.{1,90}|x)*"},
                                  {"pattern": "([^a]{1,90}|.a){1,90}"}]})")
          .find("too large"),
      std::string::npos);
}
