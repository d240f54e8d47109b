"""The requests that are sent there and here: readings only, the same every time, with what is looked at in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from ecf_sandbox.state.service import Service
from ecf_sandbox.tools.observer.expected import expected_of

SINCE = "2024-01-01T00:00:00Z"
NOBODY = "00000000-0000-4000-8000-000000000000"
BEYOND = 999999
PER_PAGE = 2
# What stands in a path for the first id that the list before it showed.
FIRST = "{id}"


class Shown(Enum):
    """What a request shows for a token."""

    OURS = "the token"
    NONE = "no token"
    WRONG = "an unknown token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One GET. `target` may have `{id}` in it, for the first id of `list_`; what else is known is checked:

    `order` is the attribute that the list goes by (with a minus: the latest first), `since` the earliest `updated_at`,
    `filtered` the name and value of a filter that every item has, `per_page` the most items, `after` the target of the
    page before.
    """

    target: str
    list_: str = ""
    shown: Shown = Shown.OURS
    accept: str = ""
    order: str = ""
    since: str = ""
    filtered: tuple[str, str] | None = None
    per_page: int = 0
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A list of the API: its path below the version, what it takes, and the order that it comes in by itself.

    `filter` is the name and value of a filter, which is `needed` or not; `one` is the path of one of them if that is
    not the list's with an id. Mistakes that any list would refuse are made with the one
    that says `mistaken`.
    """

    path: str
    filter: tuple[str, str] | None = None
    needed: bool = False
    since: bool = True
    sorts: bool = True
    order: str = ""
    one: str = ""
    mistaken: bool = False


def plan(service: Service, version: int) -> tuple[Reading, ...]:
    """The readings for a version of a service, in the order that they are sent in."""
    root, resources = f"/api/v{version}/", resources_of(service, version)
    trying = next((it for it in resources if it.mistaken), resources[0])
    return (*(it for each in resources for it in _of_resource(root, each)), *_of_mistakes(root, trying))


def resources_of(service: Service, version: int) -> tuple[Resource, ...]:
    """The lists of a version that are read: those that the service names, or else all that its documents have."""
    named: Mapping[int, tuple[Resource, ...]] = service.part_or("compared_lists", {})
    return named[version] if version in named else tuple(_documented(service, version))


def _documented(service: Service, version: int) -> Iterator[Resource]:
    for info in (it.info(version) for it in service.routes if it.documented and version in it.versions):
        if info.is_list:
            expected = expected_of(service, version, info.method, info.path)
            path = info.path.removeprefix(f"/api/v{version}/")
            yield Resource(path=path, since="updated_since" in expected.filters, sorts="updated_at" in expected.sorts)


def _of_resource(root: str, resource: Resource) -> Iterator[Reading]:
    filter = f"filter[{resource.filter[0]}]={resource.filter[1]}" if resource.filter else ""
    own = [filter] if resource.needed else []
    path = root + resource.path
    whole, first = _target(path, *own), _target(path, *own, f"page[page]=1&page[per_page]={PER_PAGE}")
    yield Reading(target=whole, order=resource.order)
    # Some show one only among those that the filter leaves.
    yield Reading(target=_target(root + (resource.one or f"{resource.path}/{FIRST}"), *own), list_=whole)
    yield Reading(target=_target(path.removesuffix("/transfers") + f"/{NOBODY}", *own))
    yield Reading(target=first, per_page=PER_PAGE)
    second = _target(path, *own, f"page[page]=2&page[per_page]={PER_PAGE}")
    yield Reading(target=second, per_page=PER_PAGE, after=first)
    yield Reading(target=_target(path, *own, f"page[page]={BEYOND}&page[per_page]={PER_PAGE}"))
    if resource.since:
        yield Reading(target=_target(path, *own, f"filter[updated_since]={SINCE}"), since=SINCE)
        yield Reading(target=_target(path, *own, "filter[updated_since]=yesterday"))
    if filter and not resource.needed:
        yield Reading(target=_target(path, filter), filtered=resource.filter)
    if resource.needed:
        yield Reading(target=path)
    if resource.sorts:
        yield Reading(target=_target(path, *own, "sort=updated_at"), order="updated_at")
        yield Reading(target=_target(path, *own, "sort=-updated_at"), order="-updated_at")


def _of_mistakes(root: str, resource: Resource) -> Iterator[Reading]:
    path = root + resource.path
    yield Reading(target=root + "no-such-path")
    yield Reading(target=path, shown=Shown.NONE)
    yield Reading(target=path, shown=Shown.WRONG)
    for query in ("page[page]=0", "page[page]=first", "page[per_page]=-1", "page=1", "filter=2025"):
        yield Reading(target=_target(path, query))
    yield Reading(target=path, accept="text/html")
    yield Reading(target=path, accept="application/xml")


def _target(path: str, *query: str) -> str:
    return path + ("?" + "&".join(query) if query else "")
