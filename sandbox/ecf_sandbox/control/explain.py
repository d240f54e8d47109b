"""Explanations: why an exchange ended as it did, and how a request would end, without carrying it out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from ecf_sandbox.api.addressed import NotUnderstood, check_headers, world_of_headers
from ecf_sandbox.api.auth import token_in
from ecf_sandbox.api.router import example_path
from ecf_sandbox.control.journal import find
from ecf_sandbox.control.operation import Json, Long, Text, operation
from ecf_sandbox.control.problem import Problem, bad_request
from ecf_sandbox.state.exchange_codec import body_of, exchange_json
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import MAIN
from ecf_sandbox.suggest import in_short
from ecf_sandbox.tools.explain.dry_run import Serve, copy_of, for_any_world
from ecf_sandbox.transport import MOST_HEAD

if TYPE_CHECKING:
    from ecf_sandbox.state.journal import Exchange

Format = Annotated[Literal["json", "text"], "JSON, or text for a person"]
Origin = Annotated[str | None, "the server's address in the commands of the text; the one that was asked, if not given"]
_HERE = "http://127.0.0.1:8000"
_TEXT = "text/plain; charset=utf-8"
# RFC 9110, 9.1: a token. The longest that is registered has 17 characters.
_METHOD = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,40}")
_OF_THE_CONNECTION = ("content-length", "host")


@operation(
    "GET",
    "/worlds/{world}/journal/{number}/explain",
    command="journal explain",
    media_types=("application/json", "text/plain"),
    takes_long=Long.HELP,
)
def explain_exchange(
    world: World,
    serve: Serve,
    number: Annotated[int, "the number of the exchange"],
    format: Format = "json",
    origin: Origin = None,
) -> Json:
    """Explain one exchange: every rule in order with its verdict, policy and facts, and for a refusal what would pass.

    What would pass is found by dry runs on a copy of the world as it was; the world itself doesn't change. A 404 and an
    empty list are explained as well.
    """
    return _explained(world, find(world, number), serve, format, origin)


@operation(
    "POST",
    "/worlds/{world}/explain",
    command=None,
    media_types=("application/json", "text/plain"),
    makes_world=True,
    takes_long=Long.HELP,
)
def explain_request(
    world: World,
    serve: Serve,
    method: Annotated[str, "the method of the request"],
    target: Annotated[str, "its path, with the query"],
    headers: Annotated[dict[str, Any] | None, "its headers, including the token"] = None,
    body: Annotated[Any, "its body: JSON, text that is sent as it is, or {base64}"] = None,
    format: Format = "json",
    origin: Origin = None,
) -> Json:
    """Explain how a request would be answered, in a dry run: it is sent to a copy of the world.

    In JSON, `response` is the answer that it would get.
    """
    _insist_on_a_head(method, target, headers or {})
    _insist_on_one_world(headers or {})
    copy = copy_of(world)
    sent = [(name, str(value)) for name, value in (headers or {}).items() if name.lower() not in _OF_THE_CONNECTION]
    serve(copy)(method.upper(), target, for_any_world(sent), _raw(body))
    exchange = copy.journal.get(copy.journal.count)
    if exchange is None:
        such_as = example_path(world.service)
        raise bad_request([f"target {target!r} is not a path of the provider API, such as {such_as}"])
    if world.name != MAIN:  # so that what is offered is for this world
        named = (*exchange.request_headers, ("X-Sandbox-World", world.name))
        exchange = replace(exchange, request_headers=named)
    answer = _explained(copy, exchange, serve, format, origin, tried=True)
    return answer if isinstance(answer, Text) else answer | {"response": exchange_json(exchange)["response"]}


def _insist_on_a_head(method: str, target: str, headers: dict[str, Any]) -> None:
    """Raise Problem for what no server takes: an answer would repeat it whole, and tell of what cannot be."""
    if not _METHOD.fullmatch(method):
        raise bad_request(
            [f"method {in_short(method)!r} is not a method, such as GET: a word of at most 40 characters"]
        )
    length = len(method) + len(target) + sum(len(name) + len(str(value)) for name, value in headers.items())
    if length > MOST_HEAD:
        most = f"a server reads {MOST_HEAD:,} at most"
        raise bad_request([f"method, target and headers have {length:,} characters: {most}"])


def _insist_on_one_world(headers: dict[str, Any]) -> None:
    """Raise Problem if the request that is to be explained names two worlds, or has a header that there is not.

    It may name another world than that of the path: what happened elsewhere can be tried here.
    """
    by_name = {name.lower(): str(value) for name, value in headers.items()}
    try:
        check_headers({f"HTTP_{name.upper().replace('-', '_')}": value for name, value in by_name.items()})
        world_of_headers(by_name.get("x-sandbox-world"), token_in(by_name.get("authorization", "")))
    except NotUnderstood as wrong:
        raise Problem(wrong.kind, 400, str(wrong)) from None


def _raw(body: Any) -> bytes:
    try:
        return body_of(body)
    except ValueError as wrong:
        raise bad_request([f"body: {wrong}"]) from None


def _explained(
    world: World, exchange: Exchange, serve: Serve, format: str, origin: str | None, *, tried: bool = False
) -> Json:
    # Only whoever asks for an explanation pays for what it takes; every other operation is quicker to reach without.
    from ecf_sandbox.tools.explain.explain import explain
    from ecf_sandbox.tools.explain.text import as_text
    from ecf_sandbox.tools.explain.written import shown_explanation

    it = shown_explanation(explain(world, exchange, serve), exchange, world.tokens)
    if tried:
        it = replace(it, number=None)
    return Text(_TEXT, as_text(it, origin or _HERE)) if format == "text" else msgspec.to_builtins(it)
