"""A provider's client without a socket: JSON goes in, and status, headers and JSON come back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import msgspec

from ecf_sandbox.transport import Reply, Transport

Parameters = Mapping[str, object] | Sequence[tuple[str, object]]


class Headers(dict[str, str]):
    """The headers of an answer; their names may be asked for in any case."""

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a header, or the default."""
        return super().get(name.lower(), default)


class EcfAnswer:
    """An answer: `status`, `headers`, `body` (bytes), `text`, `json`, and `rules`, the ids of those that refused."""

    def __init__(self, reply: Reply) -> None:
        self.status = reply.status
        self.headers = Headers(reply.headers)
        self.body = reply.body

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @cached_property
    def json(self) -> Any:
        """The document in the body; None if there is none."""
        return _document(self.body) if "json" in self.headers.get("content-type", "") and self.body else None

    @property
    def rules(self) -> list[str]:
        """The ids of the rules that refused, in the order of the errors."""
        return [it.strip() for it in self.headers.get("X-Sandbox-Rules", "").split(",") if it]

    def __repr__(self) -> str:
        return f"<{self.status} {self.text[:200]}>"


class EcfClient:
    """Asks one world as a lead provider would, straight into the application.

    `provider` is the provider's name (the scenario's first if none is given); `params` become the query;
    `at` is sent as `X-With-Server-Date`; `headers` are added to, or stand in place of, what the client sends.
    """

    def __init__(self, send: Transport, headers_for: Callable[[str | None], dict[str, str]]) -> None:
        self._send = send
        self._headers_for = headers_for

    def get(self, path: str, **options: Any) -> EcfAnswer:
        """Ask for a document or a list; `options` as for `request`."""
        return self.request("GET", path, **options)

    def post(self, path: str, json: object = None, **options: Any) -> EcfAnswer:
        """Send a new document."""
        return self.request("POST", path, json, **options)

    def put(self, path: str, json: object = None, **options: Any) -> EcfAnswer:
        """Act on what there is already."""
        return self.request("PUT", path, json, **options)

    def patch(self, path: str, json: object = None, **options: Any) -> EcfAnswer:
        """Change what there is already."""
        return self.request("PATCH", path, json, **options)

    def request(
        self,
        method: str,
        path: str,
        json: object = None,
        *,
        params: Parameters | None = None,
        headers: Mapping[str, str] | None = None,
        provider: str | None = None,
        at: str | None = None,
    ) -> EcfAnswer:
        """Send one request for a path such as `/api/v3/statements`; raises KeyError for an unknown provider."""
        sent = self._headers_for(provider)
        if json is not None:
            sent["Content-Type"] = "application/json"
        if at is not None:
            sent["X-With-Server-Date"] = at
        given = {name.lower() for name in headers or {}}
        kept = [(name, value) for name, value in sent.items() if name.lower() not in given]
        target = f"{path}{'&' if '?' in path else '?'}{urlencode(params)}" if params else path
        body = None if json is None else _text(json).encode()
        return EcfAnswer(self._send(method, target, [*kept, *(headers or {}).items()], body))


def _document(body: bytes) -> Any:
    """A document; raises ValueError for what is none."""
    try:
        return msgspec.json.decode(body)  # in a fifth of the time that Python's own reader takes
    except msgspec.DecodeError:  # for a number that is beyond a float too
        return json.loads(body)


def _text(document: object) -> str:
    return json.dumps(document)
