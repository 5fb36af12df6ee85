"""Asks jsonschema, which shares nothing with tritc, about texts of grammars.

judge.py schemas              print the schemas, one on each line
judge.py valid                read grammar-walk's texts; all must be JSON that their schema accepts
judge.py instances SEED       print values that the schemas accept, spelled in several ways, for grammar-walk check
judge.py shapes SEED          print values that the schemas refuse, likewise

The last line says how many there were.
"""
import datetime
import json
import random
import re
import sys
import threading

import jsonschema
from jsonschema import Draft202012Validator as Validator

from schemas import SCHEMAS

# jsonschema leaves these to packages that are not installed.
checker = jsonschema.FormatChecker()
checker.checks("time", ValueError)(lambda v: "T" not in v and bool(datetime.time.fromisoformat(v)))
checker.checks("date-time", ValueError)(lambda v: v[10:11] == "T" and bool(datetime.datetime.fromisoformat(v)))
checker.checks("hostname")(lambda v: len(v) < 254 and bool(re.fullmatch(r"(?!-)[\w-]{1,63}(?<!-)(\.(?!-)[\w-]{1,63}(?<!-))*", v)))
validators = [Validator(s, format_checker=checker) for s in SCHEMAS]
# Of these formats every text is written, of others only plain ones.
WHOLE_FORMATS = {"date", "ipv4", "uuid"}

# What makes values that are near a schema: some fit, which jsonschema says.
WORDS = ["", "a", "ab", "x1", "foo", "bar", "fast", "slow", "red", "DE", "\né\"\\", "12345", "2024-02-29", "aaaa",
         "00:00:00Z", "127.0.0.1", "a@b.cd", "#fff", "+4912345678", "$1,000.00", "b", "ax"]
NUMBERS = [0, 1, -1, 2, 5, 7, 12, 42, 99, 105, 1008, -12, 100000, 0.5, -0.05, 0.25, 160.5, 3.5, -273.15, 10]


def resolve(schema, root):
    while isinstance(schema, dict) and "$ref" in schema:
        target = root
        for name in schema["$ref"].lstrip("#/").split("/"):
            target = target[name] if name else target
        schema = {**{k: v for k, v in schema.items() if k != "$ref"}, **target} if isinstance(target, dict) else target
    return schema


