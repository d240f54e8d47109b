"""What a page shows of a service, as plain values: the service fills them in, the templates lay them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.record import Record
from ecf_sandbox.state.records import Records
from ecf_sandbox.tools.explain.explanation import Request
from ecf_sandbox.web.ui.sections import Section, Tally, Upcoming


class Actor(Record, frozen=True, kw_only=True):
    """Who does something: a word and a shape, so that no colour is needed, and the name if it has one."""

    word: str
    shape: str
    name: str = ""


class Change(Record, frozen=True, kw_only=True):
    """One thing before and after; what is new was `new`."""

    thing: str
    before: str
    after: str


class Chip(Record, frozen=True, kw_only=True):
    """One thing in somebody's lane, in words: `retained-1`, `awaiting clawback`, `August 2026 statement`."""

    name: str
    state: str
    note: str = ""


class Lane(Record, frozen=True, kw_only=True):
    """Somebody in a story: the facts that say how they stand, and what they have in order.

    `empty` is said of who has nothing.
    """

    id: str
    name: str
    facts: tuple[str, ...] = ()
    chips: tuple[Chip, ...] = ()
    empty: str = ""


class Group(Record, frozen=True, kw_only=True):
    """Stories about one workflow of the guide, by their names."""

    title: str
    stories: tuple[str, ...]


class Field(Record, frozen=True, kw_only=True):
    """A field of a form; `kind` is `date`, `moment`, `choice`, `name` or `text`.

    Options are values and what they are called; a `name` is typed, and its options are offered. `exact` is what the
    request has where the field shows less of it: a date is without its time of day. `error` says what is wrong with
    the value.
    """

    name: str
    label: str
    kind: str
    value: str
    options: tuple[tuple[str, str], ...] = ()
    exact: str = ""
    hint: str = ""
    error: str = ""


class Wording(Record, frozen=True, kw_only=True):
    """What the pages call things of a service.

    `others` are those who act beside the callers of the API, and `another` is one of them. `times` says how moments on
    the clock's page are to be read, and `paying` which moves of the clock pay, where that is worth saying.
    `abbreviations` has the words of event and parameter names that are not spelt as words are, by how they look in
    lower case.
    """

    others: str
    another: str
    times: str = ""
    paying: str = ""
    abbreviations: Mapping[str, str] = {}


class ServicePages(Protocol):
    """What a service hands over for its pages."""

    wording: Wording
    groups: Sequence[Group]
    actor_of: Callable[[str | None, str | None], Actor]  # the event, or the name of the caller who asks
    deed: Callable[[Exchange, Records], str]  # what was done, in words, among the records there were then
    changes: Callable[[Exchange, Records], tuple[Change, ...]]  # with the records as the exchange left them
    lanes: Callable[[Records, Sequence[str]], tuple[Lane, ...]]  # of the people with these names
    request_fields: Callable[[Request, Records], tuple[Field, ...]]  # what can be varied in a request
    with_fields: Callable[[Request, Records, Mapping[str, str]], Request]  # the request with other values
    sections: Sequence[Section]  # what a world holds, each with a list and a page of each thing
    options: Callable[[Records, str], Sequence[tuple[str, str]]]  # the keys of a table's rows, and what they are called
    offered: Callable[[Records, str], Sequence[tuple[str, str]]]  # what can be given for a parameter that is no key
    upcoming: Callable[[Records, datetime, bool], tuple[Upcoming, ...]]  # the moments ahead, all of them if so asked
    tally: Callable[[Sequence[Exchange]], tuple[Tally, ...]]  # what came of some exchanges, counted
