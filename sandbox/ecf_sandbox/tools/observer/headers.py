"""Checks on the server date, and on headers that the service passes over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from ecf_sandbox.api.behaviour import behaviour_of
from ecf_sandbox.dates.wire import is_rfc3339
from ecf_sandbox.rulebook.refusals import BadRequest
from ecf_sandbox.state.findings import Severity
from ecf_sandbox.tools.observer.check import Location, check
from ecf_sandbox.tools.observer.fast_path import MISSPELT_SERVER_DATE, acceptable
from ecf_sandbox.tools.observer.request import ObservedRequest
from ecf_sandbox.transport import DROPPED_HEADERS

SERVER_DATE = "X-With-Server-Date"
EXAMPLE = "RFC 3339, such as 2026-03-04T05:06:07Z"
_ANY_DAY = datetime(2025, 1, 1, tzinfo=UTC)
_TAG = re.compile(r'W/"[0-9a-f]{32}"')


@check(
    "server-date.unreadable",
    Severity.ERROR,
    message="The service finds no date and time in {received!r}: it answers 500, or silently uses the real time.",
    fix="Write the date and time as {expected}.",
)
def unreadable(sent: ObservedRequest) -> Iterator[Location]:
    """X-With-Server-Date is a date and time."""
    header = _server_date(sent)
    if header is not None and not _read(sent, header):
        yield Location(SERVER_DATE, header, EXAMPLE)


@check(
    "server-date.not-rfc3339",
    Severity.WARNING,
    message="The service guesses what {received!r} means: parts may be missing, roll over, or be taken from today.",
    fix="Write the date and time as {expected}.",
)
def not_rfc3339(sent: ObservedRequest) -> Iterator[Location]:
    """X-With-Server-Date is a complete date and time with its UTC offset."""
    header = _server_date(sent)
    if header is not None and not is_rfc3339(header) and _read(sent, header):
        yield Location(SERVER_DATE, header, EXAMPLE)


@check(
    "server-date.misspelt-header",
    Severity.ERROR,
    message="The service ignores {where}, so this request happened at the real time.",
    fix="Name the header {expected}.",
)
def misspelt_header(sent: ObservedRequest) -> Iterator[Location]:
    """The header that sets the server date is X-With-Server-Date."""
    for key in sorted(MISSPELT_SERVER_DATE & sent.environ.keys()):
        yield Location(key[5:].replace("_", "-").title(), str(sent.environ[key]), SERVER_DATE)


@check(
    "conditional.tag-misspelt",
    Severity.WARNING,
    message="This can't match an ETag of the service, so the whole answer is sent each time.",
    fix="Send back the ETag of the earlier answer as it was: {expected}.",
)
def tag_misspelt(sent: ObservedRequest) -> Iterator[Location]:
    """If-None-Match is one ETag exactly as it was received, including its `W/`."""
    header = sent.header("HTTP_IF_NONE_MATCH")
    if header is not None and not _TAG.fullmatch(header):
        yield Location("If-None-Match", header, 'W/"…"')


@check(
    "conditional.with-gzip",
    Severity.ADVICE,
    message="Compressed answers get another ETag every second, so this condition hardly ever saves anything.",
    fix="Send conditional requests with Accept-Encoding: {expected}.",
)
def with_gzip(sent: ObservedRequest) -> Iterator[Location]:
    """Conditional requests are made without compression."""
    accepted = sent.header("HTTP_ACCEPT_ENCODING") or ""
    compressed = "gzip" in accepted and behaviour_of(sent.service).compresses
    if compressed and sent.header("HTTP_IF_NONE_MATCH") is not None:
        yield Location("Accept-Encoding", accepted, "identity")


@check(
    "accept.not-offered",
    Severity.WARNING,
    message="The service takes the format from the path, not from Accept: it answers with JSON.",
    fix="Accept {expected}; for CSV, in v1 and v2, add .csv to the path of a list.",
)
def accept_not_offered(sent: ObservedRequest) -> Iterator[Location]:
    """A client accepts what the service offers."""
    accept = sent.header("HTTP_ACCEPT")
    if not behaviour_of(sent.service).formats_in_paths:
        return
    if accept and sent.info.version and not acceptable(accept) and not (sent.suffix == "csv" and "csv" in accept):
        yield Location("Accept", accept, "application/vnd.api+json")


# What the service or the sandbox reads of a request.
_READ = frozenset(
    """
    accept accept-encoding authorization content-length content-type if-none-match x-http-method-override x-request-id
    x-sandbox-token x-sandbox-world x-with-server-date
    """.split()
)


@check(
    "header.underscore",
    Severity.ERROR,
    message="Servers drop a header whose name has an underscore, so {expected} was not sent.",
    fix="Name the header {expected}.",
)
def underscore(sent: ObservedRequest) -> Iterator[Location]:
    """The words of a header's name are joined by dashes."""
    for name, dashed in _dropped(sent):
        if dashed.lower() in _READ:
            yield Location(name, "", dashed)


@check(
    "header.underscore-unread",
    Severity.WARNING,
    message="Servers drop a header whose name has an underscore, so nobody can read {where}.",
    fix="Name the header {expected}, or leave it out.",
)
def underscore_unread(sent: ObservedRequest) -> Iterator[Location]:
    """The words of a header's name are joined by dashes, whoever reads it."""
    for name, dashed in _dropped(sent):
        if dashed.lower() not in _READ:
            yield Location(name, "", dashed)


def _dropped(sent: ObservedRequest) -> list[tuple[str, str]]:
    """The names that were dropped as they were sent, and as they should be. Values may be credentials."""
    dropped: tuple[tuple[str, str], ...] = sent.environ.get(DROPPED_HEADERS, ())
    return [(name, name.replace("_", "-").strip("-").title()) for name, _ in dropped]


def _server_date(sent: ObservedRequest) -> str | None:
    header = sent.header("HTTP_X_WITH_SERVER_DATE")
    return None if header is None else header.encode("latin-1").decode(errors="replace")


def _read(sent: ObservedRequest, text: str) -> bool:
    """Whether the service finds a moment in a server date."""
    try:
        return behaviour_of(sent.service).server_date(text.encode().decode("latin-1"), _ANY_DAY) is not None
    except (BadRequest, OverflowError):
        return False


CHECKS = (
    unreadable,
    not_rfc3339,
    misspelt_header,
    underscore,
    underscore_unread,
    tag_misspelt,
    with_gzip,
    accept_not_offered,
)
