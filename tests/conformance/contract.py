"""Holds the recorded answers themselves against the OpenAPI documents."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ecf_sandbox.services import service_named
from ecf_sandbox.tools.contract.answers import Contract
from ecf_sandbox.tools.contract.documents import documents
from ecf_sandbox.transport import Reply
from tests.conformance.comparison import PRESENT, Answer
from tests.conformance.player import resolve
from tests.conformance.recordings import Recording
from tests.tools.contract.checked import meant

SOME_ID = "00000000-0000-4000-8000-000000000000"
SOME_MOMENT = "2026-11-30T12:00:00Z"
WITHOUT_PAGE = (400, 406)


def judge(recordings: Sequence[Recording], only: str, show: int) -> int:
    """Judge every recorded answer but crashes; print faults and a summary; 0 if some were judged and none is wrong."""
    judged, wrong = Counter[str](), 0
    for recording in recordings:
        contract = Contract(documents(service_named(recording.service)))
        families = Counter[str]()
        for id, request, response in exchanges(recording):
            if not id.startswith(only) or response["status"] >= 500:
                continue
            target, method = target_of(request), method_of(request)
            families[id.split("/")[0]] += 1
            faults = contract.faults(method, target, reply_of(response))
            wrong += bool(faults)
            if faults and wrong <= show:
                print(f"UNDOCUMENTED {id}  {method} {target}: {response['status']}", *faults, sep="\n    ")
        if families:
            lines = [f"{family}: {number}" for family, number in sorted(families.items())]
            print(*lines, f"{recording.name}: {families.total()}\n", sep="\n", flush=True)
        judged += families
    print(f"recorded answers judged: {judged.total()}, not as documented: {wrong}")
    return 1 if wrong or not judged else 0


def exchanges(recording: Recording) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """The id of its case, the request as it was sent and the response of every recorded exchange."""
    for case in recording.cases():
        answers: dict[int, Answer] = {}
        for number, step in enumerate(case["steps"]):
            if "request" in step:
                response = step["response"]
                yield case["id"], resolve(step["request"], answers), response
                body = response.get("json")
                answers[number] = Answer(
                    response["status"], response.get("headers", {}), body, response.get("text", "")
                )


def target_of(request: dict[str, Any]) -> str:
    """Path and query."""
    query = request.get("query")
    return f"{request['path']}?{query}" if query else str(request["path"])


def method_of(request: dict[str, Any]) -> str:
    """The method that a request stands for."""
    headers = list(request.get("headers", {}).items())
    return meant(request["method"], "/", headers, request.get("text", "").encode())


def reply_of(response: dict[str, Any]) -> Reply:
    """A recorded answer as it was sent; the headers whose values were not recorded have some value."""
    headers = {name: str(value) for name, value in response.get("headers", {}).items()}
    headers["x-request-id"] = SOME_ID
    if headers.pop("etag", None):
        headers["etag"] = f'W/"{"0" * 32}"'
    if "json" in response:
        text = json.dumps(response["json"]).replace(PRESENT, SOME_MOMENT)
        return Reply(response["status"], headers, text.encode())
    # What was recorded as HTML is a page, but for what the framework says of requests that it cannot read: nothing.
    page = "" if response["status"] in WITHOUT_PAGE else "<!DOCTYPE html>"
    return Reply(response["status"], headers, response.get("text", page).encode())
