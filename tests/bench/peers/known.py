"""The peers: what each is, how it is set up, and what it is asked."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.bench import __main__ as bench
from tests.bench.load import request
from tests.bench.peers.environments import NotInstalled, npm, npm_version, pip, pip_version
from tests.bench.peers.peer import Peer
from tests.bench.peers.wire import Connection
from tests.bench.servers import THREADS, sandbox_command, serving
from tests.bench.services import ECF, TOKEN

PARTICIPANTS = 200
SHOW, LIST, RECORD = "/api/show/1", "/api/list", "/api/record"
Documents = Mapping[str, Any]


def peers(folder: Path, wanted: tuple[str, ...] = ()) -> Iterator[Peer | tuple[str, str]]:
    """Each peer, set up in a folder, or its name and why it can't be had; or those whose name is wanted."""
    documents = sandbox_documents(folder)
    made: dict[str, Callable[[], Peer]] = {
        "ecf-sandbox": lambda: sandbox(folder),
        "bare Flask": lambda: bare(folder, documents),
        "Prism": lambda: prism(folder, documents),
        "Mockoon": lambda: mockoon(folder, documents),
        "json-server": lambda: json_server(folder, documents),
        "WireMock": lambda: wiremock(folder, documents),
        "moto": moto,
        "localstripe": localstripe,
    }
    for name, make in made.items():
        if not wanted or name in wanted or name == "ecf-sandbox":
            try:
                yield make()
            except NotInstalled as why:
                yield name, str(why)


def sandbox_documents(folder: Path) -> Documents:
    """What the sandbox answers to each kind of request, for those that answer fixed documents."""
    with serving(sandbox_command(folder, PARTICIPANTS)) as server:
        return bench.Subject.of(server, PARTICIPANTS).documents()


def sandbox(folder: Path) -> Peer:
    """This project."""
    from ecf_sandbox import __version__

    options = ("--quiet", *ECF.options(folder, PARTICIPANTS))

    def command(port: int) -> list[str]:
        return [sys.executable, "-m", "ecf_sandbox", "serve", "--port", str(port), *options]

    def requests(url: str) -> Mapping[str, Callable[[int], bytes]]:
        class At:  # as `make bench` has it, which asks for a server
            pass

        At.url = url  # type: ignore[attr-defined]
        make = bench.Subject.of(At, PARTICIPANTS).make  # type: ignore[arg-type]
        return {"create": make["POST a declaration"], **{it: make[it] for it in ("show", "list of 100", "reset")}}

    return Peer(
        "ecf-sandbox",
        __version__,
        "a participant, a declaration with all rules judged",
        command,
        requests,
        lambda url: request(url, "/api/v3/participants/ecf?page[per_page]=1", token=TOKEN),
        starting=lambda port: [sys.executable, "-m", "ecf_sandbox", "serve", "--port", str(port), "--quiet"],
    )


def bare(folder: Path, documents: Documents) -> Peer:
    """The floor: Flask on waitress, which answers constant documents with jsonify."""
    file = folder / "bare.json"
    file.write_text(json.dumps(documents))
    program = str(Path(__file__).with_name("bare_server.py"))
    return Peer(
        "bare Flask",
        "on waitress",
        "constant documents with jsonify; no state",
        lambda port: [sys.executable, program, str(file), str(port), str(THREADS)],
        lambda url: _fixed(url, documents),
        _show_fixed,
    )


def prism(folder: Path, documents: Documents) -> Peer:
    """Answers the examples of an OpenAPI document."""
    home = npm("@stoplight/prism-cli")
    file = folder / "prism.json"
    file.write_text(json.dumps(_openapi(documents)))
    program = str(home / "node_modules" / ".bin" / "prism")
    return Peer(
        "Prism",
        npm_version(home, "@stoplight/prism-cli"),
        "examples of an OpenAPI document; no state",
        lambda port: [program, "mock", "--host", "127.0.0.1", "--port", str(port), str(file)],
        lambda url: _fixed(url, documents),
        _show_fixed,
    )


def mockoon(folder: Path, documents: Documents) -> Peer:
    """Answers the bodies of an environment file."""
    home = npm("@mockoon/cli")
    file = folder / "mockoon.json"
    file.write_text(json.dumps(_environment(documents)))
    program = str(home / "node_modules" / ".bin" / "mockoon-cli")
    options = ("--disable-log-to-file", "--disable-admin-api")
    return Peer(
        "Mockoon",
        npm_version(home, "@mockoon/cli"),
        "bodies of an environment file; no state",
        lambda port: [program, "start", "--data", str(file), "--port", str(port), *options],
        lambda url: _fixed(url, documents),
        _show_fixed,
    )


