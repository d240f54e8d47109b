"""Where a request went, spelt as the OpenAPI documents spell it."""

from __future__ import annotations

from ecf_sandbox.state.record import Record


class Place(Record, frozen=True, kw_only=True):
    """A method and path of the API, or nowhere (`version` 0); `operation` is its stable name in the journal."""

    version: int = 0
    method: str = ""
    path: str = ""
    operation: str = "no route"
    csv: bool = False
    lists: bool = False
    shows: bool = False
    writes: bool = False


NOWHERE = Place()


def place_of(version: int, method: str, path: str, operation: str, *, csv: bool = False) -> Place:
    """The place of an operation; `csv` says that it also answers CSV."""
    reads, one = method == "GET", "{id}" in path
    return Place(
        version=version,
        method=method,
        path=path,
        operation=operation,
        csv=csv,
        lists=reads and not one,
        shows=reads and one,
        writes=not reads,
    )
