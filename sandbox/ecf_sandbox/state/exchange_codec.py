"""Writes an exchange as JSON and reads it back: what the control plane answers and a line of a journal file holds.

No credentials are ever written: see `state/redact.py`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from math import isinf
from typing import Annotated, Any, NoReturn

import msgspec

from ecf_sandbox.dates.wire import instant_ms
from ecf_sandbox.rulebook.refusals import Refusal
from ecf_sandbox.state.journal import Exchange, RowChange
from ecf_sandbox.state.operation import subject_of
from ecf_sandbox.state.record import Record, plain, replace
from ecf_sandbox.state.redacted_exchange import redacted_exchange
from ecf_sandbox.state.target import Target, split_target

Json = dict[str, Any]
Header = tuple[str, str]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]

FORMAT = "ecf-sandbox/exchange"
GAP = "ecf-sandbox/gap"
VERSION = 1


class RecordedRequest(Record, frozen=True, kw_only=True):
    """Headers and body of a request; the body as `written_body` has it."""

    headers: tuple[Header, ...] = ()
    body: Any = None


class RecordedAnswer(Record, frozen=True, kw_only=True):
    """Status, headers and body of an answer."""

    status: int
    headers: tuple[Header, ...] = ()
    body: Any = None


class RecordedFinding(Record, frozen=True, kw_only=True):
    """One finding of the observer. Severities that a later ecf-sandbox may have are read as they are."""

    code: str
    severity: str
    where: str = ""
    received: str = ""
    expected: str = ""
    message: str = ""
    fix: str = ""
    link: str = ""


class RecordedChange(Record, frozen=True, kw_only=True):
    """A row that was written: the members that differ, before and after; a new or removed row has one side only."""

    table: str
    key: str
    before: Json | None = None
    after: Json | None = None


class JournalEntry(Record, frozen=True, kw_only=True):
    """One exchange as it is written and read. `at` and `moment` are in UTC, to the millisecond.

    `service` is whose operation it was, where the journal says so.
    `world` and `test` are there where the journals of several were written to one file, `test_file` and `test_line` say
    where that test stands; `life` and `ended` where the
    world of that name is no more, or was emptied: the how manieth it was, and how it ended. `begins` is the number of
    its first exchange, where that is not 1. `explanation` is what `tools/explain/written.py` makes of a refusal.
    `journal` and `line` (None without a file) say where it was read, and are not written.
    """

    number: int
    operation: str
    method: str
    target: str
    at: Moment
    moment: Moment
    provider: str | None
    request: RecordedRequest
    response: RecordedAnswer
    rules: Mapping[str, str] = {}
    refusals: tuple[Refusal, ...] = ()
    findings: tuple[RecordedFinding, ...] = ()
    changes: tuple[RecordedChange, ...] = ()
    undone: bool = False
    service: str | None = None
    world: str | None = None
    test: str | None = None
    test_file: str | None = None
    test_line: int | None = None
    life: int | None = None
    ended: str | None = None
    begins: int | None = None
    explanation: Json | None = None
    journal: str = ""
    line: int | None = None

    @property
    def name(self) -> str:
        """What a report calls it: `main#12`, or `main/1#12` before its first end."""
        return f"{self.lived_in}#{self.number}"

    @property
    def lived_in(self) -> str:
        """Its world, of several of one name in turn the one that is meant."""
        world = self.world or self.journal
        return world if self.life is None else f"{world}/{self.life}"

    @property
    def place(self) -> tuple[str, str | None]:
        """The world that it happened in: of two in one place the later one follows the earlier."""
        return self.journal, None if self.world is None else self.lived_in

    @property
    def asked(self) -> bool:
        """Whether it is a request, not something done to the world from outside the provider API."""
        return bool(self.method)

    @property
    def accepted(self) -> bool:
        """Whether it is a request that succeeded, or whose answer had not changed."""
        return self.asked and (200 <= self.response.status < 300 or self.response.status == 304)

    @property
    def subject(self) -> str:
        """Its operation without the version and the form of the path: `createDeclaration`."""
        return subject_of(self.operation)

    @property
    def split(self) -> Target:
        """What was asked for, taken apart."""
        return split_target(self.target)

    @property
    def path(self) -> str:
        """What was asked for, without the query."""
        return self.split.path


def entry_of(it: Exchange) -> JournalEntry:
    """What is written of an exchange: request, answer, moment, rules, changes; credentials are replaced."""
    it = redacted_exchange(it)
    return JournalEntry(
        number=it.number,
        operation=it.operation,
        method=it.method,
        target=it.target,
        at=_to_the_millisecond(it.at),
        moment=_to_the_millisecond(it.moment),
        provider=it.provider,
        request=RecordedRequest(headers=it.request_headers, body=written_body(it.request_body)),
        response=RecordedAnswer(
            status=it.status,
            headers=it.response_headers,
            body=written_body(it.response_body),
        ),
        rules={verdict.rule: str(verdict.verdict) for verdict in it.judgements},
        refusals=it.refusals,
        findings=tuple(
            RecordedFinding(**msgspec.structs.asdict(found) | {"severity": str(found.severity)})
            for found in it.findings
        ),
        changes=tuple(map(change_of, it.changes)),
        undone=it.undone,
        service=it.before.records.SERVICE or None,
    )


def change_of(it: RowChange) -> RecordedChange:
    """What is written of a row that changed."""
    before, after = _members(it.before), _members(it.after)
    if before and after:
        changed = [name for name in after if before.get(name) != after[name]]
        before, after = {name: before[name] for name in changed}, {name: after[name] for name in changed}
    return RecordedChange(table=it.table, key=it.key, before=before, after=after)


def plain_entry(it: JournalEntry) -> Json:
    """An entry as JSON, its members in the order in which a file has them."""
    place = {"test": it.test, "test_file": it.test_file, "test_line": it.test_line}
    belongs = {**place, "world": it.world, "life": it.life, "ended": it.ended, "begins": it.begins}
    return {
        **{name: value for name, value in belongs.items() if value is not None},
        "format": FORMAT,
        "version": VERSION,
        **({} if it.service is None else {"service": it.service}),
        "number": it.number,
        "operation": it.operation,
        "method": it.method,
        "target": it.target,
        "at": instant_ms(it.at),
        "moment": instant_ms(it.moment),
        "provider": it.provider,
        "request": {"headers": list(it.request.headers), "body": it.request.body},
        "response": {
            "status": it.response.status,
            "headers": list(it.response.headers),
            "body": it.response.body,
        },
        "rules": dict(it.rules),
        "refusals": [msgspec.to_builtins(refusal) for refusal in it.refusals],
        "findings": [msgspec.to_builtins(finding) for finding in it.findings],
        "changes": [msgspec.to_builtins(change) for change in it.changes],
        "undone": it.undone,
        **({} if it.explanation is None else {"explanation": it.explanation}),
    }


def exchange_json(it: Exchange) -> Json:
    """An exchange as JSON."""
    return plain_entry(entry_of(it))


def write_line(it: JournalEntry) -> bytes:
    """An entry as one line of a journal file, its end included."""
    return msgspec.json.encode(plain_entry(it)) + b"\n"


def as_json_lines(
    exchanges: Iterable[Exchange], *, explain: Callable[[Exchange], Json | None] | None = None, **belongs: Any
) -> str:
    """One JSON object to a line, oldest first; what each belongs to (`world`, `test`) stands first in it.

    `explain` answers the explanation that is written with an exchange.
    """
    return "".join(
        write_line(replace(entry_of(it), explanation=explain(it) if explain else None, **belongs)).decode()
        for it in exchanges
    )


class Gap(Record, frozen=True, kw_only=True):
    """That so many exchanges are not in a file, though they happened. `world` is None where several are meant."""

    exchanges: int
    why: str
    world: str | None = None
    test: str | None = None


def gap_line(it: Gap) -> str:
    """A gap as a line of a journal file."""
    return msgspec.json.encode({"format": GAP, "version": VERSION} | msgspec.to_builtins(it)).decode() + "\n"


class _Head(msgspec.Struct):
    format: Any = None
    version: Any = None


def read_gap(line: bytes) -> Gap | None:
    """The gap that a line of a journal file tells of; None for any other line."""
    if GAP.encode() not in line[:40]:
        return None
    try:
        return msgspec.json.decode(line, type=Gap)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def read_line(line: bytes) -> JournalEntry:
    """The entry that a line holds; raises ValueError, which says what it is instead."""
    try:
        head = msgspec.json.decode(line, type=_Head)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        raise ValueError(f"this is no line of a journal: {_said(wrong)}") from None
    if head.format != FORMAT:
        raise ValueError("this is no line of a journal; write one with: ecf-sandbox journal export --out FILE")
    if head.version != VERSION:
        raise ValueError(
            f"this is version {head.version!r} of the format, and this ecf-sandbox reads version {VERSION}"
        )
    try:
        it = msgspec.json.decode(line, type=JournalEntry)
        return replace(it, at=_to_the_millisecond(it.at), moment=_to_the_millisecond(it.moment))
    except OverflowError:
        raise ValueError("this exchange is not whole: its moment lies beyond the calendar") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        raise ValueError(f"this exchange is not whole: {_said(wrong)}") from None


def written_body(body: bytes) -> Any:
    """JSON as it is; other text as text; anything else in base64. `body_of` makes of it what was sent.

    JSON that would be taken for one of the others (a string, null, an object with the one member base64), and JSON
    that cannot be written again, is text.
    """
    if not body:
        return None
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}
    try:
        value = _value_of(text)
    except ValueError:
        return text
    return text if value is None or isinstance(value, str) or _is_base64(value) else value


def json_value(body: bytes) -> Any:
    """The value of a body that is JSON in UTF-8 and can be written again; raises ValueError for any other.

    Python's own reader takes more from bytes: UTF-16, halves of surrogate pairs, what nothing can write as UTF-8.
    """
    return _value_of(body.decode())


def _value_of(text: str) -> Any:
    try:
        value = _JSON.decode(text)
        if "\\u" in text:
            msgspec.json.encode(value)  # half of a surrogate pair can be read, but not written
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    return value


def body_of(written: Any) -> bytes:
    """The body that `written_body` wrote, JSON perhaps with other blanks; raises ValueError."""
    if written is None:
        return b""
    if _is_base64(written):
        try:
            return base64.b64decode(written["base64"], validate=True)
        except (TypeError, ValueError):
            raise ValueError("base64 is not valid base64") from None
    return (written if isinstance(written, str) else json.dumps(written)).encode("utf-8", "surrogatepass")


def _not_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _finite(written: str) -> float:
    value = float(written)
    if isinf(value):
        raise ValueError(f"{written} cannot be written again")
    return value


# Python's reader takes `NaN` for JSON, and makes an infinity of 1e999; neither could be written again.
_JSON = json.JSONDecoder(parse_constant=_not_json, parse_float=_finite)


def _is_base64(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"base64"}


def _members(row: Record | None) -> Json | None:
    members: Json | None = None if row is None else plain(row)
    return members


def _to_the_millisecond(at: datetime) -> datetime:
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _said(wrong: Exception) -> str:
    return "it is nested too deep" if isinstance(wrong, RecursionError) else str(wrong)