def json_server(folder: Path, documents: Documents) -> Peer:
    """A file of JSON as a REST API, with state and without rules."""
    home = npm("json-server")
    file = folder / "db.json"

    def command(port: int) -> list[str]:
        rows = [{**it, "id": str(n)} for n, it in enumerate(documents["list"]["data"])]
        file.write_text(json.dumps({"participants": rows, "declarations": []}))
        return [
            str(home / "node_modules" / ".bin" / "json-server"),
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            str(file),
        ]

    def requests(url: str) -> Mapping[str, Callable[[int], bytes]]:
        body = json.dumps(documents["record"]["data"]["attributes"]).encode()
        return {
            "show": lambda n: request(url, f"/participants/{n % 100}"),
            "list of 100": lambda _: request(url, "/participants"),
            "create": lambda _: request(url, "/declarations", method="POST", body=body),
        }

    about = "a file of JSON as REST; each create writes the file; no reset"
    version = npm_version(home, "json-server")
    return Peer("json-server", version, about, command, requests, lambda url: request(url, "/participants/1"))


def wiremock(folder: Path, documents: Documents) -> Peer:
    """Answers stubs that match; the standalone jar."""
    if shutil.which("java") is None:
        raise NotInstalled("there is no java")
    home = npm("wiremock")
    jars = sorted((home / "node_modules" / "wiremock").rglob("*.jar"))
    if not jars:
        raise NotInstalled("the package of npm has no jar")
    root = folder / "wiremock"
    (root / "mappings").mkdir(parents=True, exist_ok=True)
    for n, (method, path, body) in enumerate(_answers(documents)):
        answer = {"status": 200, "headers": {"Content-Type": "application/json"}, "body": body}
        stub = {"request": {"method": method, "urlPath": path}, "response": answer}
        (root / "mappings" / f"{n}.json").write_text(json.dumps(stub))
    options = (
        "--root-dir",
        str(root),
        "--bind-address",
        "127.0.0.1",
        "--disable-banner",
        "--max-request-journal",
        "1000",
    )
    return Peer(
        "WireMock",
        npm_version(home, "wiremock"),
        "stubs of constant bodies; reset of its request journal",
        lambda port: ["java", "-jar", str(jars[0]), "--port", str(port), *options],
        lambda url: {**_fixed(url, documents), "reset": lambda _: request(url, "/__admin/requests", method="DELETE")},
        _show_fixed,
    )


def moto() -> Peer:
    """AWS: objects of S3."""
    home = pip("moto[server]")
    made = f"<?xml version='1.0'?>{'x' * 900}".encode()

    def prepare(url: str) -> None:
        ask = Connection(url).ask
        ask(_s3(url, "/bucket", "PUT"))
        for n in range(100):
            ask(_s3(url, f"/bucket/key-{n:03}", "PUT", made))

    def requests(url: str) -> Mapping[str, Callable[[int], bytes]]:
        return {
            "show": lambda n: _s3(url, f"/bucket/key-{n % 100:03}"),
            "list of 100": lambda _: _s3(url, "/bucket?list-type=2&prefix=key-"),
            "create": lambda n: _s3(url, f"/bucket/new-{n}", "PUT", made),
            # Last of all, since what is listed is gone then.
            "reset": lambda _: request(url, "/moto-api/reset", method="POST", body=b"{}"),
        }

    return Peer(
        "moto",
        pip_version(home, "moto"),
        "S3: an object, 100 keys in XML, a new object",
        lambda port: [str(home / "bin" / "moto_server"), "-H", "127.0.0.1", "-p", str(port)],
        requests,
        lambda url: _s3(url, "/"),
        prepare=prepare,
    )


def localstripe() -> Peer:
    """Stripe: customers."""
    home = pip("localstripe")

    def prepare(url: str) -> None:
        ask = Connection(url).ask
        for n in range(100):
            ask(_customer(url, n))

    def requests(url: str) -> Mapping[str, Callable[[int], bytes]]:
        listed = json.loads(Connection(url).ask(_stripe(url, "/v1/customers?limit=100"))[1])["data"]
        ids = [it["id"] for it in listed]
        return {
            "show": lambda n: _stripe(url, f"/v1/customers/{ids[n % len(ids)]}"),
            "list of 100": lambda _: _stripe(url, "/v1/customers?limit=100"),
            "create": lambda n: _customer(url, n),
            "reset": lambda _: request(url, "/_config/data", method="DELETE"),
        }

    return Peer(
        "localstripe",
        pip_version(home, "localstripe"),
        "a customer, 100 customers, a new customer",
        lambda port: [str(home / "bin" / "localstripe"), "--port", str(port), "--from-scratch"],
        requests,
        lambda url: _stripe(url, "/v1/customers?limit=1"),
        prepare=prepare,
    )


