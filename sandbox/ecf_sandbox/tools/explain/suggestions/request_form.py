"""What could be wrong with the form of a request: its body, its Content-Type, its token, its query, its path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ecf_sandbox.api.routes import Route
from ecf_sandbox.dates.readers import read
from ecf_sandbox.dates.wire import instant
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.record import replace
from ecf_sandbox.suggest import alike
from ecf_sandbox.tools.explain.explanation import Request
from ecf_sandbox.tools.explain.statuses import bytes_of
from ecf_sandbox.tools.explain.suggestions.suggestion import Case, ProposedChange
from ecf_sandbox.tools.explain.target import with_query
from ecf_sandbox.tools.meant import meant_document, meant_parameters

# Whoever forgets to escape the + of an offset sends a blank.
_LOST_PLUS = re.compile(r" (\d\d:?\d\d)$", re.ASCII)
_VERSION = re.compile(r"v?[0-9]+")
_LONGEST = 100


def changes(case: Case) -> Iterator[ProposedChange]:
    """All small changes to the form that may help against a 400, 401, 403, 404, 406, or a 422 without attributes."""
    if case.status in (400, 406) or (case.status == 422 and not case.attributes):
        yield from _bodies(case)
    if case.status in (400, 406):
        yield from _queries(case)
        yield from _headers(case.request)
    if case.status in (401, 403):
        yield from _tokens(case)
    if case.status == 404:
        yield from _paths(case)


def readable(request: Request, exchange: Exchange) -> list[ProposedChange]:
    """The request with the document in its body as the service can read it, if there is one in those bytes."""
    found = bytes_of(exchange)
    if found is None or found.document is None:
        return []
    headers = {**request.headers, "Content-Type": "application/json"}
    instead = replace(request, headers=headers, body=found.document)
    words = f"Send the same document as JSON in UTF-8: the body is {found.words}."
    return [ProposedChange(aspect="encoding", words=words, cost=1, instead=instead)]


def _bodies(case: Case) -> Iterator[ProposedChange]:
    request, body = case.request, case.request.body
    if body is None:
        return
    if request.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
        headers = {**request.headers, "Content-Type": "application/json"}
        words = "Say what the body is: with the header Content-Type: application/json."
        yield ProposedChange(aspect="content type", words=words, cost=1, instead=replace(request, headers=headers))
    wrapped = _wrapped(case.expected.type, body)
    if wrapped is not None:
        headers = {**request.headers, "Content-Type": "application/json"}
        words = 'Put the attributes where they belong: {"data": {"type": …, "attributes": {…}}}.'
        yield ProposedChange(
            aspect="body", words=words, cost=1, instead=replace(request, headers=headers, body={"data": wrapped})
        )


def _wrapped(type: str | None, body: object) -> Mapping[str, object] | None:
    """The `data` that was meant: the attributes stood beside it, in a list, without it, or under another name."""
    given = body.get("data") if isinstance(body, Mapping) else None
    body = meant_document(body)
    meant_data = body.get("data") if isinstance(body, Mapping) else None
    data = body if meant_data is None else meant_data
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    if not isinstance(data, Mapping) or not data:
        return None
    if isinstance(data.get("attributes"), Mapping):
        meant = {"type": type, **data}
    else:
        rest = {name: it for name, it in data.items() if name != "type"}
        only = next(iter(rest.values())) if len(rest) == 1 else None
        meant = {"type": type, "attributes": only if isinstance(only, Mapping) else rest}
    return None if meant == given else meant


def _queries(case: Case) -> Iterator[ProposedChange]:
    query = case.asked.query if case.asked else ()
    for name, value in query:
        aspect = f"query {name}"
        if rights := meant(name, value):
            corrected = tuple(right for it in query for right in (rights if it == (name, value) else [it]))
            words = f"Write {'&'.join(f'{right}={text}' for right, text in rights)}."
            yield ProposedChange(aspect=aspect, words=words, cost=1, instead=with_query(case.request, corrected))
        rest = tuple(it for it in query if it != (name, value))
        words = f"Leave {name}={value} out."
        yield ProposedChange(aspect=aspect, words=words, cost=3, instead=with_query(case.request, rest))


def meant(name: str, value: str) -> list[tuple[str, str]]:
    """What was surely meant by a parameter, if it is plain."""
    if name == "filter[updated_since]":
        moment = read(_LOST_PLUS.sub(r"+\1", value[:_LONGEST].strip()))
        return [] if moment is None else [(name, instant(moment))]
    if name == "page" and value.isascii() and value.isdigit():
        return [("page[page]", value)]
    return meant_parameters(name, value)


def _headers(request: Request) -> Iterator[ProposedChange]:
    if "X-With-Server-Date" in request.headers:
        words = "Leave the header X-With-Server-Date out, or write a moment such as 2026-10-12T09:00:00Z."
        yield ProposedChange(aspect="moment", words=words, cost=2, header_dropped="X-With-Server-Date")
    if "Accept" in request.headers:
        words = "Leave the header Accept out, or accept application/json."
        yield ProposedChange(aspect="accept", words=words, cost=2, header_dropped="Accept")


def _tokens(case: Case) -> Iterator[ProposedChange]:
    known = {token: name for name, token in case.service.tokens(case.records).items()}
    given = case.request.headers.get("Authorization", "").split(" ")[-1].strip('"')
    near = alike(given, known, most=1, least=0.5)
    world = "".join(given.partition("~")[1:])
    for n, token in enumerate(f"{it}{world}" for it in [*near, *(it for it in known if it not in near)]):
        headers = {**case.request.headers, "Authorization": f"Bearer {token}"}
        words = f"Send the token of {known[token.partition('~')[0]]}: with the header Authorization: Bearer {token}."
        yield ProposedChange(aspect="token", words=words, cost=1 + n, instead=replace(case.request, headers=headers))


def _paths(case: Case) -> Iterator[ProposedChange]:
    request, newest = case.request, f"v{case.service.newest}"
    path, mark, query = request.path.partition("?")
    parts = [it for it in path.split("/") if it]
    if "api" in parts:
        parts = parts[parts.index("api") + 1 :]
    version = parts.pop(0) if parts and _VERSION.fullmatch(parts[0]) else ""
    if not parts:
        return

    def below(version: str, *parts: str) -> str:
        return f"/api/{version}/{'/'.join(parts)}{mark}{query}"

    routes = [it for it in case.service.routes if it.documented]
    known = {f"v{it}": it for it in case.service.versions}
    if version in known and any(_fits(it, parts) for it in _added(routes, known[version], known[newest])):
        yield _at(request, below(newest, *parts), f"It exists in {newest} only")
    if version not in known:
        words = _versions([*known]) if version else "Every path starts with /api and a version"
        version = newest
        yield _at(request, below(version, *parts), words)
    elif not path.startswith("/api/"):
        yield _at(request, below(version, *parts), "Every path starts with /api")
    # What has a digit in it is an id, and no part of the name of a collection.
    for length in (1, 2) if len(parts) > 1 and not any(map(str.isdigit, parts[1])) else (1,):
        for near in alike("/".join(parts[:length]), dict.fromkeys(it.collection for it in routes), most=2):
            yield _at(request, below(version, near, *parts[length:]), "The path is near it")
    actions = {it.action: it.method for it in routes if it.action and it.method != "GET"}
    for near in alike(parts[-1], actions, most=1):
        acted, method = below(version, *parts[:-1], near), actions[near]
        words = f"Actions are sent with {method}: {method} {acted}."
        yield ProposedChange(aspect="path", words=words, cost=1, instead=replace(request, method=method, path=acted))
    for method in dict.fromkeys(it.method for it in routes if it.method != request.method):
        words = f"Send it with the method {method}."
        yield ProposedChange(aspect="method", words=words, cost=2, instead=replace(request, method=method))


def _added(routes: Sequence[Route], version: int, newest: int) -> set[str]:
    """The paths of routes that the newest version has and this one has not."""
    there, here = ({it.path for it in routes if each in it.versions} for each in (newest, version))
    return there - here


def _fits(path: str, parts: list[str]) -> bool:
    expected = path.strip("/").split("/")
    return len(expected) == len(parts) and all(
        a == b or a.startswith("<") for a, b in zip(expected, parts, strict=True)
    )


def _versions(names: list[str]) -> str:
    *others, newest = names
    return f"The versions are {', '.join(others)} and {newest}" if others else f"The only version is {newest}"


def _at(request: Request, path: str, words: str) -> ProposedChange:
    return ProposedChange(aspect="path", words=f"{words}: {path}.", cost=1, instead=replace(request, path=path))
