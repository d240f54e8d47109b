"""Screen 10: what others than the callers of the API do, as forms; asked first, then done."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, get_args, get_origin

import msgspec
from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from ecf_sandbox.control.events import play_in
from ecf_sandbox.control.problem import Problem
from ecf_sandbox.state.described import Parameter
from ecf_sandbox.state.event import Event, key_of
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.suggest import did_you_mean
from ecf_sandbox.tools.explain.dry_run import copy_of
from ecf_sandbox.web.ui.model import Actor, Change, Field
from ecf_sandbox.web.ui.page import Page, View, address
from ecf_sandbox.web.ui.words import sentence, titled
from ecf_sandbox.web.ui.world_pages import ActPage, EventGroup, EventLine, EventPage
from ecf_sandbox.web.ui.world_words import Origins, found_world, head_of, pages_in, query_of

ASK = "ask"
# Above so many a list to choose from is no help: a name is typed then, and offered as one types.
MOST_CHOICES = 25
RADIOS = 6  # so many options are buttons, more of them a list
NOT_GIVEN = ("", "not given")
_NULL = re.compile(r"\bnull\b")
_YES_NO = (("true", "yes"), ("false", "no"))


def views(worlds: Worlds, origins: Origins) -> tuple[View, ...]:
    """The views of this screen."""
    it = ActViews(worlds, origins)
    return (
        View("/ui/worlds/<world>/act", "act", it.events, "act.html"),
        View("/ui/worlds/<world>/act/<event>", "event", it.form, "event.html"),
        View("/ui/worlds/<world>/act/<event>", "do event", it.play, method="POST"),
    )


class ActViews:
    """The functions behind the addresses."""

    def __init__(self, worlds: Worlds, origins: Origins) -> None:
        self.worlds = worlds
        self.origins = origins

    def events(self, world: str) -> Page:
        """The events by who does them; those about a thing, if the query names one."""
        it = found_world(self.worlds, world)
        pages, given = pages_in(it), query_of()
        groups: dict[Actor, list[EventLine]] = {}
        about = ""
        keys = {each.name: key_of(each) for event in it.service.events.values() for each in event.parameters}
        tables = {key.table: value for name, value in given.items() if (key := keys.get(name))}
        for each in it.service.events.values():
            told, about_it = _given_to(each, given, tables)
            if given and not about_it:
                continue
            about = about or next((_called(it, parameter, value) for parameter, value in about_it), "")
            title = titled(each.name, pages.wording.abbreviations)
            line = EventLine(name=each.name, title=title, summary=each.summary, given=told)
            groups.setdefault(pages.actor_of(each.name, None), []).append(line)
        return Page(
            ActPage(
                world=head_of(it, self.origins),
                groups=tuple(EventGroup(actor=actor, events=tuple(lines)) for actor, lines in groups.items()),
                given=given,
                about=about,
            )
        )

    def form(self, world: str, event: str) -> Page:
        """An event as a form; with `ask` what it would change, or why it does not fit."""
        it = found_world(self.worlds, world)
        found, pages, given = _event(it, event), pages_in(it), query_of()
        fields, told = read(it, found, given, required=ASK in given)
        changes: tuple[Change, ...] | None = None
        problem = ""
        if ASK in given and not any(field.error for field in fields):
            try:
                changes = tried(it, event, told)
            except Problem as refused:
                problem = sentence(refused.detail.removeprefix(f"{event} could not have happened: "))
        return Page(
            EventPage(
                world=head_of(it, self.origins),
                event=event,
                title=titled(event, pages.wording.abbreviations),
                description=found.description,
                actor=pages.actor_of(event, None),
                fields=fields,
                problem=problem,
                changes=changes,
            )
        )

    def play(self, world: str, event: str) -> Response:
        """Make an event happen, and show its exchange; or say what is wrong with it."""
        it = found_world(self.worlds, world)
        found = _event(it, event)
        given = {name: value.strip() for name, value in request.form.items() if value.strip()}
        fields, told = read(it, found, given, required=True)
        if not any(field.error for field in fields):
            try:
                played = play_in(it, event, told)
            except Problem:
                pass  # asking says what is wrong
            else:
                return redirect(url_for("exchange", world=it.name, number=played["number"]), 303)
        asked = {name: value for name, value in given.items() if name in {field.name for field in fields}}
        return redirect(address({ASK: "1", **asked}, "event", world=it.name, event=event), 303)


def _given_to(
    event: Event, given: Mapping[str, str], tables: Mapping[str, str]
) -> tuple[Mapping[str, str], list[tuple[Parameter, str]]]:
    """What an event's form begins with, and the parameters that mean what is given.

    They do by their name, or because they have to name a row of the same table: an ECT is a participant. Where several
    could be meant, the form asks for all of them.
    """
    named = [(it, given[it.name]) for it in event.parameters if it.name in given]
    if named:
        return given, named
    same = [
        (it, tables[key.table])
        for it in event.parameters
        if it.required and (key := key_of(it)) and key.table in tables
    ]
    return ({it.name: value for it, value in same} if len(same) == 1 else {}), same


def tried(world: World, event: str, told: Mapping[str, Any]) -> tuple[Change, ...]:
    """What an event would change, found out in a world that is thrown away; raises Problem."""
    copy = copy_of(world)
    played = play_in(copy, event, dict(told))
    exchange = copy.journal.get(played["number"])
    return pages_in(world).changes(exchange, copy.state.records) if exchange else ()


def read(
    world: World, event: Event, given: Mapping[str, str], *, required: bool
) -> tuple[tuple[Field, ...], dict[str, Any]]:
    """The fields of an event's form with what is wrong with their values, and what the event is to be told."""
    fields: list[Field] = []
    told: dict[str, Any] = {}
    for it in event.parameters:
        field, options = _field(world, it, given.get(it.name, "")), _options(world, it)
        value = _key(field.value, options)
        if not field.value:
            if it.required and it.nullable:
                told[it.name] = None
            missing = required and it.required and not it.nullable
            field = replace(field, error=f"{field.label}: this is needed." if missing else "")
        elif value is None:
            near = did_you_mean(field.value, [called for _, called in options])
            field = replace(field, error=sentence(f"{field.label}: there is nothing called {near}"))
        else:
            try:
                told[it.name] = msgspec.to_builtins(it.decode(value))
                field = replace(field, value=value if field.kind != "name" else dict(options).get(value, value))
            except ValueError as wrong:
                field = replace(field, error=sentence(str(wrong)))
        fields.append(field)
    return tuple(fields), told


