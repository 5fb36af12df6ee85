"""validate.py SCHEMA: every line of standard input is JSON that the schema accepts."""
import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
count = 0
for line in sys.stdin:
    jsonschema.Draft202012Validator(schema).validate(json.loads(json.loads(line)["text"]))
    count += 1
print(count, "answers fit")
