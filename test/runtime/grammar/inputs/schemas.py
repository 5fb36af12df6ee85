"""Schemas whose texts are judged by jsonschema: one fact or one usual shape each."""

STRING, INTEGER, NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}
BOOLEAN, NULL = {"type": "boolean"}, {"type": "null"}


def thing(properties, **others):
    return {"type": "object", "properties": properties, "required": list(properties), **others}


TREE = {
    "$ref": "#/$defs/node",
    "$defs": {
        "node": thing(
            {"value": INTEGER, "children": {"type": "array", "items": {"$ref": "#/$defs/node"}, "maxItems": 2}}
        )
    },
}
EXPRESSION = {
    "$ref": "#/$defs/e",
    "$defs": {
        "e": {
            "oneOf": [
                thing({"op": {"const": "number"}, "value": NUMBER}),
                thing({"op": {"const": "negate"}, "of": {"$ref": "#/$defs/e"}}),
                thing({"op": {"enum": ["add", "times"]}, "left": {"$ref": "#/$defs/e"}, "right": {"$ref": "#/$defs/e"}}),
            ]
        }
    },
}
ADDRESS = thing(
    {
        "street": {"type": "string", "minLength": 1, "maxLength": 40},
        "zip": {"type": "string", "pattern": "^[0-9]{5}(-[0-9]{4})?$"},
        "country": {"enum": ["DE", "FR", "US"]},
    },
    additionalProperties=False,
)

