"""Work grows with what is sent and no faster, and no answer repeats whole what was sent.

Work is counted in calls. Where it was a search that began again and again there are no calls to count: such a body is
large enough that the test would not end.
"""

from __future__ import annotations

import json
import sys

import pytest

from ecf_sandbox.app import create_app
from ecf_sandbox.control.registry import OPERATIONS, PREFIX
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess
from tests.api.asking import BEARER, JSON, a_world

pytestmark = pytest.mark.slow

DECLARATIONS = "/api/v3/participant-declarations"
FORM = ("Content-Type", "application/x-www-form-urlencoded")
MANY = 400_000  # what would take minutes


def as_json(value):
    return json.dumps(value).encode()


def named(n, name="particpant_{}"):
    return {name.format(at): "x" for at in range(n)}


GROWING = {
    "unknown attributes": lambda n: ("POST", DECLARATIONS, [JSON], as_json({"data": {"attributes": named(n)}})),
    "unknown members": lambda n: ("POST", DECLARATIONS, [JSON], as_json(named(n, "dat{}"))),
    "unknown members of data": lambda n: ("POST", DECLARATIONS, [JSON], as_json({"data": named(n, "attribute{}")})),
    "unknown filters": lambda n: (
        "GET",
        f"{DECLARATIONS}?" + "&".join(f"filter[c{it}]=1" for it in range(n)),
        [],
        None,
    ),
    "unknown parameters": lambda n: ("GET", f"{DECLARATIONS}?" + "&".join(f"fil{it}=1" for it in range(n)), [], None),
    "attributes to sort by": lambda n: ("GET", f"{DECLARATIONS}?sort=" + ",".join(named(n)), [], None),
    "ids to filter by": lambda n: ("GET", f"{DECLARATIONS}?filter[participant_id]=" + ",".join(named(n)), [], None),
    "a form of names in names": lambda n: ("POST", DECLARATIONS, [FORM], b"&".join([b"a[b][b]=1"] * n)),
    "unknown members for the control plane": lambda n: ("POST", f"{PREFIX}/worlds", [JSON], as_json(named(n))),
    "unknown parameters for the control plane": lambda n: (
        "GET",
        f"{PREFIX}/worlds/main/journal?" + "&".join(f"{it}=1" for it in named(n)),
        [],
        None,
    ),
    "an event with unknown parameters": lambda n: (
        "POST",
        f"{PREFIX}/worlds/main/events",
        [JSON],
        as_json({"event": "ect_registered", "with": named(n)}),
    ),
    "unknown switches": lambda n: ("POST", f"{PREFIX}/worlds", [JSON], as_json({"name": "x", "set": named(n)})),
    "a pattern": lambda n: ("GET", f"{PREFIX}/worlds/main/journal?path=" + "*a" * n, [], None),
    "a pattern for a fault": lambda n: ("POST", f"{PREFIX}/worlds/main/faults", [JSON], as_json({"path": "*a" * n})),
    "matches in order": lambda n: (
        "POST",
        f"{PREFIX}/worlds/main/journal/verify",
        [JSON],
        as_json({"order": [{"path": f"/api/v3/{it}*"} for it in range(n)]}),
    ),
}
SEARCHED = {
    "slashes": b'{"a":1' + b"/" * MANY,
    "comments without an end": b"/* " * MANY,
    "quotes in a text without an end": b'{"a":"' + b'\\"' * MANY,
    "the same behind a blank that JSON has not got": b'\xe2\x80\x8b{"a":"' + b'\\"' * MANY,
    "texts of nothing": b'""' * MANY,
    "opening brackets": b"[" * MANY,
    "digits": b'{"a":' + b"9" * MANY + b"}",
    "long numbers": b'{"data":[' + b",".join([b"9" * 30] * (MANY // 30)) + b"]}",
    "numbers beyond a float": b'{"data":[' + b",".join([b"1e400"] * (MANY // 30)) + b"]}",
    "blanks": b" " * MANY + b"x",
    "bytes that are no text": b"\xe9" * MANY,
}
LONG = "x" * 100_000
ECHOED = {
    "the name of a world": ("GET", "/api/v3/statements", [("X-Sandbox-World", LONG)], None),
    "two names of worlds": ("GET", "/api/v3/statements", [("X-Sandbox-World", f"{LONG}, y{LONG}")], None),
    "a world behind a token": ("GET", "/api/v3/statements", [("Authorization", f"Bearer x~{LONG}")], None),
    "a path of the control plane": ("GET", f"{PREFIX}/{LONG}", [], None),
    "a world of the control plane": ("GET", f"{PREFIX}/worlds/{LONG}", [], None),
    "a number": ("GET", f"{PREFIX}/worlds/main/journal/{LONG}", [], None),
    "an event": ("POST", f"{PREFIX}/worlds/main/events", [JSON], as_json({"event": LONG})),
    "a moment": ("PUT", f"{PREFIX}/worlds/main/clock", [JSON], as_json({"at": LONG})),
    "a name for a world": ("POST", f"{PREFIX}/worlds", [JSON], as_json({"name": LONG})),
    "a seed for a world": ("POST", f"{PREFIX}/worlds", [JSON], as_json({"name": "x", "seed": LONG})),
    "a scenario": ("POST", f"{PREFIX}/worlds", [JSON], as_json({"name": "x", "scenario": LONG})),
    "a status": ("GET", f"{PREFIX}/worlds/main/journal?status={LONG}", [], None),
    "a method to explain": (
        "POST",
        f"{PREFIX}/worlds/main/explain",
        [JSON],
        as_json({"method": LONG, "target": "/api/v3/statements"}),
    ),
    "a target to explain": (
        "POST",
        f"{PREFIX}/worlds/main/explain",
        [JSON],
        as_json({"method": "GET", "target": f"/api/v3/{LONG * 3}"}),
    ),
    "a header to explain": (
        "POST",
        f"{PREFIX}/worlds/main/explain",
        [JSON],
        as_json({"method": "GET", "target": "/api/v3/statements", "headers": {"X-A": LONG * 3}}),
    ),
    "a table of an import": (
        "POST",
        f"{PREFIX}/worlds/x/import",
        [JSON],
        as_json({"format": "ecf-sandbox/world", "version": LONG}),
    ),
}


@pytest.fixture
def sandbox():
    return InProcess(create_app(Worlds(a_world())).wsgi_app)


def calls_of(send, request) -> int:
    """How many functions are called while a request is answered."""
    count = 0

    def called(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        method, target, headers, body = request
        send(method, target, [BEARER, *headers], body)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("asked", GROWING.values(), ids=GROWING)
def test_many_cost_a_few_calls_each(sandbox, asked):
    calls_of(sandbox, asked(1))  # what is loaded when it is first needed

    few, many = calls_of(sandbox, asked(100)), calls_of(sandbox, asked(1100))

    assert (many - few) / 1000 < 60


def test_a_document_is_filled_with_a_few_calls_for_each_operation(sandbox):
    document = ("GET", f"{PREFIX}/openapi/control.json", [], None)
    calls_of(sandbox, document)  # what is loaded when it is first needed
    sandbox("PUT", f"{PREFIX}/worlds/main/snapshots/x", [JSON])

    assert calls_of(sandbox, document) / len(OPERATIONS) < 2000


@pytest.mark.parametrize("body", SEARCHED.values(), ids=SEARCHED)
def test_a_body_is_read_once_and_so_is_one_that_is_explained(sandbox, body):
    assert sandbox("POST", DECLARATIONS, [BEARER, JSON], body).status == 400
    assert sandbox("GET", f"{PREFIX}/worlds/main/journal/1/explain?format=text").status == 200


@pytest.mark.parametrize("asked", ECHOED.values(), ids=ECHOED)
def test_a_mistake_is_repeated_in_short(sandbox, asked):
    method, target, headers, body = asked
    token = [] if dict(headers).get("Authorization") else [BEARER]

    reply = sandbox(method, target, [*token, *headers], body)

    assert reply.status >= 400
    assert len(reply.body) < 5000


def test_what_is_found_and_explained_of_many_mistakes_is_bounded(sandbox):
    attributes = {f"{at}{LONG[:2000]}": LONG[:2000] for at in range(1000)}
    sandbox("POST", DECLARATIONS, [BEARER, JSON], as_json({"data": {"attributes": attributes}}))

    shown = json.loads(sandbox("GET", f"{PREFIX}/worlds/main/journal/1/explain").body)

    assert len(shown["findings"]) <= 100
    assert len(json.dumps(shown)) < 200_000


@pytest.mark.parametrize("member", ["seed", "scenario"])
def test_an_import_keeps_no_endless_name(sandbox, member):
    exported = json.loads(sandbox("GET", f"{PREFIX}/worlds/main/export").body)

    reply = sandbox("POST", f"{PREFIX}/worlds/x/import", [JSON], as_json(exported | {member: LONG}))

    assert reply.status == 422
    assert len(reply.body) < 5000


def test_a_broken_import_of_many_rows_is_told_in_short(sandbox):
    exported = json.loads(sandbox("GET", f"{PREFIX}/worlds/main/export").body)
    exported["records"]["rows"]["users"] = [{f"x{at}{LONG[:300]}": 1} for at in range(1000)]

    reply = sandbox("POST", f"{PREFIX}/worlds/x/import", [JSON], as_json(exported))

    assert reply.status == 422
    assert len(reply.body) < 50_000
