"""What the pages of a story show, each page a plain value."""

from __future__ import annotations

from datetime import datetime

from ecf_sandbox.state.record import Record
from ecf_sandbox.tools.explain.explanation import Explanation
from ecf_sandbox.web.ui.model import Actor, Change, Field, Lane


class StoryLine(Record, frozen=True, kw_only=True):
    """A story in the list of all."""

    name: str
    title: str
    steps: int
    minutes: int
    only: str = ""


class StoryGroup(Record, frozen=True, kw_only=True):
    """A workflow with its stories, and the title of the service that they are about."""

    service: str
    title: str
    stories: tuple[StoryLine, ...]


class WorldLine(Record, frozen=True, kw_only=True):
    """A world in use."""

    name: str
    service: str
    now: datetime
    scenario: str
    exchanges: int
    last: datetime | None  # when it was last asked or done something to


class Home(Record, frozen=True, kw_only=True):
    """Screen 1."""

    groups: tuple[StoryGroup, ...]
    worlds: tuple[WorldLine, ...]
    query: str = ""
    found: int = 0


class Keys(Record, frozen=True, kw_only=True):
    """The keys of the pages, and what each does."""

    keys: tuple[tuple[tuple[str, ...], str], ...]


class StepLine(Record, frozen=True, kw_only=True):
    """A step in the list of steps: its number, what it says, whether it was refused."""

    number: int
    say: str
    deed: str
    refused: bool


class Cover(Record, frozen=True, kw_only=True):
    """Screen 2."""

    name: str
    title: str
    about: str
    people: tuple[tuple[str, str], ...]
    edition: str
    editions: tuple[str, ...]
    only: str
    steps: tuple[StepLine, ...]
    minutes: int


class Exhibit(Record, frozen=True, kw_only=True):
    """The request and the answer of a step, for whoever wants to see them."""

    method: str = ""
    target: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    status: int = 0
    answer: str = ""
    curl: str = ""


class StepPage(Record, frozen=True, kw_only=True):
    """Screen 3."""

    story: str
    title: str
    edition: str
    chosen: str  # the edition that the address names, if it names one
    number: int
    count: int
    at: datetime
    actor: Actor
    say: str
    deed: str
    event: bool  # whether it is no request to the API
    refused: bool
    status: int
    words: tuple[str, ...]  # what the service says when it refuses, or the answer in a few words
    rules: tuple[str, ...]
    changes: tuple[Change, ...]
    lanes: tuple[Lane, ...]
    exhibit: Exhibit
    steps: tuple[StepLine, ...]
    next_in_words: str
    present: bool
    ahead: bool
    open: tuple[str, ...]


class WhyPage(Record, frozen=True, kw_only=True):
    """Screen 4."""

    story: str
    title: str
    chosen: str
    number: int
    count: int
    say: str
    deed: str
    status: int
    words: tuple[str, ...]
    explanation: Explanation
    tries: tuple[str, ...]  # for each suggestion the query of its variation, empty where a form cannot make it


class Compared(Record, frozen=True, kw_only=True):
    """How a varied request would end."""

    refused: bool
    status: int
    words: tuple[str, ...]
    changes: tuple[Change, ...]
    answer: tuple[tuple[str, bool], ...]  # its lines, and which of them the other has not got


class Difference(Record, frozen=True, kw_only=True):
    """What a variation changes in the request."""

    label: str
    before: str
    after: str


class VariationPage(Record, frozen=True, kw_only=True):
    """Screen 5."""

    story: str
    title: str
    chosen: str
    number: int
    count: int
    deed: str
    fields: tuple[Field, ...]
    changed: tuple[Difference, ...]
    original: Compared
    varied: Compared | None
    varied_deed: str = ""
    first: tuple[str, ...] = ()  # what is done before it, in words
    suggestion: str = ""
    suggested: str = ""
