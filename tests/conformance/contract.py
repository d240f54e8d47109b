"""Holds the recorded answers themselves against the OpenAPI documents."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.tools.contract.answers import Contract
from ecf_sandbox.tools.contract.documents import documents
from ecf_sandbox.transport import Reply
from tests.conformance.recordings import Recording
from tests.tools.contract.checked import meant

SOME_ID = "00000000-0000-4000-8000-000000000000"
REFERENCE = re.compile(r"\{\{[^}]+\}\}")


def judge(recordings: Sequence[Recording], only: str, show: int) -> int:
    """Judge every recorded answer but crashes; print faults and a summary; 0 if some were judged and none is wrong."""
    contract, judged, wrong = Contract(documents(SERVICE)), Counter[str](), 0
    for recording in recordings:
        if recording.service != SERVICE.name:
            continue
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
    """The id of its case, the request and the response of every recorded exchange."""
    for case in recording.cases():
        for step in case["steps"]:
            if "request" in step:
                yield case["id"], step["request"], step["response"]


def target_of(request: dict[str, Any]) -> str:
    """Path and query, with some id where an earlier answer's belongs."""
    target = request["path"] + (f"?{request['query']}" if request.get("query") else "")
    return REFERENCE.sub(SOME_ID, target)


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
        return Reply(response["status"], headers, json.dumps(response["json"]).encode())
    return Reply(response["status"], headers, response.get("text", "<!DOCTYPE html>").encode())