def _field(world: World, it: Parameter, value: str) -> Field:
    options, kind = _options(world, it), "text"
    if options:
        kind = "name" if len(options) > MOST_CHOICES else "choice"
    elif issubclass(it.type if isinstance(it.type, type) else object, date):
        kind = "moment" if issubclass(it.type, datetime) else "date"
    if kind == "choice" and it.default is not None:
        value = value or str(msgspec.to_builtins(it.default)).lower()
    elif kind == "choice" and (not it.required or it.nullable):
        options = (NOT_GIVEN, *options)
    elif kind == "choice" and len(options) > RADIOS:
        options = (("", "choose one"), *options)
    label = titled(it.name.removesuffix("_id"), pages_in(world).wording.abbreviations)
    return Field(
        name=it.name, label=label, kind=kind, value=value, options=options, hint=_hint(it, kind, _options(world, it))
    )


def _hint(it: Parameter, kind: str, options: Sequence[tuple[str, str]]) -> str:
    """What an event says of a parameter, for whoever fills in a form: a thing goes by its name, not by its id."""
    key, (meaning, *more) = key_of(it), it.description.split("; ")
    parts = [meaning, *more]
    if kind == "name":
        parts = [f"type the name of a {key.noun}" if key else meaning, *more]
    elif key is not None or (kind == "choice" and all(value in meaning for value, _ in options)):
        parts = more  # what there is to choose from says it
    if not it.required and not more and it.default is None:
        parts.append("can be left empty")
    words = _NULL.sub("left empty", "; ".join(parts).replace("left out:", "left empty:"))
    return sentence(words) if words else ""


def _options(world: World, it: Parameter) -> tuple[tuple[str, str], ...]:
    """What a parameter can be and what that is called, each called differently; nothing if that is not a choice."""
    key = key_of(it)
    if key is not None:
        rows = pages_in(world).options(world.state.records, key.table)
        names = [called for _, called in rows]
        seen = {called for called in names if names.count(called) > 1} if len(set(names)) < len(names) else set()
        return tuple((id, f"{called} ({id})" if called in seen else called) for id, called in rows)
    if it.type is bool:
        return _YES_NO
    if get_origin(it.type) is Literal:
        return tuple((str(value), str(value)) for value in get_args(it.type))
    if isinstance(it.type, type) and issubclass(it.type, StrEnum):
        return tuple((value.value, value.value.replace("_", " ")) for value in it.type)
    return tuple(pages_in(world).offered(world.state.records, it.name))


def _key(value: str, options: tuple[tuple[str, str], ...]) -> str | None:
    """The value that somebody means who typed it or what it is called; None if there is no such one."""
    if not options:
        return value
    known = dict(options)
    return value if value in known else next((key for key, called in options if called == value), None)


def _called(world: World, it: Parameter, value: str) -> str:
    """What a parameter's value is called."""
    return dict(_options(world, it)).get(value, value)


def _event(world: World, name: str) -> Event:
    events = world.service.events
    if name not in events:
        abort(404, sentence(f"there is no event {did_you_mean(name, events)}"))
    return events[name]
