"""The changes of requests that a client can make without thinking about rules."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from ecf_sandbox.api.accept import is_media_type
from ecf_sandbox.dates.readers import UnreadableDate, read_server_date
from ecf_sandbox.moving.difference import Request
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.target import split_target

_SAFE = "[],:"
_WITH_ECF = r"(/api/v\d+/(?:{}))/ecf(?=[/.]|$)"
_OLD_VERSION = re.compile(r"/api/v[12](?=/)")
_VENDOR = re.compile(r"application/vnd\.api\+json", re.IGNORECASE)
# A digit, a blank and two digits with a colon: what a plus sign that was not encoded leaves of an offset.
_OFFSET = re.compile(r"(.*T[\d:.,]+)[+ ](\d\d):?(\d\d)", re.IGNORECASE)
_DATED = re.compile(r"\d{4}-\d\d-\d\d(.*)", re.DOTALL)
_ZONE = re.compile(r"Z|[+-]\d\d|[A-Z]{3}", re.IGNORECASE)
# What the old service reads of a cohort. Digits with an underscore between them are one number, and a semicolon ends
# the value for both services.
_YEAR = re.compile(r"\s*\+?([0-9]+)(?![0-9_;])")
# Which filters the new service reads (behaviour/rect.md#6-3): of lists alone. Of schools it reads `cohort` as the old
# one does.
_LIST = r"/(?:{})(?:\.\w+)?/?$"
_BOTH = "participants|participant-declarations|partnerships|statements"
_BY_COHORT = re.compile(_LIST.format(f"{_BOTH}|delivery-partners"))
_BY_UPDATED_SINCE = re.compile(_LIST.format(f"{_BOTH}|schools|participants/transfers|unfunded-mentors"))
_FAR = datetime(2026, 1, 1, tzinfo=UTC)


def without_ecf(*nouns: str) -> Callable[[Request], Request]:
    """Paths of these nouns without `/ecf`."""
    pattern = re.compile(_WITH_ECF.format("|".join(nouns)))

    def change(it: Request) -> Request:
        return _with_path(it, lambda path: pattern.sub(r"\1", path))

    return change


def in_newest_version(it: Request) -> Request:
    """A path of v1 or v2 in v3."""
    return _with_path(it, lambda path: _OLD_VERSION.sub("/api/v3", path))


def without_csv(it: Request) -> Request:
    """A path that asks for CSV without doing so."""
    return _with_path(it, lambda path: path.removesuffix(".csv"))


def plain_content_type(it: Request) -> Request:
    """A body that is sent as JSON by its plain name."""
    return _with_header(it, "content-type", lambda value: _VENDOR.sub("application/json", value))


def readable_accept(it: Request) -> Request:
    """A request whose `Accept` names a media type that is none, taking anything."""
    return _with_header(it, "accept", lambda value: value if all(map(is_media_type, _types(value))) else "*/*")


def _types(accept: str) -> list[str]:
    return [it.partition(";")[0].strip() for it in accept.split(",") if it.strip()]


def zoned_server_date(it: Request) -> Request:
    """A server date without a zone as the UTC that was meant; one that says nothing is left out."""
    value = it.header("x-with-server-date")
    if value is None:
        return it
    try:
        meant = read_server_date(value, _FAR)
    except UnreadableDate:
        return it
    if meant is None:
        kept = tuple(pair for pair in it.headers if pair[0].lower() != "x-with-server-date")
        return replace(it, headers=kept)
    found = _DATED.fullmatch(value.strip())
    if found is None or (found[1] and _ZONE.search(found[1])):
        return it
    return _with_header(it, "x-with-server-date", lambda _: meant.strftime("%Y-%m-%dT%H:%M:%SZ"))


def cohorts_as_years(it: Request) -> Request:
    """`filter[cohort]` whose parts are years alone, where the new service drops what is not."""
    if not _BY_COHORT.search(split_target(it.target).path):
        return it
    return _with_parameter(it, re.compile(r"filter\[cohort\](\[\])?"), _years)


def _years(value: str) -> str:
    return ",".join(found[1] if (found := _YEAR.match(part)) else part for part in value.split(","))


def updated_since_in_utc(it: Request) -> Request:
    """`filter[updated_since]` without an offset that begins with a plus sign, where it is read."""
    if not _BY_UPDATED_SINCE.search(split_target(it.target).path):
        return it
    return _with_parameter(it, re.compile(r"filter\[updated_since\]"), _in_utc)


def _in_utc(value: str) -> str:
    found = _OFFSET.fullmatch(value)
    if found is None:
        return value
    try:
        at = datetime.fromisoformat(f"{found[1].upper()}+{found[2]}:{found[3]}").astimezone(UTC)
    except (ValueError, OverflowError):
        return value
    return at.replace(tzinfo=None).isoformat() + "Z"


def without_statement_type(it: Request) -> Request:
    """A list of statements without `filter[type]`."""
    split = split_target(it.target)
    if not re.search(r"/statements(?:\.\w+)?/?$", split.path):
        return it
    return _with_query(it, [pair for pair in split.parameters if pair[0] != "filter[type]"])


def present_withdrawal_reason(it: Request) -> Request:
    """A withdrawal whose reason has its present name."""
    return _with_attribute(it, "reason", {"school-left-fip": "switched-to-school-led"})


def replace_path(target: str, change: Callable[[str], str]) -> str:
    """A target with another path, and the query that it has."""
    path, mark, query = target.partition("?")
    return f"{change(path)}{mark}{query}"


def _with_path(it: Request, change: Callable[[str], str]) -> Request:
    changed = replace_path(it.target, change)
    return it if changed == it.target else replace(it, target=changed)


def _with_header(it: Request, name: str, change: Callable[[str], str]) -> Request:
    headers = tuple((key, change(value) if key.lower() == name else value) for key, value in it.headers)
    return it if headers == it.headers else replace(it, headers=headers)


def _with_parameter(it: Request, name: re.Pattern[str], change: Callable[[str], str]) -> Request:
    parameters = split_target(it.target).parameters
    return _with_query(it, [(key, change(value) if name.fullmatch(key) else value) for key, value in parameters])


def _with_query(it: Request, parameters: list[tuple[str, str]]) -> Request:
    split = split_target(it.target)
    if tuple(parameters) == split.parameters:
        return it
    query = urlencode(parameters, safe=_SAFE, quote_via=quote)
    return replace(it, target=f"{split.path}?{query}" if query else split.path)


def _with_attribute(it: Request, name: str, values: dict[str, str]) -> Request:
    body = _json(it.body)
    data = body.get("data") if isinstance(body, dict) else None
    attributes = data.get("attributes") if isinstance(data, dict) else None
    if not isinstance(body, dict) or not isinstance(attributes, dict):
        return it
    value = attributes.get(name)
    if not isinstance(value, str) or value not in values:
        return it
    changed = {**body, "data": {**body["data"], "attributes": {**attributes, name: values[value]}}}
    return replace(it, body=json.dumps(changed).encode())


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
