"""What a route of a service is: a method, a path, the versions that have it, and the endpoint that answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ecf_sandbox.state.operation import OperationInfo, operation_info

CSV = "Csv"  # what the documents add to the operationId of a list that is asked for as a file
ID = "<segment:id>"


class Kind(StrEnum):
    """What a path leads to."""

    READ = "read"
    WRITE = "write"
    PRIVATE = "private"  # exists, but for other kinds of token
    MISSING = "missing"  # routed to something that was never built: not found, whoever asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method and path of a service.

    `operation_id` is that of the OpenAPI documents. `endpoint` is `module:function` by its whole name, imported at
    first use; a route that is `audited` has its raw body kept by the service before it asks who is calling. `successor`
    is the path that newer versions have instead of this one; in the versions of `lax_filters` a filter may be a list or
    an object too. `noun` is what the path is about, where its words do not say it.
    """

    method: str
    path: str
    operation_id: str = ""
    endpoint: str = ""
    versions: tuple[int, ...] = (3,)
    kind: Kind = Kind.READ
    csv: bool = False
    audited: bool = False
    successor: str = ""
    lax_filters: tuple[int, ...] = ()
    noun: str = ""

    @property
    def collection(self) -> str:
        """What comes before an id: `books` of `/books/<segment:id>/return`."""
        return self.path.partition(ID)[0].strip("/")

    @property
    def action(self) -> str:
        """What comes after the id: `return` of `/books/<segment:id>/return`."""
        return self.path.partition(ID)[2].strip("/")

    @property
    def resource(self) -> str:
        """What the path is about."""
        return self.noun or self.collection

    @property
    def documented(self) -> bool:
        """Whether the token of a caller opens it."""
        return self.kind in (Kind.READ, Kind.WRITE)

    def operation(self, version: int, *, csv: bool = False) -> str:
        """What the path does, by the `operationId` of the documents: `v3 createDeclaration`."""
        return f"v{version} {self.operation_id or self.kind}{CSV if csv else ''}"

    def former_operation(self, version: int) -> str:
        """The name that the operation had before it was that of the documents: `v3 record_declaration`."""
        return f"v{version} {self.endpoint.partition(':')[2] or self.kind}"

    def info(self, version: int, *, csv: bool = False) -> OperationInfo:
        """The operation in one version, spelt as in the OpenAPI documents; `csv` for the form of its path in `.csv`."""
        path = f"/api/v{version}{self.path}".replace(ID, "{id}")
        strict, operation = version not in self.lax_filters, self.operation(version, csv=csv)
        return operation_info(version, self.method, path, operation, csv=self.csv, strict_filters=strict)

    def rules(self) -> Iterator[tuple[int, str]]:
        """The versions, each with the rule of the path in it."""
        for version in self.versions:
            yield version, f"/api/v{version}{self.path}"
