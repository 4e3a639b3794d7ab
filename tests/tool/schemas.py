# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tool writes, held against the schemas in data/schema."""
import json
import pathlib
import unittest

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "data/schema"


def load(name):
    return json.loads((FOLDER / f"{name}.schema.json").read_text())


def check(name, instance):
    """Raises what tells where `instance` is not as data/schema/NAME.schema.json says."""
    try:
        import jsonschema
    except ImportError:
        raise unittest.SkipTest("Python's jsonschema is not there")
    schema = load(name)
    if "verify.schema.json" in json.dumps(schema):  # the one that another schema refers to
        schema["properties"]["verify"] = {"$ref": "#/$defs/of-verify"}
        verify = load("verify")
        schema["$defs"] |= verify.pop("$defs") | {"of-verify": verify}
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(instance)


def keys(node):
    """Every key that a schema knows."""
    if isinstance(node, list):
        return set().union(*map(keys, node)) if node else set()
    if not isinstance(node, dict):
        return set()
    own = {k for k, v in node.get("properties", {}).items() if isinstance(v, dict)}
    return own.union(*map(keys, node.values()))
