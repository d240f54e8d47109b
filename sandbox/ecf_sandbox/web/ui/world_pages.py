"""What the pages of a world show, each page a plain value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ecf_sandbox.state.findings import Finding
from ecf_sandbox.state.record import Record
from ecf_sandbox.tools.explain.explanation import Explanation
from ecf_sandbox.web.ui.model import Actor, Change, Field
from ecf_sandbox.web.ui.sections import Detail, Listing
from ecf_sandbox.web.ui.story_pages import Compared, Exhibit


class Origin(Record, frozen=True, kw_only=True):
    """The step of a story that a world was made to vary."""

    story: str
    step: int
    title: str
    edition: str = ""


class SectionLink(Record, frozen=True, kw_only=True):
    """The way to a section; `key` is what the script calls it."""

    name: str
    title: str
    key: str


class WorldHead(Record, frozen=True, kw_only=True):
    """What every page of a world has at its top."""

    name: str
    now: datetime
    service: str  # its title
    client: str  # what its API calls whoever calls it
    others: str
    another: str
    edition: str
    scenario: str
    sections: tuple[SectionLink, ...]
    origin: Origin | None


class Line(Record, frozen=True, kw_only=True):
    """Something that happened in a world, in a line."""

    number: int
    at: datetime
    actor: Actor
    deed: str
    method: str
    status: int
    refused: bool
    rules: tuple[str, ...]
    findings: int
    undone: bool


class Overview(Record, frozen=True, kw_only=True):
    """Screen 6. `last_thing` is what would be taken back; `late` says that something else came first."""

    world: WorldHead
    clock: str
    holds: Mapping[str, int]
    tokens: Mapping[str, str]
    last: tuple[Line, ...]
    last_thing: Line | None
    late: bool


class ResetPage(Record, frozen=True, kw_only=True):
    """Asks before a world is reset."""

    world: WorldHead
    exchanges: int


class ListingPage(Record, frozen=True, kw_only=True):
    """Screens 7, 8 and 12, as lists."""

    world: WorldHead
    section: str
    listing: Listing
    query: Mapping[str, str]


class DetailPage(Record, frozen=True, kw_only=True):
    """Screens 7, 8 and 12, one thing."""

    world: WorldHead
    section: str
    section_title: str
    detail: Detail


class MomentLine(Record, frozen=True, kw_only=True):
    """A moment that the clock can go to, and what would come of that, in words."""

    name: str
    at: datetime
    words: tuple[str, ...]
    comes: tuple[str, ...]


class Moved(Record, frozen=True, kw_only=True):
    """Something that happened as the clock moved."""

    number: int
    at: datetime
    deed: str
    changes: tuple[Change, ...]


class ClockPage(Record, frozen=True, kw_only=True):
    """Screen 9. `asked` is what going to the date of the form would do, `error` what is wrong with that."""

    world: WorldHead
    mode: str
    moments: tuple[MomentLine, ...]
    everything: bool
    to: str
    asked: MomentLine | None
    error: str
    moved: tuple[Moved, ...] | None
    times: str  # how its moments are to be read
    paying: str  # which moves pay, where that is worth saying


class EventLine(Record, frozen=True, kw_only=True):
    """An event in the list of all."""

    name: str
    title: str
    summary: str
    given: Mapping[str, str]  # what its form begins with


class EventGroup(Record, frozen=True, kw_only=True):
    """What one party does."""

    actor: Actor
    events: tuple[EventLine, ...]


class ActPage(Record, frozen=True, kw_only=True):
    """Screen 10, the events; `given` is what the address asks for those about."""

    world: WorldHead
    groups: tuple[EventGroup, ...]
    given: Mapping[str, str]
    about: str


class EventPage(Record, frozen=True, kw_only=True):
    """Screen 10, one event. `problem` is why it does not fit; `changes` is what it would change, None if not asked."""

    world: WorldHead
    event: str
    title: str
    description: str
    actor: Actor
    fields: tuple[Field, ...]
    problem: str
    changes: tuple[Change, ...] | None


class JournalPage(Record, frozen=True, kw_only=True):
    """Screen 11, the newest first."""

    world: WorldHead
    lines: tuple[Line, ...]
    newest: int
    found: int
    dropped: int
    filters: tuple[Field, ...]
    query: Mapping[str, str]


class ExchangePage(Record, frozen=True, kw_only=True):
    """Screen 11, one exchange."""

    world: WorldHead
    line: Line
    sent_at: datetime
    words: tuple[str, ...]
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    exhibit: Exhibit
    before: int
    after: int


class ExchangeWhyPage(Record, frozen=True, kw_only=True):
    """Screen 11, why an exchange ended as it did."""

    world: WorldHead
    line: Line
    explanation: Explanation
    curls: tuple[str, ...]  # for each suggestion, what it would be sent with
    tries: tuple[str, ...]  # and the query of its form, empty where a form cannot make it


class AgainPage(Record, frozen=True, kw_only=True):
    """A request of the journal to be sent again, perhaps otherwise. `asked` is how it would end now."""

    world: WorldHead
    line: Line
    fields: tuple[Field, ...]
    asked: Compared | None
    deed: str
