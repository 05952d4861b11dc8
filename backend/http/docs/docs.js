/* SPDX-License-Identifier: GPL-3.0-or-later */
"use strict";

/* Shows the OpenAPI document of this server. All text goes in as text, never as HTML. */

function element(name, properties, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}

function nameOf(reference) {
  return reference.split("/").pop();
}

function describeType(schema) {
  if (!schema)
    return "any";
  if (schema.$ref)
    return nameOf(schema.$ref);
  if (schema.anyOf)
    return schema.anyOf.map(describeType).join(" or ");
  if (schema.type === "array")
    return "list of " + describeType(schema.items);
  const types = [].concat(schema.type || "any").join(" or ");
  return schema.format ? `${types} (${schema.format})` : types;
}

function describeBounds(schema) {
  const bounds = [];
  if (schema.enum)
    bounds.push("one of " + schema.enum.join(", "));
  for (const [key, text] of [["minLength", "at least % characters"], ["maxLength", "at most % characters"],
                             ["minimum", "from %"], ["maximum", "to %"],
                             ["minItems", "at least % items"], ["maxItems", "at most % items"]])
    if (key in schema)
      bounds.push(text.replace("%", schema[key]));
  return bounds.join("; ");
}

function table(rows) {
  const body = element("tbody");
  for (const row of rows)
    body.append(element("tr", {}, element("th", { scope: "row" }, element("code", { textContent: row.name })),
      element("td", { textContent: row.type }), element("td", { textContent: row.required ? "required" : "" }),
      element("td", { className: "dim", textContent: [row.bounds, row.text].filter(Boolean).join(". ") })));
  return element("div", { className: "table" }, element("table", {}, body));
}

function fieldsOf(schema) {
  return Object.entries(schema.properties || {}).map(([name, field]) => ({
    name, type: describeType(field), required: (schema.required || []).includes(name),
    bounds: describeBounds(field), text: field.description,
  }));
}

function collectSchemas(schemas, schema, found) {
  if (!schema || typeof schema !== "object")
    return;
  if (schema.$ref) {
    const name = nameOf(schema.$ref);
    if (found.has(name))
      return;
    found.add(name);
    collectSchemas(schemas, schemas[name], found);
  }
  for (const value of Object.values(schema))
    collectSchemas(schemas, value, found);
}

function showSchema(schemas, title, schema) {
  const parts = [element("h3", { textContent: title })];
  const found = new Set();
  collectSchemas(schemas, schema, found);
  if (found.size === 0)
    parts.push(element("p", { className: "dim", textContent: "the bytes themselves" }));
  for (const name of found)
    parts.push(element("p", {}, element("code", { textContent: name })), table(fieldsOf(schemas[name])));
  return parts;
}

function showRoute(schemas, path, method, route) {
  const body = element("div", { className: "body" });
  const who = { none: "anybody", visitor: "the visitor of a chat", agent: "agents and above",
                supervisor: "supervisors and admins", admin: "admins" }[route["x-role"]];
  body.append(element("p", { textContent: "For " + who + "." }));
  if (route.parameters)
    body.append(element("h3", { textContent: "Parameters" }), table(route.parameters.map(parameter => ({
      name: parameter.name, type: `${describeType(parameter.schema)}, in the ${parameter.in}`, required: parameter.required,
      bounds: describeBounds(parameter.schema), text: parameter.description,
    }))));
  if (route.requestBody)
    for (const [type, content] of Object.entries(route.requestBody.content))
      body.append(...showSchema(schemas, "Body: " + type, content.schema));
  for (const [status, reply] of Object.entries(route.responses)) {
    const content = reply.content && Object.values(reply.content)[0];
    if (content && status !== "default")
      body.append(...showSchema(schemas, "Reply", content.schema));
  }
  return element("details", { id: route.operationId },
    element("summary", {}, element("span", { className: "method " + method, textContent: method.toUpperCase() }),
      element("code", { textContent: path }), element("span", { textContent: route.summary || "" })), body);
}

function showOperation(schemas, operation) {
  const body = element("div", { className: "body" }, element("p", { textContent: "A JSON text frame over the live stream." }));
  if (operation.schema)
    body.append(...showSchema(schemas, "Members beside op and ref", operation.schema));
  return element("details", {},
    element("summary", {}, element("span", { className: "method post", textContent: "OP" }),
      element("code", { textContent: operation.op }), element("span", { textContent: operation.summary || "" })), body);
}

function show(description) {
  const schemas = description.components.schemas;
  const groups = new Map();
  for (const [path, methods] of Object.entries(description.paths))
    for (const [method, route] of Object.entries(methods)) {
      const tag = (route.tags || ["server"])[0];
      if (!groups.has(tag))
        groups.set(tag, []);
      groups.get(tag).push({ node: showRoute(schemas, path, method, route),
                             text: `${method} ${path} ${route.summary || ""} ${tag}`.toLowerCase() });
    }
  for (const operation of description["x-stream-operations"])
    groups.get("stream").push({ node: showOperation(schemas, operation), text: `op stream ${operation.op} ${operation.summary}`.toLowerCase() });

  const main = document.getElementById("routes");
  const list = element("ul");
  main.textContent = "";
  for (const [tag, routes] of [...groups].sort()) {
    const section = element("section", { id: "group-" + tag }, element("h2", { textContent: tag }), ...routes.map(route => route.node));
    main.append(section);
    list.append(element("li", {}, element("a", { href: "#group-" + tag, textContent: tag })));
  }
  document.getElementById("tags").append(list);
  document.getElementById("version").textContent = description.info.version;
  document.getElementById("about").textContent = description.info.description;
  main.setAttribute("aria-busy", "false");
  return [...groups.values()].flat();
}

function filter(routes, words) {
  let shown = 0;
  for (const route of routes) {
    route.node.hidden = !words.every(word => route.text.includes(word));
    shown += !route.node.hidden;
  }
  for (const section of document.querySelectorAll("section"))
    section.hidden = !section.querySelector("details:not([hidden])");
  document.getElementById("count").textContent = `${shown} of ${routes.length} routes`;
}

async function start() {
  const search = document.getElementById("search");
  const reply = await fetch("/api/v1/openapi.json");
  const routes = show(await reply.json());
  const update = () => filter(routes, search.value.toLowerCase().split(/\s+/).filter(Boolean));
  search.addEventListener("input", update);
  update();
}

start();
