"""What is written of an exchange is read back, and written again is the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ecf_sandbox.ecf.domain.providers import Provider
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.rulebook.refusals import Refusal
from ecf_sandbox.rulebook.rule import Rule
from ecf_sandbox.state.exchange_codec import body_of, entry_of, read_line, write_line, written_body
from ecf_sandbox.state.findings import Finding, Severity
from ecf_sandbox.state.journal import Exchange, JudgedAttempt, RowChange
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.world import State
from tests.effort import examples

AT = datetime(2026, 10, 12, 9, 0, 0, 123_456, tzinfo=UTC)
BEFORE = State(records=Records())


def an_exchange(**changes) -> Exchange:
    """A refused declaration."""
    sound = {
        "number": 1,
        "operation": "v3 createDeclaration",
        "method": "POST",
        "target": "/api/v3/participant-declarations",
        "at": AT,
        "moment": AT,
        "provider": "Ambition Institute",
        "request_headers": (("Content-Type", "application/json"),),
        "request_body": b'{"data": {}}',
        "status": 422,
        "response_headers": (("Content-Type", "application/json"),),
        "response_body": b'{"errors": []}',
        "refusals": (),
        "changes": (),
        "before": BEFORE,
    }
    return Exchange(**sound | changes)


def a_rule(id: str) -> Rule[object]:
    """A rule of that id, which nothing breaks."""
    return Rule(id=id, field="", detail="", source="", broken_by=lambda _: False)


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda it: st.lists(it, max_size=3) | st.dictionaries(TEXT | st.just("base64"), it, max_size=3),
    max_leaves=8,
)
BODIES = st.one_of(
    st.binary(max_size=40),
    TEXT.map(str.encode),
    JSON.map(lambda it: json.dumps(it).encode()),
    JSON.map(lambda it: json.dumps(it, ensure_ascii=False).encode("utf-16")),
    st.text('{}[]":,.0129eE+-\\udx ', max_size=20).map(str.encode),
)
HEADERS = st.lists(st.tuples(st.sampled_from(["Authorization", "Cookie", "Accept"]) | TEXT, TEXT), max_size=3).map(
    tuple
)
MOMENTS = st.datetimes(timezones=st.just(UTC))
PROVIDERS = st.none() | st.builds(Provider, id=TEXT, name=TEXT)
VERDICTS = st.tuples(st.builds(a_rule, TEXT), st.sampled_from([True, False, None]))
EXCHANGES = st.builds(
    an_exchange,
    number=st.integers(1, 2**31),
    operation=TEXT,
    method=st.sampled_from(["", "GET", "POST"]),
    target=TEXT,
    at=MOMENTS,
    moment=MOMENTS,
    provider=st.none() | TEXT,
    request_headers=HEADERS,
    request_body=BODIES,
    status=st.integers(0, 599),
    response_headers=HEADERS,
    response_body=BODIES,
    judged=st.lists(
        st.builds(
            JudgedAttempt, rulebook=st.none(), attempt=st.none(), verdicts=st.lists(VERDICTS, max_size=3).map(tuple)
        ),
        max_size=2,
    ).map(tuple),
    refusals=st.lists(st.builds(Refusal, title=TEXT, detail=TEXT, rule=TEXT), max_size=2).map(tuple),
    changes=st.lists(st.builds(RowChange, table=TEXT, key=TEXT, before=PROVIDERS, after=PROVIDERS), max_size=2).map(
        tuple
    ),
    findings=st.lists(
        st.builds(
            Finding,
            severity=st.sampled_from(Severity),
            **dict.fromkeys(("code", "where", "received", "expected", "message", "fix", "link"), TEXT),
        ),
        max_size=2,
    ).map(tuple),
    undone=st.booleans(),
)


@settings(max_examples=examples(300))
@given(EXCHANGES, st.none() | TEXT, st.none() | TEXT)
def test_an_exchange_is_read_as_it_was_written(exchange, world, test):
    entry = replace(entry_of(exchange), world=world, test=test)

    line = write_line(entry)

    assert read_line(line) == entry
    assert write_line(read_line(line)) == line
    assert line.count(b"\n") == 1


@settings(max_examples=examples(500))
@given(BODIES)
@example(b"null")
@example(b'"a=b"')
@example(b'{"base64": "AAAA"}')
@example(b"NaN")
@example(b"[1e999]")
@example(b'["\\ud800"]')
@example(b"9" * 5000)
@example(b"[" * 5000)
@example(b"\xef\xbb\xbf{}")
def test_a_body_is_sent_again_as_it_was(body):
    written = written_body(body)

    sent = body_of(written)

    assert written_body(sent) == written
    assert sent == body or json.loads(sent) == json.loads(body)


@pytest.mark.parametrize(
    ("body", "written"),
    [
        pytest.param(b"", None, id="nothing"),
        pytest.param(b'{"a": [1]}', {"a": [1]}, id="JSON"),
        pytest.param(b"a=b", "a=b", id="text"),
        pytest.param(b"\xff", {"base64": "/w=="}, id="neither"),
        pytest.param(b'"a=b"', '"a=b"', id="JSON that a text would be taken for"),
    ],
)
def test_a_body_is_written_as_what_it_is(body, written):
    assert written_body(body) == written


@pytest.mark.parametrize("name", ["Authorization", "Set-Cookie", "X-Sandbox-Token", "X-Api-Key", "x-auth-token"])
def test_no_credentials_are_written(name):
    exchange = an_exchange(request_headers=((name, "Bearer t0ken"),), response_headers=((name, "t0ken; path=/"),))

    assert b"t0ken" not in write_line(entry_of(exchange))


# As 0.2.0 wrote it; `null` and mere strings of JSON stood there as what they mean.
OLD = (
    b'{"world":"main","format":"ecf-sandbox/exchange","version":1,"number":7,"operation":"v3 createDeclaration",'
    b'"method":"POST","target":"/api/v3/participant-declarations","at":"2026-10-12T09:00:00.000Z",'
    b'"moment":"2026-10-12T09:00:00.000Z","provider":"Ambition Institute",'
    b'"request":{"headers":[["Authorization","Bearer [redacted]"]],"body":"text"},'
    b'"response":{"status":422,"headers":[],"body":{"errors":[]}},"rules":{"declaration.already-made":"broken"},'
    b'"refusals":[{"title":"declaration","detail":"There already exists one.","rule":"declaration.already-made"}],'
    b'"findings":[{"code":"a.b","severity":"warning","where":"path","received":"","expected":"","message":"m","fix":"f",'
    b'"link":"docs/findings.md#a-b"}],'
    b'"changes":[{"table":"users","key":"u","before":null,"after":{"id":"u"}}],"undone":false}\n'
)


def test_a_line_of_an_earlier_release_is_read_and_written_as_it_was():
    assert write_line(read_line(OLD)) == OLD


def test_a_line_may_lack_what_came_later():
    line = json.loads(OLD)
    for name in ("world", "findings", "changes", "undone"):
        del line[name]

    it = read_line(json.dumps(line).encode())

    assert (it.world, it.findings, it.changes, it.undone) == (None, (), (), False)
