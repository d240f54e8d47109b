"""`make contract-postman`: every request of the documents in Postman's form, each sent to a sandbox as it begins.

A document is imported as Postman imports it (`openapi-to-postmanv2`) and sent as Postman sends it (`newman`).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ecf_sandbox.app import create_app
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.testing.thread_server import ThreadServer
from tests.tools.contract import node
from tests.tools.contract.shipped import DOCUMENTS, service_of
from tests.web.test_served_examples import FIRST, a_world, sender, token_of

PACKAGES = ("openapi-to-postmanv2@6", "newman@6")


class Failed(NamedTuple):
    """A request that was not answered with success."""

    name: str
    status: int
    said: str


class Outcome(NamedTuple):
    """How many requests a document makes in Postman's form, and which of them failed."""

    sent: int
    failed: list[Failed]


def main() -> int:
    """Print which requests failed, and answer 1 if any did."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.contract.postman", description=__doc__)
    parser.add_argument("documents", nargs="*", default=list(DOCUMENTS), help=", ".join(DOCUMENTS))
    options = parser.parse_args()
    if not node.at_hand():
        print("Postman's programs come by npm, and npm is not here: nothing is checked.")
        return 0
    wrong = 0
    with node.installed(PACKAGES) as programs:
        for name in options.documents:
            outcome = sent(programs, name, None)
            wrong += len(outcome.failed)
            print(f"{name}: {outcome.sent} requests, {len(outcome.failed)} not answered with success")
            for it in outcome.failed:
                print(f"  {it.name}: {it.status} {it.said}")
    return 1 if wrong else 0


def sent(programs: node.Programs, name: str, file: Path | None) -> Outcome:
    """Send every request of a document: of the one that is served, or of a file."""
    collection = _collection(programs, name, file)
    items = list(_items(collection))
    if name == "control":
        # Here a world is no matter of a header: each request has a sandbox of its own, with what has to come before.
        named = {it["id_in_document"]: it for it in items}
        runs = [[named[it] for it in (FIRST.get(only), only) if it is not None] for only in named]
        outcomes = [_run(programs, name, {**collection, "item": run}, last=True) for run in runs]
        return Outcome(sum(it.sent for it in outcomes), [failed for it in outcomes for failed in it.failed])
    for n, it in enumerate(items):
        it["request"]["header"].append({"key": "X-Sandbox-World", "value": f"postman-{n}"})
    return _run(programs, name, {**collection, "item": items}, last=False)


def _run(programs: node.Programs, name: str, collection: Any, *, last: bool) -> Outcome:
    """Send a collection to a sandbox of its own; with `last` only its last request is judged."""
    worlds = Worlds(a_world(service=service_of(name)))
    with ThreadServer(create_app(worlds)) as server:
        source, report = programs.folder / "sent.json", programs.folder / "report.json"
        source.write_text(json.dumps(collection), encoding="utf-8")
        token = token_of(sender(worlds.main))
        variables = ("--env-var", f"bearerToken={token}", "--env-var", f"baseUrl={server.url}")
        quiet = ("--reporters", "json", "--reporter-json-export", str(report))
        report.unlink(missing_ok=True)  # so that a run that breaks off does not pass for the one before
        programs("newman", "run", source, *variables, *quiet)
        executions = json.loads(report.read_text(encoding="utf-8"))["run"]["executions"]
    judged = executions[-1:] if last else executions
    return Outcome(len(judged), [it for it in map(_failed, judged) if it is not None])


def _collection(programs: node.Programs, name: str, file: Path | None) -> Any:
    """The collection that Postman makes of a document; each request knows the id of its operation."""
    source, made = programs.folder / f"{name}.json", programs.folder / "collection.json"
    if file is None:
        served = sender(a_world(service=service_of(name)))
        source.write_bytes(served("GET", f"/_sandbox/openapi/{name}.json").body)
    else:
        source = file
    options = "parametersResolution=Example,requestParametersResolution=Example"
    made.unlink(missing_ok=True)  # the same here: what is read was made from this document
    programs("openapi2postmanv2", "--spec", source, "--output", made, "--options", options)
    collection = json.loads(made.read_text(encoding="utf-8"))
    ids = {(it.method, it.path): it.id for it in DOCUMENTS[name].operations}
    for it in _items(collection):
        parts = (f"{{{part[1:]}}}" if part.startswith(":") else part for part in it["request"]["url"]["path"])
        it["id_in_document"] = ids[it["request"]["method"], "/" + "/".join(parts)]
        # Where the sandbox is, is said when it is sent.
        it["request"]["url"]["host"] = ["{{baseUrl}}"]
    return collection


def _items(folder: Any) -> Iterator[Any]:
    for it in folder["item"]:
        if "request" in it:
            yield it
        else:
            yield from _items(it)


def _failed(execution: Any) -> Failed | None:
    response = execution.get("response") or {"code": 0, "stream": {"data": []}}
    if 200 <= response["code"] < 300:
        return None
    said = bytes(response["stream"]["data"]).decode(errors="replace")[:200]
    return Failed(execution["item"]["name"], response["code"], said)


if __name__ == "__main__":
    sys.exit(main())
