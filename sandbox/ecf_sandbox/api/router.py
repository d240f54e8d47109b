"""Finds the operation of the provider API that a path and a method mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule

from ecf_sandbox.api.paths import Segment
from ecf_sandbox.api.routes import Route
from ecf_sandbox.state.operation import OperationInfo
from ecf_sandbox.state.record import Record, replace
from ecf_sandbox.state.service import Service

# In the order in which they are told.
METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE")


class OneWay(Rule):
    """A route that leads from a path to what answers it, and never back.

    Nothing here asks for the URL of a route, and writing the code that would make it, twice for each route, was
    most of the time that it took to make an application.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: ARG002
        return self._no_way_back

    def _no_way_back(self, **_values: Any) -> tuple[str, str]:
        raise LookupError(f"no URL is made of {self.rule}")


class Match(Record, frozen=True):
    """The route that a request fits, the operation in the version that the path names, and the id that stands in it."""

    route: Route
    info: OperationInfo
    id: str | None


class Router:
    """The routes of a service."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = routes
        rules = [
            OneWay(path, endpoint=(route, (info, _of_csv(route, info))), methods=[route.method])
            for route, path, info in operations(routes)
        ]
        self._map = Map(rules, converters={"segment": Segment}, strict_slashes=False, merge_slashes=False)
        # Who asks again finds the way again: many tests ask the same of a world that begins the same.
        self._match = lru_cache(maxsize=1024)(self._map.bind("sandbox").match)

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
        try:
            (route, (info, of_csv)), found = self._match(path.encode("latin-1").decode(errors="replace"), method)
        except (NotFound, MethodNotAllowed):
            return None
        return Match(route, of_csv if suffix == "csv" else info, found.get("id"))


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
