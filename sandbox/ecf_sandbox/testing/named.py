"""Ids by the names that the scenario gives, looked up in the present of a world."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ecf_sandbox.ecf.queries.names import names
from ecf_sandbox.scenario.problems import unlike
from ecf_sandbox.state.world import World

_TABLES = frozenset(
    {
        "providers",
        "delivery_partners",
        "schools",
        "partnerships",
        "statements",
        "users",
        "identities",
        "training_records",
        "declarations",
    }
)


class Named(Mapping[str, str]):
    """The ids of one kind of thing by name, as they are now; an unknown name is a KeyError with the nearest."""

    def __init__(self, kind: str, world: World) -> None:
        self._kind = kind
        self._world = world

    def __getitem__(self, name: str) -> str:
        found = self._all().get(f"{self._kind}.{name}")
        if found is None:
            raise KeyError(f"{self._kind}: there is no {unlike(name, self)}")
        return found

    def __iter__(self) -> Iterator[str]:
        prefix = f"{self._kind}."
        return (name.removeprefix(prefix) for name in self._all() if name.startswith(prefix))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"<{self._kind} by name: {', '.join(self)}>"

    def _all(self) -> dict[str, str]:
        return self._world.state.records.view(_TABLES, names)


class Tokens(dict[str, str]):
    """Tokens by the name of their provider; an unknown name is a KeyError with the nearest."""

    def __missing__(self, name: str) -> str:
        raise KeyError(f"there is no provider {unlike(name, self)}")