SCHEMAS = [
    True,
    {},
    STRING,
    INTEGER,
    NUMBER,
    BOOLEAN,
    NULL,
    {"type": "object"},
    {"type": "array"},
    {"type": ["string", "integer", "null"]},
    # Objects.
    thing({"a": INTEGER, "b": STRING}),
    {"type": "object", "properties": {"a": INTEGER, "b": STRING, "c": NULL}},
    {"type": "object", "properties": {"a": INTEGER, "b": STRING, "c": NULL}, "required": ["b"]},
    {"properties": {"a": INTEGER}, "additionalProperties": False},
    {"properties": {"a": INTEGER, "ab": NULL}, "additionalProperties": STRING},
    {"type": "object", "additionalProperties": INTEGER, "minProperties": 1, "maxProperties": 3},
    {"properties": {"a": {}, "b": {}, "c": {}, "d": {}}, "minProperties": 2, "maxProperties": 3},
    {"type": "object", "patternProperties": {"^x[0-9]+$": INTEGER, "^y": STRING}, "additionalProperties": False},
    {"type": "object", "propertyNames": {"pattern": "^[a-z]{1,4}$"}, "additionalProperties": BOOLEAN},
    {"type": "object", "propertyNames": {"enum": ["x", "y"]}, "additionalProperties": NUMBER},
    {"type": "object", "propertyNames": {"maxLength": 3}, "properties": {"ab": NULL}, "additionalProperties": NUMBER},
    {"type": "object", "required": ["z"], "additionalProperties": INTEGER},
    thing({'quote" \\ \n key': INTEGER, "ключ": STRING}),
    {"properties": {"a": INTEGER}, "unevaluatedProperties": False},
    ADDRESS,
    thing({"name": STRING, "home": ADDRESS, "work": {"anyOf": [ADDRESS, NULL]}}),
    # Arrays.
    {"type": "array", "items": INTEGER},
    {"type": "array", "items": STRING, "minItems": 2, "maxItems": 4},
    {"type": "array", "minItems": 1, "maxItems": 1},
    {"type": "array", "prefixItems": [STRING, INTEGER], "items": BOOLEAN, "minItems": 1},
    {"type": "array", "prefixItems": [STRING, INTEGER], "items": False, "minItems": 2},
    {"type": "array", "prefixItems": [NULL], "minItems": 3},
    {"type": "array", "items": {"type": "array", "items": {"type": "array", "items": NUMBER}}},
    {"type": "array", "uniqueItems": True, "maxItems": 1},
    {"type": "array", "items": {"enum": ["a", "ab", 1, None]}, "uniqueItems": True, "minItems": 1},
    # Values.
    {"enum": ["red", "green", "blue", "redder"]},
    {"enum": [1, 2.5, -3e2, None, True, [1, {"a": []}], {"b": {}}, ""]},
    {"const": {"nested": ["a\u0001\"\\/", 1e3]}},
    {"enum": [1, 2, 3, 4, 5, 6], "minimum": 2, "multipleOf": 2},
    {"enum": ["a", "bb", "ccc"], "minLength": 2},
    {"type": ["integer", "null"], "enum": [1, None, "x", 1.5]},
    # Combinations.
    {"anyOf": [STRING, INTEGER, {"type": "array", "items": NULL}]},
    {"oneOf": [STRING, INTEGER, NULL]},
    {"oneOf": [{"type": "integer", "maximum": 0}, {"type": "integer", "minimum": 10}]},
    {"oneOf": [thing({"a": INTEGER}), thing({"b": INTEGER})]},
    {
        "oneOf": [
            thing({"kind": {"const": "circle"}, "radius": {"type": "number", "exclusiveMinimum": 0}}),
            thing({"kind": {"const": "box"}, "width": NUMBER, "height": NUMBER}),
        ]
    },
    {"allOf": [thing({"a": {"minimum": 1}}), {"properties": {"a": {"type": "integer", "maximum": 5}}}]},
    {"allOf": [{"type": "string", "minLength": 2}, {"pattern": "x"}, {"maxLength": 5}]},
    {
        "type": "object",
        "properties": {"mode": STRING},
        "required": ["mode"],
        "anyOf": [
            {"properties": {"mode": {"const": "fast"}}},
            {"properties": {"mode": {"const": "slow"}, "delay": INTEGER}, "required": ["delay"]},
        ],
    },
    {"$defs": {"n": {"type": "integer"}}, "items": {"$ref": "#/$defs/n"}, "type": "array"},
    {"$defs": {"n": {"type": "integer"}}, "$ref": "#/$defs/n", "minimum": 5, "maximum": 50},
    {"type": "object", "properties": {"next": {"$ref": "#"}, "v": INTEGER}, "required": ["v"]},
    TREE,
    EXPRESSION,
    # Strings.
    {"type": "string", "minLength": 3},
    {"type": "string", "maxLength": 6},
    {"type": "string", "minLength": 4, "maxLength": 4},
    {"type": "string", "pattern": "^[a-f]+$"},
    {"type": "string", "pattern": "[0-9]{2}"},
    {"type": "string", "pattern": "^(foo|ba[rz])*$", "maxLength": 12},
    {"type": "string", "pattern": "^a|b$"},
    {"type": "string", "pattern": "^\\$[0-9]{1,3}(,[0-9]{3})*\\.[0-9]{2}$"},
    {"type": "string", "pattern": "^\\S+ \\w+\\s\\d[^\\d]$"},
    {"type": "string", "pattern": "^[^\"\\\\]{2,5}$"},
    {"type": "string", "pattern": "^[\\u0000-\\u001f\"]{1,3}$"},
    {"type": "string", "pattern": "^\\+?[1-9]\\d{6,14}$"},
    {"type": "string", "pattern": "^#([0-9a-fA-F]{3}){1,2}$"},
    {"type": "string", "pattern": "^(?:(\\d{4})-)?.{1,3}$", "minLength": 2},
    {"type": "string", "format": "date"},
    {"type": "string", "format": "time"},
    {"type": "string", "format": "date-time"},
    {"type": "string", "format": "uuid"},
    {"type": "string", "format": "ipv4"},
    {"type": "string", "format": "ipv6"},
    {"type": "string", "format": "email"},
    {"type": "string", "format": "hostname"},
    {"type": "string", "format": "date", "pattern": "^20[0-4]"},
    # Numbers.
    {"type": "integer", "minimum": -12, "maximum": 105},
    {"type": "integer", "exclusiveMinimum": 0},
    {"type": "integer", "maximum": -1},
    {"type": "integer", "minimum": 1, "maximum": 1},
    {"type": "integer", "minimum": 98765, "maximum": 1234567},
    {"type": "integer", "multipleOf": 7},
    {"type": "integer", "multipleOf": 12, "minimum": 1000, "maximum": 5000},
    {"type": "integer", "minimum": -9223372036854775808, "maximum": 9223372036854775807},
    {"type": "number", "minimum": 0, "maximum": 1},
    {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    {"type": "number", "minimum": -273.15},
    {"type": "number", "exclusiveMaximum": -0.001, "minimum": -0.1},
    {"type": "number", "minimum": 1.5e2, "maximum": 1.75e2},
    {"type": "number", "multipleOf": 5, "maximum": 100, "minimum": 0},
    {"minimum": 3, "exclusiveMaximum": 4},
]
