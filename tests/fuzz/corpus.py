"""Sound requests to begin with: from the OpenAPI documents, from the recordings of the service, and the pages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from ecf_sandbox.api.routes import ID
from ecf_sandbox.scenario.loading import load_scenario, shipped
from ecf_sandbox.services import service_named
from ecf_sandbox.state.service import Service
from ecf_sandbox.tools.contract.documents import METHODS
from ecf_sandbox.web.ui.application import make_pages
from tests.conformance.recordings import cases_in, recorded
from tests.fuzz.request import Request
from tests.fuzz.subject import Subject, known_ids, story

RECORDED_OF_EACH_FAMILY = 12
HOST = (b"Host", b"127.0.0.1:8000")
JSON = (b"Content-Type", b"application/json")
PAGES = ("/", "/docs", "/docs/v3", "/docs/assets/swagger-ui.css", "/healthcheck", "/ui", "/_sandbox")


def corpus(service: str) -> list[Request]:
    """Every request to a service once, in a fixed order."""
    subject = Subject(service)
    found = [*routed(service), *documented(subject), *pages(subject), *recordings(service)]
    return list(dict.fromkeys(found))


def routed(service: str) -> Iterator[Request]:
    """Each route that the service has, whether a document tells of it or not."""
    ids = known_ids(service)
    for n, route in enumerate(service_named(service).routes):
        for version in route.versions:
            path = f"/api/v{version}{route.path}".replace(ID, ids[n % len(ids)].decode())
            yield Request(route.method, path.encode(), (HOST, _bearer(service)))


def documented(subject: Subject) -> Iterator[Request]:
    """Each operation of each document with the examples that it has in the default scenario."""
    service = subject.worlds.main.service
    for name in (*service.documents, "control"):
        for format in ("json", "yaml"):
            yield Request("GET", f"/_sandbox/openapi/{name}.{format}".encode(), (HOST,))
        reply = subject.send(Request("GET", f"/_sandbox/openapi/{name}.json".encode(), (HOST,)))
        tree = json.loads(reply.body)  # type: ignore[union-attr]
        headers = (HOST,) if name == "control" else (HOST, _bearer(service.name))
        for path, item in tree["paths"].items():
            for method in METHODS:
                if method in item:
                    yield from _of_operation(path, method.upper(), item[method], headers)


def _of_operation(
    path: str, method: str, operation: Mapping[str, Any], headers: tuple[tuple[bytes, bytes], ...]
) -> Iterator[Request]:
    query: list[str] = []
    for it in operation.get("parameters", ()):
        value = it.get("example", next((each["value"] for each in it.get("examples", {}).values()), ""))
        if it.get("in") == "path":
            path = path.replace(f"{{{it['name']}}}", quote(str(value), safe=""))
        elif it.get("in") == "query":
            query += _queries(it["name"], value)
    bodies = _bodies(operation)
    for body in bodies or [b""]:
        made = (*headers, JSON) if body else headers
        yield Request(method, path.encode(), made, body)
        if query:
            yield Request(method, f"{path}?{'&'.join(query)}".encode(), made, body)


def _queries(name: str, value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{name}[{member}]={quote(str(each))}" for member, each in value.items()]
    return [f"{name}={quote(str(value))}"]


def _bodies(operation: Mapping[str, Any]) -> list[bytes]:
    found = []
    for content in operation.get("requestBody", {}).get("content", {}).values():
        values = [content["example"]] if "example" in content else []
        values += [it["value"] for it in content.get("examples", {}).values() if "value" in it]
        found += [json.dumps(it).encode() for it in values]
        known = values[0] if values and isinstance(values[0], dict) else {}
        for name, schema in content.get("schema", {}).get("properties", {}).items():
            if name not in known:
                found.append(json.dumps({**known, name: _of_type(schema)}).encode())
    return found


def _of_type(schema: Mapping[str, Any]) -> Any:
    """A value that a schema allows, by its type alone where it has no example."""
    plain = {"string": "default", "integer": 1, "number": 0.5, "boolean": True, "array": [], "object": {}}
    return schema.get("example", next(iter(schema.get("enum", ())), plain.get(schema.get("type", "string"), "default")))


def pages(subject: Subject) -> Iterator[Request]:
    """Each route of the pages, filled with what is there, with and without `.json`."""
    service = subject.worlds.main.service
    told = [it for it in shipped(service.name) if load_scenario(it, seed="fuzz").steps]
    filled = {"world": "main", "number": "1", "file": "ui.css", "id": "1"}
    filled |= {"story": told[0], "event": next(iter(service.events)), "section": _section(service)}
    yield from (Request("GET", it.encode(), (HOST, (b"Accept", b"text/html"))) for it in PAGES)
    routes = make_pages(subject.worlds, None, lambda _: None).url_map  # type: ignore[arg-type,return-value]
    for rule in routes.iter_rules():
        _, path = rule.build(filled, append_unknown=False) or ("", rule.rule)
        form = (b"Content-Type", b"application/x-www-form-urlencoded")
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            body = b"full_name=Jane&days=1&to=2026-11-01T00:00:00Z&participant_id=x" if method == "POST" else b""
            yield Request(method, path.encode(), (HOST, form) if body else (HOST,), body)


def _section(service: Service) -> str:
    pages = service.part_or("pages", None)
    return pages.sections[-1].name if pages else "statements"


def recordings(service: str) -> Iterator[Request]:
    """What was asked of the real service, some of each family, by a provider of the default scenario."""
    for recording in (it for it in recorded() if it.service == service):
        for file in recording.case_files:
            for case in cases_in(file, slice(0, RECORDED_OF_EACH_FAMILY)):
                for step in case["steps"]:
                    if "request" in step:
                        yield _of_recording(step["request"], service)


def _of_recording(it: Mapping[str, Any], service: str) -> Request:
    target = it["path"] + (f"?{it['query']}" if it.get("query") else "")
    headers = [HOST] if it.get("token") is None else [HOST, _bearer(service)]
    headers += [(name.encode(), str(value).encode()) for name, value in it.get("headers", {}).items()]
    body = json.dumps(it["json"]).encode() if "json" in it else it.get("text", "").encode()
    return Request(it["method"], target.encode(), tuple(headers), body)


def _bearer(service: str) -> tuple[bytes, bytes]:
    return b"Authorization", f"Bearer {story(service).tokens[0]}".encode()
