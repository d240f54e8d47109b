"""All that the pages need of this service, under the names that they look for (`web/ui/model.py`)."""

from __future__ import annotations

from ecf_sandbox.ecf.pages import money, people, person, schools
from ecf_sandbox.ecf.pages.actors import actor_of
from ecf_sandbox.ecf.pages.changes import changes
from ecf_sandbox.ecf.pages.deeds import deed
from ecf_sandbox.ecf.pages.groups import GROUPS as groups
from ecf_sandbox.ecf.pages.lanes import lanes
from ecf_sandbox.ecf.pages.moments import tally, upcoming
from ecf_sandbox.ecf.pages.variation import request_fields, with_fields
from ecf_sandbox.ecf.pages.words import PEOPLE, SCHOOLS, STATEMENTS, options
from ecf_sandbox.ecf.pages.words import WORDING as wording
from ecf_sandbox.state.records import Records
from ecf_sandbox.web.ui.sections import Section

sections = (
    Section(name=PEOPLE, title="People", listing=people.listing, show=person.show, key="timeline"),
    Section(name=STATEMENTS, title="Statements", listing=money.listing, show=money.show, key="money"),
    Section(name=SCHOOLS, title="Schools", listing=schools.listing, show=schools.show),
)


def offered(_records: Records, _parameter: str) -> tuple[tuple[str, str], ...]:
    """Nothing: each parameter of an event names a row, or is typed."""
    return ()


__all__ = (
    "actor_of",
    "changes",
    "deed",
    "groups",
    "lanes",
    "offered",
    "options",
    "request_fields",
    "sections",
    "tally",
    "upcoming",
    "with_fields",
    "wording",
)
