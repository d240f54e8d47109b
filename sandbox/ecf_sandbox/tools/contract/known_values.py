"""What a client can know of a world, and what a service knows of the values of its documents, for whoever draws them.

What a service knows is its part `fuzzing`: a `Fuzzing`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from ecf_sandbox.state.service import Service
from ecf_sandbox.transport import Transport

TOKEN = "LEAD_PROVIDER_API_TOKEN"  # where a token is looked for, as examples/ci/plain.sh hands it to a client's tests
Values = dict[str, Any]
# Values to draw from, by what they are for.
Better = Mapping[str, Sequence[Any]]
Rows = Mapping[str, Sequence[Any]]


class NothingKnown(Exception):
    """A list of ids could not be had."""


@dataclass(frozen=True)
class KnownValues:
    """What a client can know of its world; `people` are pairs of somebody and a course."""

    ids: Mapping[str, list[str]]
    people: list[tuple[str, str]]
    dates: list[str]


@dataclass(frozen=True)
class Fuzzing:
    """What a service knows of the values of its documents.

    `lists` has where ids are listed, by the part of a path behind which such an id stands; `people_in` reads people out
    of what they answered, `dates` are those on which something can be done. `filters` and `attributes` have better
    values for what was drawn for a path, of somebody on a course; `readable` says whether the service can read a query.
    """

    lists: Mapping[str, str]
    people_in: Callable[[Rows], list[tuple[str, str]]]
    dates: Callable[[], list[str]]
    filters: Callable[[KnownValues, Values], Better]
    attributes: Callable[[KnownValues, str, Values, tuple[str, str]], Better]
    readable: Callable[[str, Values], bool] = lambda path, query: True  # noqa: ARG005 - most read every query


def fuzzing_of(service: Service) -> Fuzzing:
    """What a service knows of the values of its documents; raises NoSuchPart."""
    found: Fuzzing = service.part("fuzzing")
    return found


def known_to(fuzzing: Fuzzing, token: str, send: Transport) -> KnownValues:
    """What the lists tell a client; raises NothingKnown if one cannot be had."""
    listed = {name: _listed(send, token, path) for name, path in fuzzing.lists.items()}
    ids = {name: [it["id"] for it in rows] for name, rows in listed.items()}
    return KnownValues(ids, fuzzing.people_in(listed), fuzzing.dates())


def _listed(send: Transport, token: str, path: str) -> list[Any]:
    reply = send("GET", path, [("Authorization", f"Bearer {token}")])
    if reply.status != HTTPStatus.OK:
        raise NothingKnown(f"GET {path} was answered with {reply.status}: is the token in {TOKEN} right?")
    found: list[Any] = json.loads(reply.body)["data"]
    return found
