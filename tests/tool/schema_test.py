# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds the job schema against the table that the manifest's parser is tested with.

schema_test.py SCHEMA TABLE EXAMPLE
"""

import json
import sys

try:
    import jsonschema
except ImportError:
    sys.exit(77)


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def not_json(word):
    raise ValueError(word)  # NaN, which Python would read


def check_table(validator, table):
    """A bad job is refused by the schema unless the table says that a schema cannot express it."""
    for case in table:
        manifest = case["manifest"]
        if isinstance(manifest, str):
            try:
                manifest = json.loads(manifest, parse_constant=not_json)
            except ValueError:
                assert not case["schema"], f"{case['name']}: not JSON for the schema"
                continue
        expected = case["ok"] or not case["schema"]
        found = validator.is_valid(manifest)
        assert found == expected, f"{case['name']}: the schema says {found}"


def supported(node, found):
    """The keys that a job may really use: later keys allow one value only."""
    for key, value in node.get("properties", {}).items():
        if "const" not in value:
            found.add(key)
    for value in node.values():
        if isinstance(value, dict):
            supported(value, found)
    return found


def keys(node):
    if isinstance(node, list):
        return set().union(*map(keys, node)) if node else set()
    if not isinstance(node, dict):
        return set()
    return set(node).union(*map(keys, node.values()))


def main():
    schema, table, example = map(load, sys.argv[1:4])
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    check_table(validator, table)
    validator.validate(example)
    absent = supported(schema, set()) - keys(example) - {"output"}  # instead of "outputs"
    assert not absent, f"the example lacks {sorted(absent)}"
    print(f"{len(table)} jobs")


main()
