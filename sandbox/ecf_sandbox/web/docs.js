// Shows one OpenAPI document and sends what the bar at the top says along with every request to the provider API.
"use strict";

const { root, document: url } = document.currentScript.dataset;
const fields = document.getElementById("sent-along").elements;
const HEADERS = { date: "X-With-Server-Date", world: "X-Sandbox-World" };

for (const name of ["token", "date", "world"]) {
  fields[name].value = sessionStorage.getItem(name) ?? fields[name].defaultValue;
  fields[name].addEventListener("input", () => sessionStorage.setItem(name, fields[name].value.trim()));
}
// Enter in a field must not send the form.
fields.token.form.addEventListener("submit", (event) => event.preventDefault());

// What an operation's own form, or the Authorize dialogue, says is left as it is.
function sendAlong(request) {
  const target = new URL(request.url, location.href);
  if (target.origin !== location.origin || !target.pathname.startsWith(`${root}/api/`)) return request;
  const given = new Set(Object.keys(request.headers).map((name) => name.toLowerCase()));
  const token = fields.token.value.trim();
  if (token && !given.has("authorization")) request.headers.Authorization = `Bearer ${token}`;
  for (const [name, header] of Object.entries(HEADERS)) {
    const value = fields[name].value.trim();
    if (value && !given.has(header.toLowerCase())) request.headers[header] = value;
  }
  return request;
}

// Swagger UI fills every form with the examples. What may be left out is left out here, and its example is told.
function withEmptyForms(spec) {
  const items = Object.values(spec.paths);
  const operations = items.flatMap((item) => Object.values(item).filter((it) => it.parameters));
  const parameters = [...items, ...operations].flatMap((it) => it.parameters ?? []);
  for (const it of [...parameters, ...Object.values(spec.components?.parameters ?? {})]) {
    if (it.required || it.example === undefined) continue;
    const object = typeof it.example === "object";
    it.description = `${it.description ?? ""}\n\nSuch as \`${object ? JSON.stringify(it.example) : it.example}\`.`;
    if (object) it.example = {};
    else delete it.example;
  }
  return spec;
}

const show = (spec) => SwaggerUIBundle({
  spec: withEmptyForms(spec),
  dom_id: "#swagger-ui",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: true,
  requestInterceptor: sendAlong,
  tryItOutEnabled: true,
  validatorUrl: null,
});

// The examples are those of this provider in this world.
function load() {
  const token = fields.token.value.trim();
  const world = fields.world.value.trim();
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (world) headers["X-Sandbox-World"] = world;
  return fetch(url, { headers }).then((answer) => answer.json()).then(show);
}

for (const name of ["token", "world"]) fields[name].addEventListener("change", load);
load();
