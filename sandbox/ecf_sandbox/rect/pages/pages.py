"""All that the pages need of this service, under the names that they look for (`web/ui/model.py`)."""

from __future__ import annotations

from ecf_sandbox.rect.pages import money, partnerships, people, person, schools
from ecf_sandbox.rect.pages.actors import actor_of
from ecf_sandbox.rect.pages.changes import changes
from ecf_sandbox.rect.pages.deeds import deed
from ecf_sandbox.rect.pages.groups import GROUPS as groups
from ecf_sandbox.rect.pages.lanes import lanes
from ecf_sandbox.rect.pages.moments import tally, upcoming
from ecf_sandbox.rect.pages.variation import request_fields, with_fields
from ecf_sandbox.rect.pages.words import PARTNERSHIPS, PEOPLE, SCHOOLS, STATEMENTS, offered, options
from ecf_sandbox.rect.pages.words import WORDING as wording
from ecf_sandbox.web.ui.sections import Section

sections = (
    Section(name=PEOPLE, title="People", listing=people.listing, show=person.show, key="timeline"),
    Section(name=STATEMENTS, title="Statements", listing=money.listing, show=money.show, key="money"),
    Section(name=SCHOOLS, title="Schools", listing=schools.listing, show=schools.show),
    Section(name=PARTNERSHIPS, title="Partnerships", listing=partnerships.listing, show=partnerships.show),
)

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
