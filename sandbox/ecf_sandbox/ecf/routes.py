"""Every path of the provider API, the versions that have it, and the endpoint that answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ecf_sandbox.state.operation import OperationInfo, operation_info


class Kind(StrEnum):
    """What a path leads to."""

    READ = "read"
    WRITE = "write"
    PRIVATE = "private"  # exists, but for other kinds of token
    MISSING = "missing"  # routed to something that was never built: not found, whoever asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method and path. `endpoint` is `module:function` below `ecf_sandbox.ecf.endpoints`, imported at first use."""

    method: str
    path: str
    endpoint: str = ""
    versions: tuple[int, ...] = (3,)
    kind: Kind = Kind.READ
    csv: bool = False

    @property
    def audited(self) -> bool:
        """Whether the service notes the raw body before it asks who is calling.

        Source: behaviour/http-and-partnerships.md#b1-7.
        """
        return self.path.startswith("/participant-declarations")

    def operation(self, version: int) -> str:
        """What the path does, by a name that never changes: `v3 record_declaration`."""
        return f"v{version} {self.endpoint.partition(':')[2] or self.kind}"

    def info(self, version: int) -> OperationInfo:
        """The operation in one version, spelt as in the OpenAPI documents."""
        path = f"/api/v{version}{self.path}".replace("<segment:id>", "{id}")
        return operation_info(version, self.method, path, self.operation(version), csv=self.csv)

    def rules(self) -> Iterator[tuple[int, str]]:
        """The versions, each with the rule of the path in it."""
        for version in self.versions:
            yield version, f"/api/v{version}{self.path}"


ALL = (1, 2, 3)
OLD = (1, 2)


def _read(path: str, endpoint: str, versions: tuple[int, ...] = (3,), *, csv: bool = False) -> Route:
    return Route(method="GET", path=path, endpoint=endpoint, versions=versions, csv=csv)


def _write(method: str, path: str, endpoint: str, versions: tuple[int, ...] = (3,)) -> Route:
    return Route(method=method, path=path, endpoint=endpoint, versions=versions, kind=Kind.WRITE)


def _actions(path: str, versions: tuple[int, ...]) -> tuple[Route, ...]:
    return tuple(
        _write("PUT", f"{path}/<segment:id>/{action}", f"participants:{action.replace('-', '_')}", versions)
        for action in ("defer", "resume", "withdraw", "change-schedule")
    )


def _missing(path: str, versions: tuple[int, ...]) -> tuple[Route, ...]:
    return tuple(
        Route(method="PUT", path=f"{path}/<segment:id>/{action}", versions=versions, kind=Kind.MISSING)
        for action in ("defer", "resume", "withdraw", "change-schedule")
    )


ROUTES: tuple[Route, ...] = (
    _read("/participants/ecf", "participants:list_participants", OLD, csv=True),
    _read("/participants/ecf", "participants:list_participants"),
    _read("/participants/ecf/<segment:id>", "participants:show_participant", ALL),
    *_actions("/participants/ecf", ALL),
    _read("/participants", "participants:list_participants", OLD, csv=True),
    *_actions("/participants", (1,)),
    *_missing("/participants", (2,)),
    _read("/participants/ecf/transfers", "transfers:list_transfers"),
    _read("/participants/ecf/<segment:id>/transfers", "transfers:show_transfers"),
    _read("/unfunded-mentors/ecf", "transfers:list_unfunded_mentors"),
    _read("/unfunded-mentors/ecf/<segment:id>", "transfers:show_unfunded_mentor"),
    _read("/participant-declarations", "declarations:list_declarations", OLD, csv=True),
    _read("/participant-declarations", "declarations:list_declarations"),
    _read("/participant-declarations/<segment:id>", "declarations:show_declaration", ALL),
    _write("POST", "/participant-declarations", "declarations:record_declaration", ALL),
    _write("PUT", "/participant-declarations/<segment:id>/void", "declarations:void_declaration", ALL),
    _read("/statements", "schools:list_statements"),
    _read("/statements/<segment:id>", "schools:show_statement"),
    _read("/partnerships/ecf", "partnerships:list_partnerships"),
    _read("/partnerships/ecf/<segment:id>", "partnerships:show_partnership"),
    _write("POST", "/partnerships/ecf", "partnerships:confirm_partnership"),
    _write("PUT", "/partnerships/ecf/<segment:id>", "partnerships:update_partnership"),
    _write("PATCH", "/partnerships/ecf/<segment:id>", "partnerships:update_partnership"),
    _read("/schools/ecf", "schools:list_schools"),
    _read("/schools/ecf/<segment:id>", "schools:show_school"),
    _read("/delivery-partners", "schools:list_delivery_partners"),
    _read("/delivery-partners/<segment:id>", "schools:show_delivery_partner"),
    *(
        Route(method=method, path=path, versions=OLD, kind=Kind.PRIVATE)
        for path in ("/users", "/ecf-users")
        for method in ("GET", "POST")
    ),
    Route(method="GET", path="/data-studio/school-rollout", versions=(1,), kind=Kind.PRIVATE),
)
