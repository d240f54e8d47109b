"""The requests that are sent there and here: readings only, the same every time, with what is looked at in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain

from ecf_sandbox.state.service import Service

COHORT = "2025"
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
    `cohort` that of every item, `per_page` the most items, `after` the target of the page before.
    """

    target: str
    list_: str = ""
    shown: Shown = Shown.OURS
    accept: str = ""
    order: str = ""
    since: str = ""
    cohort: str = ""
    per_page: int = 0
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A list of the API: its path below the version, what it takes, and the order that it comes in by itself.

    `one` is the path of one item, where that is not the list's with an id. The mistakes that any list would refuse are
    made with the one that says `mistaken`.
    """

    path: str
    cohorts: bool = True
    needs_cohort: bool = False
    since: bool = True
    sorts: bool = True
    order: str = ""
    one: str = ""
    mistaken: bool = False


def plan(service: Service, version: int) -> tuple[Reading, ...]:
    """The readings for a version of a service, in the order that they are sent in."""
    root, resources = f"/api/v{version}/", lists_of(service)[version]
    mistaken = (_of_mistakes(root, it.path) for it in resources if it.mistaken)
    return tuple(chain(*(_of_resource(root, it) for it in resources), *mistaken))


def lists_of(service: Service) -> Mapping[int, Sequence[Resource]]:
    """The lists of a service that are compared, by version."""
    found: Mapping[int, Sequence[Resource]] = service.part("compared_lists")
    return found


def _of_resource(root: str, resource: Resource) -> Iterator[Reading]:
    own = [f"filter[cohort]={COHORT}"] if resource.needs_cohort else []
    path = root + resource.path
    whole, first = _target(path, *own), _target(path, *own, f"page[page]=1&page[per_page]={PER_PAGE}")
    yield Reading(target=whole, order=resource.order)
    # Some show one only among those of a cohort.
    yield Reading(target=_target(root + (resource.one or f"{resource.path}/{FIRST}"), *own), list_=whole)
    yield Reading(target=_target(path.removesuffix("/transfers") + f"/{NOBODY}", *own))
    yield Reading(target=first, per_page=PER_PAGE)
    second = _target(path, *own, f"page[page]=2&page[per_page]={PER_PAGE}")
    yield Reading(target=second, per_page=PER_PAGE, after=first)
    yield Reading(target=_target(path, *own, f"page[page]={BEYOND}&page[per_page]={PER_PAGE}"))
    if resource.since:
        yield Reading(target=_target(path, *own, f"filter[updated_since]={SINCE}"), since=SINCE)
        yield Reading(target=_target(path, *own, "filter[updated_since]=yesterday"))
    if resource.cohorts and not resource.needs_cohort:
        yield Reading(target=_target(path, f"filter[cohort]={COHORT}"), cohort=COHORT)
    if resource.needs_cohort:
        yield Reading(target=path)
    if resource.sorts:
        yield Reading(target=_target(path, *own, "sort=updated_at"), order="updated_at")
        yield Reading(target=_target(path, *own, "sort=-updated_at"), order="-updated_at")


def _of_mistakes(root: str, list_: str) -> Iterator[Reading]:
    path = root + list_
    yield Reading(target=root + "no-such-path")
    yield Reading(target=path, shown=Shown.NONE)
    yield Reading(target=path, shown=Shown.WRONG)
    for query in ("page[page]=0", "page[page]=first", "page[per_page]=-1", "page=1", "filter=2025"):
        yield Reading(target=_target(path, query))
    yield Reading(target=path, accept="text/html")
    yield Reading(target=path, accept="application/xml")


def _target(path: str, *query: str) -> str:
    return path + ("?" + "&".join(query) if query else "")
