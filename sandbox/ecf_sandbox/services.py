"""The services that a world can be of, by name: those that come with the sandbox, and those that packages add.

A package adds a service by an entry point of the group `ecf_sandbox.services`, whose value names a `Service`:
`library = "library_service.service:SERVICE"`. Nothing here has to change for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ecf_sandbox.state.service import Service, resolve_name

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints

# Served where nobody chose.
DEFAULT = "ecf"
SERVICES = {DEFAULT: "ecf_sandbox.ecf.service", "rect": "ecf_sandbox.rect.service"}
GROUP = "ecf_sandbox.services"
# What finds out what a client meets that moves from a service to the one that replaced it. It knows both.
MOVES = {DEFAULT: "ecf_sandbox.moving.move:move"}


def service_names() -> list[str]:
    """The names of all services, the default one first."""
    return [*SERVICES, *sorted(it.name for it in _added() if it.name not in SERVICES)]


def service_named(name: str = DEFAULT) -> Service:
    """The service of that name; raises KeyError.

    For commands and scenario files, which name one. Whatever works for a world asks the world for its service.
    """
    service: Service
    if name in SERVICES:
        service = import_module(SERVICES[name]).SERVICE
        return service
    for it in _added().select(name=name):
        service = it.load()
        return service
    raise KeyError(name)


def page_of(service: Service, page: str) -> str:
    """What a page of the documentation is called for a service: `rules.md` of the first is `rect-rules.md` of rect."""
    return page if service.name == DEFAULT else f"{service.name}-{page}"


def move_from(name: str) -> Any:
    """What plays a client of a service against the one that replaced it (`moving.move.move`); raises KeyError."""
    return resolve_name(MOVES[name])


def _added() -> EntryPoints:
    # Imported here because everybody waits for the start, and few add a service.
    from importlib.metadata import entry_points

    return entry_points(group=GROUP)
