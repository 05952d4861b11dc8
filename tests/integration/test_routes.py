# SPDX-License-Identifier: GPL-3.0-or-later
"""Every route of the real server, as its own OpenAPI document lists them: who may call it, and that no
field of any body or query takes what its schema refuses. A new route is tried without a line here."""

import re
import unittest
import urllib.parse

from guiched import Server, new_id

RANKS = ["none", "visitor", "agent", "supervisor", "admin"]
STREAMS = ("/api/v1/stream", "/api/v1/webchat/stream")


class Routes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.document = cls.server.client().get("/api/v1/openapi.json").json()
        cls.clients = {"visitor": cls.server.open_visit(), "agent": cls.server.sign_in("ana"),
                       "supervisor": cls.server.sign_in("sofia"), "admin": cls.server.sign_in("admin")}

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def operations(self):
        for template, operations in self.document["paths"].items():
            for method, operation in operations.items():
                yield method.upper(), template, operation

    def path_of(self, template):
        path = template.replace("{tenant}", "demo").replace("{key}", "commercial")
        return re.sub(r"\{\w+\*?\}", lambda match: new_id(), path)

    def resolve(self, schema):
        while "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        return schema

    def body_schema(self, operation):
        content = operation.get("requestBody", {}).get("content", {})
        return self.resolve(content["application/json"]["schema"]) if "application/json" in content else None

    def call(self, client, method, template, operation, body=None):
        if body is None and "requestBody" in operation:
            body = {} if self.body_schema(operation) is not None else b"x"
        return client.request(method, self.path_of(template), body)

    # --- who may ---
    def test_without_a_token(self):
        for method, template, operation in self.operations():
            if operation["x-role"] == "none":
                continue
            for token in (None, "x.y.z", self.clients["agent"].token[:-2] + "xx"):
                reply = self.call(self.server.client(token), method, template, operation)
                self.assertEqual((reply.status, reply.code), (401, "unauthenticated"), (method, template))

    def test_with_too_low_a_role(self):
        for method, template, operation in self.operations():
            role = operation["x-role"]
            for rank in RANKS[1:]:
                is_allowed = rank == "visitor" if role == "visitor" else RANKS.index(rank) >= RANKS.index(role)
                if role == "none" or is_allowed:
                    continue
                reply = self.call(self.clients[rank], method, template, operation)
                self.assertEqual((reply.status, reply.code), (403, "forbidden"), (method, template, rank))

    def test_unknown_ids(self):
        for method, template, operation in self.operations():
            if not re.search(r"\{\w*id\}", template) or operation["x-role"] == "none":
                continue
            client = self.clients["visitor" if operation["x-role"] == "visitor" else "admin"]
            schema = self.body_schema(operation)
            body = {name: self.good(field) for name, field in schema["properties"].items()
                    if name in schema["required"]} if schema else None
            reply = self.call(client, method, template, operation, body)
            self.assertIn(reply.status, (400, 404), (method, template, reply.body))
            self.assertIn(reply.code, ("not-found", "invalid-request"), (method, template))

    def test_other_methods(self):
        for template, operations in self.document["paths"].items():
            for method in ("PUT", "DELETE", "TRACE", "PATCH"):
                if method.lower() in operations:
                    continue
                reply = self.clients["admin"].request(method, self.path_of(template))
                self.assertEqual(reply.status, 405, (method, template))
                self.assertIn("allow", reply.headers)

    # --- what it takes ---
    def good(self, field):
        field = self.resolve(field)
        kind = field.get("type", "string")
        kind = kind[0] if isinstance(kind, list) else kind
        if "enum" in field:
            return field["enum"][0]
        if field.get("format") == "uuid":
            return new_id()
        return {"string": "x" * max(1, field.get("minLength", 1)), "integer": field.get("minimum", 1), "boolean": True,
                "array": [self.good(field["items"])] * field.get("minItems", 0) if kind == "array" else None, "object": {}}[kind]

    def bad(self, field):
        """Values the schema of @field refuses."""
        field = self.resolve(field)
        kind = field.get("type")
        kind = kind[0] if isinstance(kind, list) else kind
        others = {"string": 7, "integer": "x", "boolean": "true", "array": {}, "object": []}
        values = [others[kind]] if kind in others else []
        if kind == "string" and ("enum" in field or field.get("format") == "uuid"):
            values.append("no such thing")
        if "maxLength" in field:
            values.append("x" * (field["maxLength"] + 1))
        if field.get("minLength"):
            values.append("")
        if "maximum" in field:
            values += [field["maximum"] + 1, field["minimum"] - 1, 1.5]
        if "maxItems" in field:
            values.append([self.good(field["items"])] * (field["maxItems"] + 1))
        return values

    def client_for(self, operation):
        return {"none": self.server.client(), "visitor": self.clients["visitor"]}.get(operation["x-role"], self.clients["admin"])

    def assert_names(self, reply, name, what):
        self.assertEqual(reply.status, 400, (what, reply.body))
        self.assertEqual(reply.code, "invalid-request", what)
        self.assertEqual(re.split(r"[.\[]", reply.json()["error"]["details"]["field"])[0], name, what)

    def test_bad_fields(self):
        tried = 0
        for method, template, operation in self.operations():
            schema = self.body_schema(operation)
            if schema is None:
                continue
            required = {name: self.good(schema["properties"][name]) for name in schema["required"]}
            for name, field in schema["properties"].items():
                for value in self.bad(field) + ([None] if name in required else []):
                    reply = self.call(self.client_for(operation), method, template, operation, {**required, name: value})
                    self.assert_names(reply, name, (method, template, name, str(value)[:40]))
                    tried += 1
        self.assertGreater(tried, 150)

    def test_bad_query(self):
        tried = 0
        for method, template, operation in self.operations():
            if template in STREAMS:
                continue
            for parameter in operation.get("parameters", []):
                if parameter["in"] != "query":
                    continue
                for value in self.bad(parameter["schema"]):
                    kind = parameter["schema"]["type"]
                    if kind == "boolean":
                        value = "maybe"
                    if value == "" or kind == "string" and not isinstance(value, str):
                        continue  # in a query everything is text, and empty is none
                    client = self.client_for(operation)
                    body = b"x" if "requestBody" in operation else None
                    query = {other["name"]: self.good(other["schema"]) for other in operation["parameters"]
                             if other["in"] == "query" and other["required"]}
                    query = urllib.parse.urlencode({**query, parameter["name"]: value})
                    reply = client.request(method, f"{self.path_of(template)}?{query}", body)
                    self.assert_names(reply, parameter["name"], (method, template, parameter["name"], str(value)[:40]))
                    tried += 1
        self.assertGreater(tried, 20)

    def test_bodies_that_are_no_json(self):
        for method, template, operation in self.operations():
            if self.body_schema(operation) is None:
                continue
            client = self.client_for(operation)
            for body in (b"{", b"[]", b"null", b"\xff\xfe", b'{"a":1,"a":2}', b"{'a':1}", b"[" * 50000):
                reply = client.request(method, self.path_of(template), body, headers={"Content-Type": "application/json"})
                self.assertEqual((reply.status, reply.code), (400, "invalid-json"), (method, template, body[:20]))
            reply = client.request(method, self.path_of(template), b"{}", headers={"Content-Type": "text/plain"})
            self.assertEqual((reply.status, reply.code), (415, "unsupported-type"), (method, template))


if __name__ == "__main__":
    unittest.main(verbosity=2)
