"""The requests that are sent there and here: readings only, the same every time, with what is looked at in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

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
    """A list of the API: its path below the version, what it takes, and the order that it comes in by itself."""

    path: str
    cohorts: bool = True
    needs_cohort: bool = False
    since: bool = True
    sorts: bool = True
    order: str = ""
    one: str = ""


_NEW = (
    Resource(path="participants/ecf"),
    Resource(path="participants/ecf/transfers", cohorts=False, sorts=False, one="participants/ecf/{id}/transfers"),
    Resource(path="participant-declarations", sorts=False, order="created_at"),
    Resource(path="partnerships/ecf", order="created_at"),
    Resource(path="schools/ecf", needs_cohort=True, order="created_at"),
    Resource(path="delivery-partners", since=False),
    Resource(path="statements", sorts=False, order="payment_date"),
    Resource(path="unfunded-mentors/ecf", cohorts=False),
)
_OLD = (
    Resource(path="participants/ecf", sorts=False),
    Resource(path="participant-declarations", cohorts=False, sorts=False),
)


def plan(version: int) -> tuple[Reading, ...]:
    """The readings for a version of the API, 1 to 3, in the order that they are sent in."""
    root = f"/api/v{version}/"
    resources = _NEW if version == 3 else _OLD
    return (*(it for each in resources for it in _of_resource(root, each)), *_of_mistakes(root, version))


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


def _of_mistakes(root: str, version: int) -> Iterator[Reading]:
    path = root + ("statements" if version == 3 else "participant-declarations")
    yield Reading(target=root + "no-such-path")
    yield Reading(target=path, shown=Shown.NONE)
    yield Reading(target=path, shown=Shown.WRONG)
    for query in ("page[page]=0", "page[page]=first", "page[per_page]=-1", "page=1", "filter=2025"):
        yield Reading(target=_target(path, query))
    yield Reading(target=path, accept="text/html")
    yield Reading(target=path, accept="application/xml")


def _target(path: str, *query: str) -> str:
    return path + ("?" + "&".join(query) if query else "")
