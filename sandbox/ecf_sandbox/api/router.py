"""Finds the operation of the provider API that a path and a method mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ecf_sandbox.api.routes import ID, Route
from ecf_sandbox.state.operation import OperationInfo
from ecf_sandbox.state.record import Record, replace
from ecf_sandbox.state.service import Service

# A route in one version: what it is called there, and what where its path ends in `.csv`.
_Operation = tuple[Route, OperationInfo, OperationInfo]
# In the order in which they are told.
METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE")


class Match(Record, frozen=True):
    """The route that a request fits, the operation in the version that the path names, and the id that stands in it."""

    route: Route
    info: OperationInfo
    id: str | None


class Router:
    """The routes of a service.

    A path is looked up whole, and then with each part that may be an id taken for one, the last such part first: so
    words come before ids. A part with a dot is no id: a suffix was taken off before.
    """

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = routes
        self._whole: dict[tuple[str, str], _Operation] = {}  # by method and path
        self._with_id: dict[tuple[str, str], _Operation] = {}  # the same, with `ID` in the place of the id
        places: dict[int, set[int]] = {}
        for route, path, info in operations(routes):
            ways = self._with_id if ID in path else self._whole
            for method in (route.method, "HEAD") if route.method == "GET" else (route.method,):
                ways.setdefault((method, path), (route, info, _of_csv(route, info)))
            if ID in path:
                parts = path.split("/")
                places.setdefault(len(parts), set()).add(parts.index(ID))
        # Where an id may stand in a path of so many parts.
        self._places = {length: sorted(at, reverse=True) for length, at in places.items()}

    @property
    def paths(self) -> list[str]:
        """Every path that a caller may use in any version, as the documents spell it."""
        found = (route.info(version).path for route in self._routes if route.documented for version in route.versions)
        return list(dict.fromkeys(found))

    def matches(self, path: str) -> list[Match]:
        """What a path leads to, each by another method, of what a caller may use."""
        found = (self.match(path, it) for it in METHODS)
        return [it for it in found if it is not None and it.route.documented]

    def match(self, path: str, method: str, suffix: str | None = None) -> Match | None:
        """The route that a path, as a WSGI server hands it over, and a method fit; None for none."""
        if not path.isascii():
            path = path.encode("latin-1").decode(errors="replace")
        path, method = f"/{path.lstrip('/')}", method.upper() or "GET"
        whole = self._whole.get((method, path.removesuffix("/")))
        if whole is not None:
            return _match(whole, suffix, None)
        parts = path.split("/")
        for at in self._places.get(len(parts), ()):
            id, parts[at] = parts[at], ID
            found = self._with_id.get((method, "/".join(parts)))
            parts[at] = id
            if found is not None and id and "." not in id:
                return _match(found, suffix, id)
        return None


def _match(operation: _Operation, suffix: str | None, id: str | None) -> Match:
    route, info, of_csv = operation
    return Match(route, of_csv if suffix == "csv" else info, id)


def operations(routes: Sequence[Route]) -> Iterator[tuple[Route, str, OperationInfo]]:
    """Each route in each of its versions, with the rule of its path there; who is older knows of the newest version."""
    newest = max((version for route in routes for version in route.versions), default=0)
    there = {(it.method, it.path): it.info(newest) for it in routes if newest in it.versions and it.documented}
    for route in routes:
        newer = there.get((route.method, route.successor or route.path))
        for version, path in route.rules():
            info = route.info(version)
            yield route, path, info if version == newest else replace(info, newer=newer)


def _of_csv(route: Route, info: OperationInfo) -> OperationInfo:
    """What the operation is called where its path ends in `.csv`."""
    return replace(info, operation=route.operation(info.version, csv=True)) if route.csv else info


def router_of(service: Service) -> Router:
    """The routes of a service, made ready once."""
    return service.once(_router)


def _router(service: Service) -> Router:
    return Router(service.routes)


def example_path(service: Service) -> str:
    """The path of a list of the newest version, for whoever needs an example."""
    newest = service.newest
    infos = (it.info(newest) for it in service.routes if it.documented and newest in it.versions)
    return next((it.path for it in infos if it.is_list), f"/api/v{newest}")
