"""The examples of the OpenAPI documents as they are served: they succeed in the world of whoever asks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, NamedTuple

from ecf_sandbox.api.addressed import NotUnderstood
from ecf_sandbox.api.auth import token_in, world_named_in
from ecf_sandbox.control.examples import with_control_examples
from ecf_sandbox.rulebook.refusals import OutOfScope
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.service import Service
from ecf_sandbox.state.world import State, World
from ecf_sandbox.state.worlds import BadWorldName, NoSuchWorld, Worlds
from ecf_sandbox.tools.contract.documents import CONTROL, OpenApiDocument, documents
from ecf_sandbox.tools.contract.examples import Caller, candidates_of, with_examples
from ecf_sandbox.tools.explain.dry_run import Serve

Json = Any
_MOST_PROVIDERS = 3
_KEPT = 32
# While a clock runs, examples age: a milestone ends. After an hour they are looked for again.
_AN_HOUR = timedelta(hours=1)


class _Kept(NamedTuple):
    """Something that was made for a world, and what the world was then."""

    state: State
    edition: Edition
    at: datetime
    made: Any

    def fits(self, state: State, edition: Edition, now: datetime) -> bool:
        """Whether it still holds."""
        same = self.state.records is state.records and self.edition == edition
        return same and timedelta() <= now - self.at < _AN_HOUR


def is_of(document: OpenApiDocument, service: Service) -> bool:
    """Whether a document describes that service."""
    return document in documents(service).values()


class WorldExamples:
    """The documents with the examples of one world and provider; those asked for last are kept."""

    def __init__(self, worlds: Worlds, serve: Serve) -> None:
        self._worlds = worlds
        self._serve = serve
        self._kept: OrderedDict[object, _Kept] = OrderedDict()
        self._lock = Lock()

    def tree(self, name: str, document: OpenApiDocument, environ: Mapping[str, Any]) -> Json:
        """A document with examples for the world and the token of a request.

        Without a token they are those of the provider for whom most can succeed.
        """
        with self._worlds.help.one():
            world = self._world(environ, document)
            token = self._caller(world, environ) or self._token_for(world)
            if name == CONTROL:
                return with_control_examples(document.tree, world, token)
            return self._with_examples(name, document, world, token)[0]

    def token_for(self, world: World) -> str | None:
        """The token of the provider for whom most of the examples can succeed; None in a world without providers."""
        with self._worlds.help.one():
            return self._token_for(world)

    def _token_for(self, world: World) -> str | None:
        chosen: str | None = self._once(world, "token", lambda: self._chosen(world))
        return chosen

    def _chosen(self, world: World) -> str | None:
        tokens = world.tokens[:_MOST_PROVIDERS]
        # In the newest version, which has the most operations.
        newest = f"v{world.service.newest}"
        document = documents(world.service).get(newest)
        fewest, chosen = None, next(iter(tokens), None)
        if document is None:
            return chosen
        for token in tokens if len(tokens) > 1 else ():
            missed = self._with_examples(newest, document, world, token)[1]
            if fewest is None or missed < fewest:
                fewest, chosen = missed, token
            if not missed:
                break
        return chosen

    def _with_examples(self, name: str, document: OpenApiDocument, world: World, token: str | None) -> tuple[Json, int]:
        """The document, and for how many operations there is no example that succeeds."""
        made: tuple[Json, int] = self._once(world, (name, token), lambda: self._made(document, world, token))
        return made

    def _made(self, document: OpenApiDocument, world: World, token: str | None) -> tuple[Json, int]:
        if token is None or not is_of(document, world.service) or "examples" not in world.service.parts:
            return document.tree, 0
        caller = Caller(world, token, self._serve)
        return with_examples(document, caller, candidates_of(world, caller))

    def _once(self, world: World, what: object, make: Callable[[], Any]) -> Any:
        """What was made before for the world as it is now, else made anew."""
        state, edition, now = world.state, world.edition, world.now()
        key = (world.name, what)
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and kept.fits(state, edition, now):
            return kept.made
        made = make()
        with self._lock:
            self._kept[key] = _Kept(state, edition, now, made)
            self._kept.move_to_end(key)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made

    def world_for(self, document: OpenApiDocument) -> World:
        """The first world of the service that a document is of, main before others; main if there is none."""
        of_it = (it for it in self._worlds.every() if is_of(document, it.service))
        return next(of_it, self._worlds.main)

    def _world(self, environ: Mapping[str, Any], document: OpenApiDocument) -> World:
        """The world that a request names, as it is or as its first use would make it: looking makes none."""
        try:
            name = world_named_in(environ)
        except NotUnderstood:
            return self._worlds.main
        if name is None:
            return self.world_for(document)
        try:
            return self._worlds.get(name)
        except NoSuchWorld:
            return self._fresh(name)

    def _fresh(self, name: str) -> World:
        try:
            return self._worlds.fresh(name)
        except BadWorldName:
            return self._worlds.main

    def _caller(self, world: World, environ: Mapping[str, Any]) -> str | None:
        given = token_in(environ.get("HTTP_AUTHORIZATION", "")) or ""
        for token in (given, given.partition("~")[0]):
            try:
                if token and world.service.caller_of(world.state.records, token) is not None:
                    return token
            except OutOfScope:
                return None
        return None
