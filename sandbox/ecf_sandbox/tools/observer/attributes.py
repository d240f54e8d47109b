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
    message="The service silently ignores an unknown attribute: {near}",
    fix="Correct the name, or leave it out. This operation has: {expected}.",
)
def unknown_attribute(sent: ObservedRequest) -> Iterator[Location]:
    """Every attribute that is sent is known to the API."""
    known = sent.expected.attributes(sent.attributes)
    for name, value in sent.attributes.items() if sent.expected.reads_body else ():
        if name not in known and name not in all_attributes(sent.service):
            yield Location(_at(name), shown(value), ", ".join(known), did_you_mean(name, known))


@check(
    "body.ignored-attribute",
    Severity.ERROR,
    message="{where} is not for this operation: the service silently ignores it, or refuses it.",
    fix="Leave it out. This operation has: {expected}.",
)
def ignored_attribute(sent: ObservedRequest) -> Iterator[Location]:
    """Every attribute that is sent exists for this operation."""
    known = sent.expected.attributes(sent.attributes)
    for name, value in sent.attributes.items() if sent.expected.reads_body else ():
        if name not in known and name in all_attributes(sent.service):
            yield Location(_at(name), shown(value), ", ".join(known))


@check(
    "body.value-dropped",
    Severity.ERROR,
    message="The value is a list or an object, so for the service the attribute is missing.",
    fix="Send a string.",
)
def value_dropped(sent: ObservedRequest) -> Iterator[Location]:
    """The value of an attribute is a string."""
    for name, value, _ in _known(sent):
        if isinstance(value, Mapping | list):
            yield Location(_at(name), shown(value), "a text")


@check(
    "body.not-a-text",
    Severity.ERROR,
    message="The value is {near} instead of a string: the service converts it, not always as expected.",
    fix="Put it in quotes: {expected}.",
)
def not_a_text(sent: ObservedRequest) -> Iterator[Location]:
    """Strings are not sent as numbers or booleans."""
    for name, value, known in _known(sent):
        if known.text and isinstance(value, bool | int | float):
            kind = "true or false" if isinstance(value, bool) else "a number"
            yield Location(_at(name), shown(value), f'"{shown(value)}"', kind)


@check(
    "body.date-not-rfc3339",
    Severity.ERROR,
    message="{received!r} is not RFC 3339. The service refuses such a date, or guesses what it means.",
    fix="Write {expected}.",
)
def date_not_rfc3339(sent: ObservedRequest) -> Iterator[Location]:
    """A date in a body is a complete, existing date and time with its UTC offset."""
    for name, value, known in _known(sent):
        if known.moment and isinstance(value, str) and not is_blank(value) and not is_rfc3339(value):
            yield Location(_at(name), value, known.described)


@check(
    "body.odd-value",
    Severity.WARNING,
    message="The service guesses what {received!r} means, and may get it wrong or find nothing.",
    fix="Send {expected}.",
)
def odd_value(sent: ObservedRequest) -> Iterator[Location]:
    """The value of an attribute is as the OpenAPI document says."""
    for name, value, known in _known(sent):
        if isinstance(value, str) and not is_blank(value) and not known.fits(value):
            yield Location(_at(name), value, known.described)


def _known(sent: ObservedRequest) -> Iterator[tuple[str, object, Value]]:
    known = sent.expected.attributes(sent.attributes)
    return ((name, value, known[name]) for name, value in sent.attributes.items() if name in known)


def _at(name: str) -> str:
    return f"/data/attributes/{escaped(name)}"


CHECKS = (unknown_attribute, ignored_attribute, value_dropped, not_a_text, date_not_rfc3339, odd_value)
