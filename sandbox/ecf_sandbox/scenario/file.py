"""The scenario file: what every service's has, around the sections of a service.

A file begins with its head and may end with a story. Between them it has the sections of its service, which say what a
world begins with, or else the rows of a saved state.
"""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from ecf_sandbox.scenario.fields import (
    ANYTHING,
    FLAG,
    LIST,
    MAPPING,
    MOMENT,
    NUMBER,
    TEXT,
    Several,
    plain_list,
    reference,
    schema_of,
    several,
    text,
    values,
)
from ecf_sandbox.scenario.section import Piecewise, Section, Type, optional, required
from ecf_sandbox.state.service import Service

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
STATE = "state"


class Head(Section):
    """What every file begins with."""

    title = optional(TEXT, "what the scenario is called", "the name of the file")
    about = optional(TEXT, "what it shows, in a few sentences")
    as_of = optional(MOMENT, "the moment that the file describes", "`now`; one is required")
    now = optional(MOMENT, "where the clock of its worlds stands still", "the clock runs")
    service = optional(
        text("name of a service", "string"),
        "the service whose API the file is for",
        "`ecf`, or the one of `serve --service`",
    )
    edition = optional(
        reference("edition", "name of an edition"), "the edition that the story needs", "whatever is served"
    )


class _Step(Section):
    say = optional(TEXT, "what the step shows, in a sentence")


class EventStep(_Step, title="steps: an event", marked_by="event"):
    """What happens outside the API. What could not have happened ends the step as different."""

    at = required(MOMENT, "when it happens")
    event = required(text("name of an event"), "which event: see [events.md](events.md)")
    with_ = optional(MAPPING, "its parameters")


class RequestStep(_Step, title="steps: a request", marked_by="send"):
    """What a client asks, and what is expected of the answer. Only what is given is looked at."""

    at = optional(MOMENT, "the server date of the request", "the present moment")
    by = optional(text("name of a client"), "whose token it has", "no token")
    send = required(
        text("method and path", pattern=f"^({'|'.join(METHODS)}) /"),
        "the request, such as `GET /api/v3/participants/ecf`",
    )
    headers = optional(MAPPING, "more headers")
    body = optional(ANYTHING, "the body: names and values are sent as JSON, a text as it is", "no body")
    expect = required(NUMBER, "the status of the answer")
    answer = optional(
        ANYTHING,
        "what the JSON of the answer has: of names and values only those given are looked at, a list is as long as"
        " here, anything else is equal",
    )
    includes = optional(LIST, "items that the `data` of the answer has, each held against it as `answer` is")
    excludes = optional(LIST, "items that it has not")
    count = optional(NUMBER, "how many items `data` has")
    refused_by = optional(plain_list("list of rules"), "the rules that refuse: see [rules.md](rules.md)")
    empty = optional(FLAG, "whether the answer has no body", "false", value=False)
    content_type = optional(TEXT, "the content type of the answer, without its charset")
    keep = optional(
        values("a place in the answer for each name, such as `data.id`", ANYTHING),
        "values that later steps name as `${kept.NAME}`",
    )


_STEPS: Piecewise[Several[EventStep | RequestStep]] = several(EventStep, RequestStep)


class ScenarioFile(Head):
    """What is in every file: its head, and the story that may end it."""

    steps = optional(_STEPS, "the story")


_ROWS: Type[object] = Type(MAPPING.words, MAPPING.schema, ANYTHING.read)  # what reads the rows says what is wrong


class Saved(Section):
    """`ecf-sandbox scenarios save` writes the rows of a world in the place of its sections."""

    state = required(_ROWS, "the rows, by table")
    clients = optional(
        values("a token for each client", text("token")),
        "by what steps name the clients",
        "the names of those who have tokens",
    )


@cache
def kinds_of_file(service: Service) -> tuple[type[ScenarioFile], type[ScenarioFile]]:
    """What a file of a service can be: one with the sections that the service has, or a saved state."""
    editions, anywhere = list(service.editions), Head.shape.keys["edition"]
    edition = optional(
        reference("edition", " or ".join(editions), schema_of("string", enum=editions)),
        anywhere.meaning,
        f"{anywhere.default}, else {editions[0]}",
    )
    head = type("Head", (Head,), {"edition": edition})
    about = "The sections are read in this order, so each names only what stands before it."
    return (
        _kind(head, service.scenario_sections, about, title="The file"),
        _kind(head, Saved, Saved.shape.about, title="A saved state", marked_by=STATE),
    )


def _kind(head: type, middle: type[Section], about: str, **shape: str) -> type[ScenarioFile]:
    bases = (head, middle, ScenarioFile)
    kind: Any = type("File", bases, {"__doc__": about}, one_of=("as_of", "now"), **shape)
    return cast("type[ScenarioFile]", kind)
