"""How a service behaves around its endpoints: what differs from one to the next between the socket and the action."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ecf_sandbox.api.auth import server_date
from ecf_sandbox.api.request import BODY_IN_JSON

if TYPE_CHECKING:
    from ecf_sandbox.api.context import RequestContext
    from ecf_sandbox.api.response import Answer
    from ecf_sandbox.state.service import Service

Headers = tuple[tuple[str, str], ...]
# What is answered to an exception of one kind.
Answers = Mapping[type[Exception], Callable[[Any, "RequestContext"], "Answer"]]


class HttpBehaviour:
    """The behaviour of a service that says nothing else; another one is a subclass, the part `http` of its service.

    `json_type` is the type of its documents, and of `json_types` it reads bodies as JSON. `answers` says what it
    answers to exceptions where that is not what `errors.py` has. `security` are the headers of whatever its framework
    answers, `policy` those of what gets as far as its own code; `strict_transport` is told over TLS. With
    `formats_in_paths` a list may be asked for in another format than JSON, by the end of its path. The values of
    filters in `decoded_again` are URL-decoded once more than those of any query.
    """

    json_type = "application/vnd.api+json"
    json_types = BODY_IN_JSON
    answers: Answers = {}
    compresses = True
    formats_in_paths = True
    decoded_again: frozenset[str] = frozenset()
    security: Headers = (
        ("X-Frame-Options", "DENY"),
        ("X-XSS-Protection", "0"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Permitted-Cross-Domain-Policies", "none"),
        ("Referrer-Policy", "origin-when-cross-origin, strict-origin-when-cross-origin"),
        ("X-Download-Options", "noopen"),
    )
    policy: Headers = (
        (
            "Content-Security-Policy",
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    )
    strict_transport = "max-age=63072000; includeSubDomains"

    def server_date(self, header: str | None, now: datetime) -> datetime | None:
        """The moment of a server date, None if it has no effect; raises BadRequest if it is unreadable."""
        return server_date(header, now)

    def admit(self, context: RequestContext) -> None:
        """Raise what a request for a path that exists is refused with before its token is looked at."""


DEFAULT = HttpBehaviour()


def behaviour_of(service: Service) -> HttpBehaviour:
    """How a service behaves."""
    return service.part_or("http", DEFAULT)
