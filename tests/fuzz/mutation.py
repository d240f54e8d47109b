"""Changes a request into one that is odd: by its parts, and by its bytes."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_from_bytes

from tests.fuzz.request import LONGEST, Request, read
from tests.fuzz.subject import UUID

HOW_MANY = (1, 1, 1, 2, 2, 3, 4)  # changes: of many, one mostly makes the others unseen
TEXTS = (
    *(b"", b" ", b"0", b"-1", b"1", b"2025", b"9" * 25, b"9" * 5000, b"1e999", b"NaN", b"null", b"true", b"\0", b"%"),
    *(b"\xff", b"\xed\xa0\x80", b"\xed\xa0\xbd\xed\xb8\x80", b"\xef\xbf\xbe", b"\xc0\x80", b"\xe2\x80\xa8", b"\x1b[2J"),
    *(it.encode() for it in ("é", "９", "ß", "\u202e", "😀", "<b>&amp;", "{{7*7}}", "../../etc/passwd", "\ufeff", "İ")),
    b"a" * 300,
    b"x" * 9000,
    *(b"2024-10-01T10:00:00Z", b"2024-02-30T24:00:00+01:60", b"9999-12-31T23:59:59Z", b"0001-01-01T00:00:00Z"),
    *(b"99999-01-01T00:00:00Z", b"-0001-01-01", b"10:30", b"2026-07-01", b"1641811320", b"1970-01-01T00:00:00-23:59"),
    *(b"started", b"completed", b"ecf-induction", b"ecf-mentor", b"npq-headship", b"other", b"ecf-standard-september"),
    *(b"main", b"trial", b"default", b"guidance", b"live", b"v3 *", b"ambition-token", b"Ambition Institute", b"*"),
    *(b"00000000-0000-0000-0000-000000000000", b"{00000000-0000-0000-0000-000000000000}", b"urn:uuid:0", b".json"),
)
HEADERS = (
    *(b"Authorization", b"X-With-Server-Date", b"Accept", b"Accept-Encoding", b"If-None-Match", b"X-Request-Id"),
    *(
        b"Content-Type",
        b"X-HTTP-Method-Override",
        b"X-Sandbox-World",
        b"X-Sandbox-Token",
        b"Origin",
        b"Host",
        b"Cookie",
    ),
    *(b"X-Forwarded-For", b"Sec-Fetch-Site", b"Range", b"If-Modified-Since", b"Content-Encoding", b"X_Odd_Name"),
)
VALUES = (
    *(b"Bearer ambition-token", b"Bearer ambition-token~trial", b"Bearer", b"Basic YTpi", b"Token token=x"),
    *(b"application/json", b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=XX", b"text/html"),
    *(b"multipart/form-data", b"application/json; charset=utf-16", b"text/csv;q=x", b"identity;q=0", b"gzip", b"*/*"),
    *(b"http://127.0.0.1:8000", b"http://evil.example", b"127.0.0.1:8000", b"[::1]:8000", b"[", b"trial", b"PUT"),
)
PARAMETERS = (
    *(b"filter[cohort]", b"filter[updated_since]", b"filter[]", b"filter", b"filter[a][b][c]", b"page[page]"),
    *(b"page[per_page]", b"page", b"sort", b"format", b"explain", b"limit", b"since", b"number", b"world", b"_method"),
    *(b"data[attributes][cohort]", b"[", b"a]b[", b"x" * 200, b"reads", b"find", b"person", b"origin"),
)
SEGMENTS = (b"..", b".", b"", b"%2e%2e", b"%2F", b"%00", b"%ff", b"api", b"v3", b"_sandbox", b"ui", b"worlds", b"x.y")
ODD_BODIES = (
    *(
        b"",
        b"{",
        b"[]",
        b"null",
        b"0",
        b'""',
        b"{}",
        b"\xff\xfe{\0}\0",
        b"\xef\xbb\xbf{}",
        b"[" * 3000,
        b'{"a":' * 2000,
    ),
    *(b'{"data":{"attributes":{"cohort":"\xed\xa0\x80"}}}', b'{"a":1,"a":2}', b'{"data":"\\ud800"}', b"9" * 5000),
    *(b"data[attributes][cohort]=1&data=2", b"_method=PUT", b"a[]=1&a[b]=2", b"%ff=%ff", b"=" * 500, b"&" * 9000),
    *(
        b"--XX\r\n\r\n--XX--",
        b'--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--XX--',
        b"--XX\r\n" * 5000,
    ),
)


@dataclass(frozen=True)
class Lent:
    """What a change may take parts from: other requests, and the ids of who is there."""

    requests: Sequence[Request]
    ids: Sequence[bytes]


def mutated(request: Request, lent: Lent, chance: random.Random) -> Request:
    """The request with a few changes."""
    for _ in range(chance.choice(HOW_MANY)):
        request = chance.choice(CHANGES)(request, lent, chance)
    return Request(request.method, request.target[:LONGEST], request.headers[:60], request.body[:LONGEST])


def _method(it: Request, lent: Lent, chance: random.Random) -> Request:
    methods = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO")
    return Request(chance.choice(methods), it.target, it.headers, it.body)


def _segment(it: Request, lent: Lent, chance: random.Random) -> Request:
    path, mark, query = it.target.partition(b"?")
    parts = path.split(b"/")
    place = chance.randrange(len(parts))
    odd = chance.choice([*SEGMENTS, quote_from_bytes(chance.choice(TEXTS)[:400]).encode()])
    act = chance.randrange(4)
    if act == 0:
        parts[place] = odd
    elif act == 1:
        parts.insert(place, odd)
    elif act == 2:
        del parts[place]
    else:
        parts[place] += chance.choice((b".csv", b".json", b".html", b"/", b"//", b".", b"%20", odd))
    return Request(it.method, (b"/".join(parts) or b"/") + mark + query, it.headers, it.body)


def _query(it: Request, lent: Lent, chance: random.Random) -> Request:
    path, _, query = it.target.partition(b"?")
    pairs = [pair for pair in query.split(b"&") if pair]
    value = chance.choice(TEXTS)
    value = quote_from_bytes(value).encode() if chance.random() < 0.7 else value.translate(None, b" \r\n#\0")
    act = chance.randrange(3) if pairs else 0
    if act == 0:
        pairs.append(chance.choice(PARAMETERS) + chance.choice((b"=", b"&", b"")) + value)
    elif act == 1:
        place = chance.randrange(len(pairs))
        pairs[place] = pairs[place].partition(b"=")[0] + b"=" + value
    else:
        pairs.insert(0, chance.choice(pairs))
    return Request(it.method, path + b"?" + b"&".join(pairs), it.headers, it.body)


def _header(it: Request, lent: Lent, chance: random.Random) -> Request:
    headers = list(it.headers)
    act = chance.randrange(3) if headers else 0
    value = chance.choice([*VALUES, *TEXTS]).translate(None, b"\r\n\0\x1b")
    if act == 0:
        headers.append((chance.choice(HEADERS), value))
    elif act == 1:
        place = chance.randrange(len(headers))
        headers[place] = (headers[place][0], value)
    else:
        del headers[chance.randrange(len(headers))]
    return Request(it.method, it.target, tuple(headers), it.body)


def _json(it: Request, lent: Lent, chance: random.Random) -> Request:
    try:
        document = json.loads(it.body)
    except (ValueError, RecursionError):
        return _body(it, lent, chance)
    changed = json.dumps(_changed(document, chance), ensure_ascii=chance.random() < 0.5)
    try:
        body = changed.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        body = changed.encode(errors="surrogatepass")
    return Request(it.method, it.target, it.headers, body)


def _changed(document: Any, chance: random.Random) -> Any:
    """The document with one node of it replaced, removed, wrapped or joined by another."""
    if isinstance(document, dict) and document and chance.random() < 0.85:
        name = chance.choice(list(document))
        act = chance.randrange(6)
        if act == 0:
            return {key: value for key, value in document.items() if key != name}
        if act == 1:
            return document | {_text(chance): _odd(chance)}
        return document | {name: _changed(document[name], chance)}
    if isinstance(document, list) and document and chance.random() < 0.85:
        place = chance.randrange(len(document))
        return [*document[:place], _changed(document[place], chance), *document[place + chance.randrange(2) :]]
    return chance.choice((_odd(chance), [document], {"a": document}, _odd(chance)))


def _odd(chance: random.Random) -> Any:
    plain = (None, True, False, 0, -1, 1e308, 2**53, 10**30, -0.0, [], {}, [[]], {"": None}, [None] * 200)
    return _text(chance) if chance.random() < 0.6 else chance.choice(plain)


def _text(chance: random.Random) -> str:
    raw = chance.choice(TEXTS)
    return raw.decode(errors="surrogateescape" if chance.random() < 0.3 else "replace")


def _body(it: Request, lent: Lent, chance: random.Random) -> Request:
    body = chance.choice((chance.choice(ODD_BODIES), chance.choice(lent.requests).body, _bytes(it.body, chance)))
    return Request(it.method, it.target, it.headers, body)


def _splice(it: Request, lent: Lent, chance: random.Random) -> Request:
    other = chance.choice(lent.requests)
    return chance.choice(
        (
            Request(it.method, other.target, it.headers, it.body),
            Request(other.method, it.target, it.headers, other.body),
            Request(it.method, it.target, other.headers, it.body),
        )
    )


def _known(it: Request, lent: Lent, chance: random.Random) -> Request:
    """Somebody who is there in place of each id, which a recording has of people whom nobody knows here."""
    return read(UUID.sub(lambda _: chance.choice(lent.ids), it.written()))


def _any_bytes(it: Request, lent: Lent, chance: random.Random) -> Request:
    return read(_bytes(it.written(), chance))


def _bytes(raw: bytes, chance: random.Random) -> bytes:
    place, width = chance.randrange(len(raw) + 1), chance.randint(1, 8)
    act = chance.randrange(4)
    if act == 0:
        return raw[:place] + chance.randbytes(width) + raw[place + width :]
    if act == 1:
        return raw[:place] + chance.choice(TEXTS) + raw[place:]
    if act == 2:
        return raw[:place] + raw[place + width :]
    return raw[:place] + raw[max(0, place - 40) : place] * width + raw[place:]


Change = Callable[[Request, Lent, random.Random], Request]
CHANGES: tuple[Change, ...] = (
    *(
        _known,
        _known,
        _known,
        _method,
        _segment,
        _segment,
        _query,
        _query,
        _header,
        _header,
        _json,
        _json,
        _json,
        _body,
        _splice,
        _any_bytes,
    ),
)


def mutated_bytes(raw: bytes, lent: Lent, seed: int, longest: int) -> bytes:
    """The same for a fuzzer that keeps bytes."""
    return mutated(read(raw), lent, random.Random(seed)).written()[:longest]
