#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The OpenAPI document is valid: against the OpenAPI Initiative's own schema (openapi-3.1-schema.json,
Apache-2.0, from spec.openapis.org/oas/3.1/schema), and in what a schema cannot say."""

import json
import os
import re
import subprocess
import tempfile
import unittest

import jsonschema

from server_process import Server

HERE = os.path.dirname(os.path.abspath(__file__))


def references(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


class Document(unittest.TestCase):
    def check(self, document):
        with open(os.path.join(HERE, "openapi-3.1-schema.json")) as schema_file:
            schema = json.load(schema_file)
        errors = list(jsonschema.Draft202012Validator(schema).iter_errors(document))
        self.assertEqual([error.message for error in errors], [])
        for schema in document["components"]["schemas"].values():
            jsonschema.Draft202012Validator.check_schema(schema)
        for reference in references(document):
            self.assertIn(reference.removeprefix("#/components/schemas/"), document["components"]["schemas"])
        self.check_operations(document)

    def check_operations(self, document):
        seen = set()
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                self.assertNotIn(operation["operationId"], seen)
                seen.add(operation["operationId"])
                self.assertTrue(operation["summary"], path)
                in_path = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
                self.assertEqual(in_path, set(re.findall(r"{(\w+)\*?}", path)), path)
                names = [(p["in"], p["name"]) for p in operation.get("parameters", [])]
                self.assertEqual(len(names), len(set(names)), path)
                if operation["x-role"] != "none":
                    self.assertEqual(len(operation["security"]), 1)

    def test_of_the_ring(self):
        with Server() as server:
            document = server.request("GET", "/api/v1/openapi.json").json()
        self.check(document)
        message = document["components"]["schemas"]["TestMessage"]
        self.assertEqual(message["required"], ["body"])
        self.assertEqual(message["properties"]["body"], {"type": "string", "description": "The text", "minLength": 1, "maxLength": 4000})

    def test_of_the_whole_server(self):
        with tempfile.TemporaryDirectory() as directory:
            process = subprocess.Popen([os.environ["GUICHED"], "--data", directory, "--port", "0", "--demo"],
                                       stdout=subprocess.PIPE, text=True)
            try:
                url = json.loads(process.stdout.readline())["url"]
                text = subprocess.run(["curl", "-sf", url + "/api/v1/openapi.json"], check=True, capture_output=True).stdout
                document = json.loads(text)
                self.check(document)
                self.assertIn("/api/v1/conversations/{id}/messages", document["paths"])
                self.assertIn("message.send", [op["op"] for op in document["x-stream-operations"]])
                health = subprocess.run(["curl", "-sf", url + "/metrics"], check=True, capture_output=True).stdout
                subprocess.run(["promtool", "check", "metrics"], input=health, check=True)
            finally:
                process.terminate()
                self.assertEqual(process.wait(timeout=60), 0)
                process.stdout.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
