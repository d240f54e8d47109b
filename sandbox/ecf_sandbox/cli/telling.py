"""A story told on a terminal: step by step, forwards and back, with bodies, changes and the words of refusals."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from textwrap import indent
from typing import Any

import click

from ecf_sandbox.app import create_app
from ecf_sandbox.cli.control import Server, from_environment
from ecf_sandbox.cli.terminal import plain_line
from ecf_sandbox.control.stories import playing
from ecf_sandbox.scenario import Scenario
from ecf_sandbox.scenario.loading import shipped
from ecf_sandbox.scenario.narrative import outcome_text
from ecf_sandbox.scenario.player import Outcome
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.exporting import plain_world
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess

SEED = "sandbox"
LINES = 40  # of a body; whoever wants all of a long list has the journal
_INDENT = " " * 8
PROMPT = "  Enter: next   b: back   q: end  "


class Telling:
    """How a story is told, and how far it got."""

    def __init__(self, *, stepwise: bool, until: int | None, verbose: bool) -> None:
        self.stepwise, self.until, self.verbose = stepwise, until, verbose
        self._world: World | None = None
        self._states: list[Any] = []
        self._shown = self._noted = 0

    def here(self, story: Scenario, edition: Edition | None) -> Iterator[Outcome]:
        """Play a story in a new world of this process, and print each step."""
        world = self._world = world_of(story, edition=edition, seed=SEED)
        self._states = [world.state]
        return self.of(playing(world, story, _serve), world)

    def of(self, outcomes: Iterable[Outcome], world: World | None = None) -> Iterator[Outcome]:
        """Print each step as it is played; with `stepwise` the terminal says when, and may go back."""
        pages: list[list[str]] = []
        for outcome in outcomes:
            if self.until is not None and outcome.number > self.until:
                return
            pages.append([*outcome_text(outcome), *(self._more(outcome, world) if self.verbose else ())])
            if world is not None:
                self._states.append(world.state)
            yield outcome
            if not self._show(pages):
                return

    def keep(self, name: str, story: Scenario, edition: Edition | None) -> None:
        """Make what was played, as far as it was shown, a world of the running sandbox."""
        server = Server(*from_environment())
        if story.name in shipped():
            chosen = {"edition": edition.name} if edition else {}
            body: Any = {"name": name, "scenario": story.name, "seed": SEED, "steps": self._shown, **chosen}
            server.ask("POST", "/worlds", {}, body)
        else:
            assert self._world is not None
            self._world.restore(self._states[self._shown])
            server.ask("POST", f"/worlds/{name}/import", {}, plain_world(self._world))
        click.echo(f"Kept after step {self._shown}: world {name} at {server.url}", err=True)

    def _show(self, pages: list[list[str]]) -> bool:
        """Print the newest page; answers whether to go on. Going back shows the pages before it again."""
        at = len(pages)
        while True:
            self._shown = at
            for line in pages[at - 1]:
                click.echo(plain_line(line))
            if not self.stepwise:
                return True
            said = _said()
            if said == "q":
                return False
            if said == "b":
                at = max(1, at - 1)
            elif at == len(pages):
                return True
            else:
                at += 1

    def _more(self, outcome: Outcome, world: World | None) -> Iterator[str]:
        step = outcome.step
        # A step that did not get as far as a request, or an event that was refused, has no exchange.
        exchange = world.journal.get(world.journal.count) if world and world.journal.count > self._noted else None
        self._noted = world.journal.count if world else 0
        sent = exchange.request_body.decode(errors="replace") if exchange and exchange.method else step.body
        if step.method and sent:
            yield from _block("sends", sent)
        errors = outcome.answer.get("errors") if isinstance(outcome.answer, dict) else None
        if isinstance(errors, list):
            yield from (f"{_INDENT}refused: {it.get('title')}: {it.get('detail')}" for it in errors)
        elif outcome.answer is not None:
            yield from _block("answer", outcome.answer)
        if exchange is not None and world is not None and not outcome.differences:
            yield from _changes(exchange, world)


def _said() -> str:
    """What was typed at the prompt; an input that is at its end says that the story ends."""
    click.echo(PROMPT, nl=False, err=True)
    line = sys.stdin.readline()
    return line.strip().lower() if line else "q"


def _changes(exchange: Exchange, world: World) -> Iterator[str]:
    if "pages" in world.service.parts:
        words: Any = world.service.part("pages")
        for it in words.changes(exchange, world.state.records):
            yield f"{_INDENT}{it.thing}: {it.before or '–'} → {it.after}"


def _block(name: str, value: Any) -> Iterator[str]:
    with suppress(ValueError):
        value = json.loads(value) if isinstance(value, str) else value
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    lines = text.splitlines()
    yield f"{_INDENT}{name}:"
    yield from indent("\n".join(lines[:LINES]), _INDENT + "  ").splitlines()
    if len(lines) > LINES:
        yield f"{_INDENT}  … and {len(lines) - LINES} more lines"


def _serve(world: World) -> InProcess:
    return InProcess(create_app(Worlds(world)).wsgi_app)
