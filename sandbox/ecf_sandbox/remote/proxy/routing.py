"""Finds what a request through the proxy is for, as the edge of the sandbox itself would."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from ecf_sandbox.api.formats import uuid_of
from ecf_sandbox.api.noting import Trace
from ecf_sandbox.api.paths import Segment, spell
from ecf_sandbox.api.reading import told
from ecf_sandbox.api.unreadable import UnknownMediaType, Unreadable
from ecf_sandbox.ecf.routes import ROUTES
from ecf_sandbox.rulebook.refusals import BadRequest
from ecf_sandbox.state.place import NOWHERE, Place


class Routing:
    """The places of the provider API."""

    def __init__(self) -> None:
        rules = [
            Rule(path, endpoint=route.place(version), methods=[route.method])
            for route in ROUTES
            for version, path in route.rules()
        ]
        self._map = Map(rules, converters={"segment": Segment}, strict_slashes=False, merge_slashes=False)

    def spelt(self, environ: Mapping[str, Any], body: bytes) -> dict[str, Any]:
        """A copy of a request, its path and method spelt as the routes are."""
        copy = {**environ, "wsgi.input": BytesIO(body)}
        spell(copy)
        return copy

    def trace(self, environ: Mapping[str, Any], body: bytes, caller: str | None) -> Trace:
        """What can be learnt of a request that is spelt; `caller` is None for one whose token was not accepted."""
        place, id = self._place(environ)
        trace = Trace(place)
        trace.body, trace.id = body, id
        trace.uuid = None if id is None else uuid_of(unquote(id))
        trace.provider = caller
        if caller is not None and place.version:
            with suppress(Unreadable, UnknownMediaType, BadRequest):
                told(environ, trace)
        return trace

    def _place(self, environ: Mapping[str, Any]) -> tuple[Place, str | None]:
        try:
            endpoint, found = self._map.bind("proxy").match(environ["PATH_INFO"], environ["REQUEST_METHOD"])
        except HTTPException:
            return NOWHERE, None
        return endpoint, found.get("id")