def _s3(url: str, path: str, method: str = "GET", body: bytes = b"") -> bytes:
    signed = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=a"
    length = "\r\nContent-Length: 0" if method == "PUT" and not body else ""
    return request(url, path, method=method, body=body, headers=f"Authorization: {signed}{length}")


def _stripe(url: str, path: str) -> bytes:
    return request(url, path, token="sk_test_12345")


def _customer(url: str, n: int) -> bytes:
    body = f"name=Somebody+{n}&email=somebody{n}%40example.com&description=made+by+the+benchmark".encode()
    plain = request(url, "/v1/customers", token="sk_test_12345", method="POST", body=body)
    return plain.replace(b"application/json", b"application/x-www-form-urlencoded")


def _fixed(url: str, documents: Documents) -> Mapping[str, Callable[[int], bytes]]:
    """Of those that answer constant documents; what is created has the body that the sandbox gets."""
    attributes = documents["record"]["data"]["attributes"]
    body = json.dumps({"data": {"type": "participant-declaration", "attributes": attributes}}).encode()
    return {
        "show": lambda _: request(url, SHOW, token=TOKEN),
        "list of 100": lambda _: request(url, LIST, token=TOKEN),
        "create": lambda _: request(url, RECORD, token=TOKEN, method="POST", body=body),
    }


def _show_fixed(url: str) -> bytes:
    return request(url, SHOW, token=TOKEN)


def _answers(documents: Documents) -> list[tuple[str, str, str]]:
    kinds = (("GET", SHOW, "show"), ("GET", LIST, "list"), ("POST", RECORD, "record"))
    return [(method, path, json.dumps(documents[name])) for method, path, name in kinds]


def _openapi(documents: Documents) -> Any:
    paths: dict[str, Any] = {}
    for method, path, body in _answers(documents):
        content = {"application/json": {"schema": {"type": "object"}, "example": json.loads(body)}}
        operation: dict[str, Any] = {"responses": {"200": {"description": "as the sandbox has it", "content": content}}}
        if method == "POST":
            operation["requestBody"] = {"content": {"application/json": {"schema": {"type": "object"}}}}
        paths[path] = {method.lower(): operation}
    return {"openapi": "3.0.3", "info": {"title": "documents", "version": "1"}, "paths": paths}


def _environment(documents: Documents) -> Any:
    routes = []
    for n, (method, path, body) in enumerate(_answers(documents)):
        answer = {
            "uuid": f"00000000-0000-4000-8000-00000000010{n}",
            "body": body,
            "latency": 0,
            "statusCode": 200,
            "label": "",
            "headers": [{"key": "Content-Type", "value": "application/json"}],
            "bodyType": "INLINE",
            "filePath": "",
            "databucketID": "",
            "sendFileAsBody": False,
            "rules": [],
            "rulesOperator": "OR",
            "disableTemplating": True,
            "fallbackTo404": False,
            "default": True,
            "crudKey": "id",
            "callbacks": [],
        }
        route = {
            "uuid": f"00000000-0000-4000-8000-00000000000{n}",
            "type": "http",
            "documentation": "",
            "method": method.lower(),
            "endpoint": path[1:],
            "responses": [answer],
            "responseMode": None,
            "streamingMode": None,
            "streamingInterval": 0,
        }
        routes.append(route)
    return {
        "uuid": "00000000-0000-4000-8000-000000001000",
        "lastMigration": 33,
        "name": "documents",
        "port": 3000,
        "hostname": "127.0.0.1",
        "endpointPrefix": "",
        "latency": 0,
        "folders": [],
        "rootChildren": [{"type": "route", "uuid": it["uuid"]} for it in routes],
        "routes": routes,
        "proxyMode": False,
        "proxyHost": "",
        "cors": False,
        "headers": [],
        "proxyReqHeaders": [],
        "proxyResHeaders": [],
        "tlsOptions": {"enabled": False},
        "data": [],
        "callbacks": [],
    }
