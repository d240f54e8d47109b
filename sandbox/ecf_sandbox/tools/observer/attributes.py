"""Checks on the attributes of a body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ecf_sandbox.dates.wire import is_rfc3339
from ecf_sandbox.rulebook.values import is_blank
from ecf_sandbox.state.findings import Severity
from ecf_sandbox.suggest import did_you_mean
from ecf_sandbox.tools.observer.bodies import escaped, shown
from ecf_sandbox.tools.observer.check import Location, check
from ecf_sandbox.tools.observer.expected import Value, all_attributes
from ecf_sandbox.tools.observer.request import ObservedRequest


@check(
    "body.unknown-attribute",
    Severity.ERROR,
    message="The service drops an attribute that it does not know, without a word: {near}",
    fix="Correct the name, or leave it out. This operation knows: {expected}.",
)
def unknown_attribute(sent: ObservedRequest) -> Iterator[Location]:
    """Every attribute that is sent is one that the API knows."""
    known = sent.expected.attributes(sent.attributes)
    for name, value in sent.attributes.items() if sent.expected.reads_body else ():
        if name not in known and name not in all_attributes():
            yield Location(_at(name), shown(value), ", ".join(known), did_you_mean(name, known))


@check(
    "body.ignored-attribute",
    Severity.ERROR,
    message="{where} is of no use here: the service drops it without a word, or refuses it.",
    fix="Leave it out. This operation knows: {expected}.",
)
def ignored_attribute(sent: ObservedRequest) -> Iterator[Location]:
    """Every attribute that is sent is one that this operation looks at."""
    known = sent.expected.attributes(sent.attributes)
    for name, value in sent.attributes.items() if sent.expected.reads_body else ():
        if name not in known and name in all_attributes():
            yield Location(_at(name), shown(value), ", ".join(known))


@check(
    "body.value-dropped",
    Severity.ERROR,
    message="The value is a list or an object, so the service takes the attribute for missing.",
    fix="Send one text.",
)
def value_dropped(sent: ObservedRequest) -> Iterator[Location]:
    """The value of an attribute is a text."""
    for name, value, _ in _known(sent):
        if isinstance(value, Mapping | list):
            yield Location(_at(name), shown(value), "a text")


@check(
    "body.not-a-text",
    Severity.ERROR,
    message="The value is {near} where a text belongs; the service turns it into one, not always as you would.",
    fix="Put it in quotes: {expected}.",
)
def not_a_text(sent: ObservedRequest) -> Iterator[Location]:
    """Numbers and truth values are not sent for texts."""
    for name, value, known in _known(sent):
        if known.text and isinstance(value, bool | int | float):
            kind = "true or false" if isinstance(value, bool) else "a number"
            yield Location(_at(name), shown(value), f'"{shown(value)}"', kind)


@check(
    "body.date-not-rfc3339",
    Severity.ERROR,
    message="{received!r} is not RFC 3339. The service refuses such a date, or makes of it what it can.",
    fix="Write {expected}.",
)
def date_not_rfc3339(sent: ObservedRequest) -> Iterator[Location]:
    """A date in a body is a whole date and time with its zone, and exists."""
    for name, value, known in _known(sent):
        if known.moment and isinstance(value, str) and not is_blank(value) and not is_rfc3339(value):
            yield Location(_at(name), value, known.described)


@check(
    "body.odd-value",
    Severity.WARNING,
    message="The service makes of {received!r} what it can, which may be something else than was meant, or nothing.",
    fix="Send {expected}.",
)
def odd_value(sent: ObservedRequest) -> Iterator[Location]:
    """The value of an attribute looks as the document says."""
    for name, value, known in _known(sent):
        if isinstance(value, str) and not is_blank(value) and not known.fits(value):
            yield Location(_at(name), value, known.described)


def _known(sent: ObservedRequest) -> Iterator[tuple[str, object, Value]]:
    known = sent.expected.attributes(sent.attributes)
    return ((name, value, known[name]) for name, value in sent.attributes.items() if name in known)


def _at(name: str) -> str:
    return f"/data/attributes/{escaped(name)}"


CHECKS = (unknown_attribute, ignored_attribute, value_dropped, not_a_text, date_not_rfc3339, odd_value)