def guess(schema, root, rng, depth=0):
    """A value that is near the schema; by luck it fits."""
    schema = resolve(schema, root)
    if not isinstance(schema, dict) or depth > 6:
        return rng.choice([None, True, 1, "a", [], {}])
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return rng.choice(schema["enum"])
    for keyword in ("anyOf", "oneOf", "allOf"):
        if keyword in schema and not (keyword == "anyOf" and "properties" in schema and rng.random() < 0.3):
            choice = resolve(rng.choice(schema[keyword]), root)
            rest = {k: v for k, v in schema.items() if k != keyword}
            if keyword == "allOf":
                for part in schema[keyword]:
                    rest = {**rest, **resolve(part, root)}
                return guess(rest, root, rng, depth + 1)
            if isinstance(choice, dict):
                properties = {**rest.get("properties", {}), **choice.get("properties", {})}
                choice = {**rest, **choice}
                if properties:
                    choice["properties"] = properties
            return guess(choice, root, rng, depth + 1)
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = rng.choice(kind)
    if kind is None:
        kind = (
            "object" if schema.keys() & {"properties", "additionalProperties", "required", "patternProperties"}
            else "array" if schema.keys() & {"items", "prefixItems"}
            else "string" if schema.keys() & {"pattern", "minLength", "maxLength", "format"}
            else "number" if schema.keys() & {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
            else rng.choice(["null", "boolean", "integer", "string"])
        )
    if kind == "null":
        return None
    if kind == "boolean":
        return rng.random() < 0.5
    if kind in ("integer", "number"):
        low = schema.get("minimum", schema.get("exclusiveMinimum", -20))
        high = schema.get("maximum", schema.get("exclusiveMaximum", low + 1000))
        low = min(low, high)
        if kind == "number" and rng.random() < 0.5:
            return round(rng.uniform(low, high), rng.randrange(4))
        step = schema.get("multipleOf", 1)
        return rng.choice([rng.randint(int(low), max(int(low), int(high))) // step * step] + NUMBERS[:14])
    if kind == "string":
        return "".join(rng.choices(WORDS, k=rng.randrange(3))) if rng.random() < 0.5 else rng.choice(WORDS)
    if kind == "array":
        prefix = schema.get("prefixItems", [])
        count = rng.randint(schema.get("minItems", 0), min(schema.get("maxItems", 4), 4))
        return [guess(prefix[i] if i < len(prefix) else schema.get("items", {}), root, rng, depth + 1)
                for i in range(count)]
    value = {}
    for name, inner in schema.get("properties", {}).items():
        if name in schema.get("required", []) or rng.random() < 0.6:
            value[name] = guess(inner, root, rng, depth + 1)
    for name in schema.get("required", []):
        if name not in value:
            value[name] = guess(schema.get("additionalProperties", {}), root, rng, depth + 1)
    more = schema.get("additionalProperties", "properties" not in schema)
    if more:
        for name in rng.sample(["x", "y", "ab", "zz"], rng.randrange(3)):
            if name not in value:
                value[name] = guess(more, root, rng, depth + 1)
    for pattern, inner in schema.get("patternProperties", {}).items():
        if rng.random() < 0.7:
            value["x12" if "x" in pattern else "yes"] = guess(inner, root, rng, depth + 1)
    return value


def spellings(value):
    yield json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    yield json.dumps(value, ensure_ascii=False)
    yield json.dumps(value, ensure_ascii=False, indent=2)
    yield json.dumps(value, ensure_ascii=False, indent="\t")


def is_plain(value):
    """Numbers without exponents and with few digits, which every range spells."""
    if isinstance(value, dict):
        return all(is_plain(v) for v in value.values())
    if isinstance(value, list):
        return all(is_plain(v) for v in value)
    return not isinstance(value, float) or ("e" not in repr(value) and value != int(value))


def guesses(seed, wanted):
    rng = random.Random(seed)
    for index, schema in enumerate(SCHEMAS):
        for _ in range(150):
            value = guess(schema, schema, rng)
            if validators[index].is_valid(value) == wanted:
                yield index, value


def instances(seed, wanted=True):
    for index, value in guesses(seed, wanted):
        schema = SCHEMAS[index]
        is_part = isinstance(schema, dict) and schema.get("format") not in {None, *WHOLE_FORMATS}
        if wanted and (is_part or not is_plain(value)):
            continue
        for text in spellings(value):
            print(index, json.dumps(text), sep="\t")


def valid():
    texts, found, wrong = 0, set(), 0
    for line in sys.stdin:
        index, text = line.rstrip("\n").split("\t", 1)
        index = int(index)
        texts += 1
        found.add(index)
        try:
            validators[index].validate(json.loads(json.loads(text)))
        except (ValueError, jsonschema.ValidationError) as error:
            wrong += 1
            print(f"schema {index} {SCHEMAS[index]}: {text}: {error}".splitlines()[0])
    missing = [i for i in range(len(SCHEMAS)) if i not in found]
    if missing:
        print("no texts of", missing)
    print(f"{texts} texts of {len(found)} schemas, {wrong} wrong")


def main():
    match sys.argv[1]:
        case "schemas":
            for schema in SCHEMAS:
                print(json.dumps(schema))
        case "valid":
            valid()
        case "instances":
            instances(int(sys.argv[2]))
        case "shapes":
            instances(int(sys.argv[2]), wanted=False)


# Some texts are deep, and jsonschema calls itself for each level.
sys.setrecursionlimit(100000)
threading.stack_size(512 << 20)
thread = threading.Thread(target=main)
thread.start()
thread.join()
