"""Plays a request against the new service: as it was sent, and then with each step that a client can take."""

from __future__ import annotations

import re
from collections.abc import Callable

from ecf_sandbox.api.routes import CSV
from ecf_sandbox.moving.difference import STEPS, Difference, Played, Request, Step, errors_in
from ecf_sandbox.moving.rect_world import TOKEN
from ecf_sandbox.moving.requests import replace_path
from ecf_sandbox.services import service_named
from ecf_sandbox.state.exchange_codec import JournalEntry, body_of, written_body
from ecf_sandbox.state.world import State, World
from ecf_sandbox.state.worlds import MAIN
from ecf_sandbox.tools.explain.target import sendable
from ecf_sandbox.transport import Transport

NEW = "rect"
Serve = Callable[[World], Transport]
_SENT = frozenset({"authorization", "content-type", "accept", "x-with-server-date", "x-http-method-override"})
_HIDDEN = re.compile(r"\[redacted\](?:~[A-Za-z0-9._-]*)?")


class CannotSend(ValueError):
    """A request that cannot be sent again as it was. Says why."""


def request_of(it: JournalEntry) -> Request:
    """The request of an exchange, with the headers that matter; raises CannotSend."""
    try:
        target, body = sendable(it.target), body_of(it.request.body)
    except ValueError as wrong:
        raise CannotSend(str(wrong)) from None
    if it.operation.endswith(CSV):
        # The journal has paths as the routes spell them, without the format.
        target = replace_path(
            target, lambda path: path if path.endswith(f".{CSV.lower()}") else f"{path}.{CSV.lower()}"
        )
    headers = tuple((name, value) for name, value in it.request.headers if name.lower() in _SENT)
    return Request(method=it.method, target=target, headers=headers, body=body)


def after_steps(it: Request, table: tuple[Difference, ...], *, meant: bool = True) -> list[tuple[Step | None, Request]]:
    """A request as it was sent, and after each step on top of those before.

    Values stay as they are in a request that was not `meant` to be carried out.
    """
    forms: list[tuple[Step | None, Request]] = [(None, it)]
    for step in STEPS:
        for difference in table:
            if difference.step is step and difference.change is not None and (meant or step is not Step.VALUES):
                it = difference.change(it)
        forms.append((step, it))
    return forms


def _authorized(it: Request) -> list[tuple[str, str]]:
    """The headers of a request whose token the old service knew: spelt as it was, if the journal shows how."""
    told = it.header("authorization") or ""
    shown = _HIDDEN.sub(lambda _: TOKEN, told) if _HIDDEN.search(told) else f"Bearer {TOKEN}"
    return [*((name, value) for name, value in it.headers if name.lower() != "authorization"), ("Authorization", shown)]


class Player:
    """A world of the new service that is made anew for each request."""

    def __init__(self, serve: Serve) -> None:
        service = service_named(NEW)
        self._world = World(MAIN, State(records=service.records_type()), service=service)
        self._send = serve(self._world)

    def play(self, state: State, forms: list[tuple[Step | None, Request]], *, known: bool) -> tuple[Played, ...]:
        """How each form is answered in that world; `known` says that the old service knew the token."""
        answers: list[Played] = []
        for n, (_, form) in enumerate(forms):
            same = n > 0 and form == forms[n - 1][1]
            answers.append(answers[-1] if same else self._one(state, form, known=known))
        return tuple(answers)

    def _one(self, state: State, it: Request, *, known: bool) -> Played:
        self._world.restore(state)
        self._world.journal.clear()
        headers = _authorized(it) if known else list(it.headers)
        reply = self._send(it.method, it.target, headers, it.body or None)
        exchange = self._world.journal.get(self._world.journal.count)
        rules = tuple(each.rule for each in exchange.refusals) if exchange else ()
        return Played(status=reply.status, rules=rules, errors=errors_in(written_body(reply.body)))
