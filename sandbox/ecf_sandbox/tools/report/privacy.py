"""Takes out what tells who a person is, and brings text into the shapes that the formats can hold."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

import msgspec

from ecf_sandbox.state.exchange_codec import JournalEntry

# An answer that lists many repeats none of them in passing, and to look for them all would take long.
_REPEATED, _SHORTEST = 50, 3
# `%40` is what an address has in a query. Bounded, because a text can be long.
_EMAIL = re.compile(
    r"""[^\s@<>"'`,;:=&?/()\[\]{}\\][^\s@<>"`,;:=&?/()\[\]{}\\]{0,63}(?:@|%40)\w[\w-]{0,62}(?:\.[\w-]{1,63}){0,8}"""
)
_PAIR = re.compile(r"(?:(?<=[?&])|^)([^=&?\s]{1,200})=([^&\s]+)", re.MULTILINE)
# In text that is no JSON as a whole: JSON that broke, or that something quotes.
_MEMBER = r"""(["'])({})\\*\1\s*(?::|=>)\s*\\*(?:"((?:[^"\\]|\\.)+)|'((?:[^'\\]|\\.)+)|(\d+))"""
_NOTHING = "(?!)"

Hide = Callable[[str], str]


class Masks:
    """The placeholders of one report: `[name 1]`, `[email 1]`, `[trn 1]`.

    `kinds` are the attributes of a service that are about a person, each with what it tells of them.
    """

    def __init__(self, kinds: Mapping[str, str]) -> None:
        self._kinds = kinds
        self.member = re.compile(_MEMBER.replace("{}", "|".join(kinds) or _NOTHING))
        self._given: dict[tuple[str, str], str] = {}
        self._counted: dict[str, int] = {}

    def of(self, it: JournalEntry, hide: Hide = str) -> Mask:
        """What hides the persons of one exchange, and before them what `hide` does."""
        sent = [*self._in_query(it.split.query), *self._told(it.request.body)]
        told = [*sent, *itertools.islice(self._told(it.response.body), _REPEATED)]
        known = {value: kind for kind, value in told if len(value) >= _SHORTEST}
        return Mask(self, known, hide)

    def kind(self, name: str) -> str:
        """The kind of what stands under a name, as `email` does under `data[attributes][email]`; empty if of nobody."""
        return self._kinds.get(re.split(r"[\[\]]", name.rstrip("]"))[-1].lower(), "")

    def _told(self, body: Any) -> Iterator[tuple[str, str]]:
        """The kinds and values of the persons in a body, in their order."""
        if isinstance(body, str):
            yield from self._in_query(body)
            return
        waiting: list[tuple[str, Any]] = [("", body)]
        while waiting:
            kind, it = waiting.pop()
            if isinstance(it, dict):
                waiting += [(self.kind(name) or kind, value) for name, value in reversed(it.items())]
            elif isinstance(it, list):
                waiting += [(kind, each) for each in reversed(it)]
            elif kind and _tells(it):
                yield kind, str(it)

    def _in_query(self, it: str) -> Iterator[tuple[str, str]]:
        return ((self.kind(name), value) for name, value in parse_qsl(it) if self.kind(name))

    def instead(self, kind: str, value: str) -> str:
        """The placeholder for a value, which a capital or a blank does not make another."""
        key = kind, " ".join(value.split()).casefold()
        if key not in self._given:
            self._counted[kind] = self._counted.get(kind, 0) + 1
            self._given[key] = f"[{kind} {self._counted[kind]}]"
        return self._given[key]

    def addresses(self, it: str) -> str:
        """A text without the addresses in it."""
        if "@" not in it and "%40" not in it:
            return it
        return _EMAIL.sub(lambda found: self.instead("email", unquote_plus(found[0])), it)


class Mask:
    """Hides the persons of one exchange: by the names of attributes, and where what stands there is said again."""

    def __init__(self, masks: Masks, known: Mapping[str, str], hide: Hide) -> None:
        self._masks, self._known, self._hide = masks, known, hide
        # The longest first, and whole words: a name can be a part of another, a number of an id.
        those = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
        self._again = re.compile(rf"(?<!\w)(?:{those})(?!\w)") if known else None

    def body(self, it: Any) -> Any:
        """A body: JSON by its members; text as the table, the form or the broken JSON that it may be."""
        try:
            return self._masked_table(it) if isinstance(it, str) else self._json(it, "")
        except RecursionError:
            return self.text(msgspec.json.encode(it).decode())

    def text(self, it: str) -> str:
        """A text: its parameters and members by their names, addresses anywhere, and who is said again."""
        it = self._hide(it)
        it = self._masks.member.sub(self._member, it)
        it = _PAIR.sub(self._pair, it) if "=" in it else it
        if self._again:
            it = self._again.sub(lambda found: self._masks.instead(self._known[found[0]], found[0]), it)
        return self._masks.addresses(it)

    def _json(self, it: Any, kind: str) -> Any:
        if isinstance(it, dict):
            return {self.text(name): self._json(value, self._masks.kind(name) or kind) for name, value in it.items()}
        if isinstance(it, list):
            return [self._json(each, kind) for each in it]
        if kind and _tells(it):
            return self._masks.instead(kind, str(it))
        return self.text(it) if isinstance(it, str) else it

    def _masked_table(self, it: str) -> str:
        """The text, and if it is the CSV of a list, by its columns first."""
        rows = _rows(it, self._masks.kind)
        if not rows:
            return self.text(it)
        kinds = [self._masks.kind(name) for name in rows[0]]
        written = io.StringIO()
        for number, row in enumerate(rows):
            columns = itertools.zip_longest(row, kinds[: len(row)])
            csv.writer(written, lineterminator="\n").writerow(
                self._masks.instead(kind, value) if number and kind and value else value for value, kind in columns
            )
        return self.text(written.getvalue())

    def _member(self, found: re.Match[str]) -> str:
        group = found.lastindex or 0
        before = found[0][: found.start(group) - found.start()]
        return before + self._masks.instead(self._masks.kind(found[2]), found[group])

    def _pair(self, found: re.Match[str]) -> str:
        kind = self._masks.kind(unquote_plus(found[1]))
        return f"{found[1]}={self._masks.instead(kind, unquote_plus(found[2]))}" if kind else found[0]


def _tells(it: Any) -> bool:
    """Whether a value can tell of anybody: that there is none is worth to be seen."""
    return bool(it.strip()) if isinstance(it, str) else isinstance(it, int) and not isinstance(it, bool)


def _rows(it: str, kind: Callable[[str], str]) -> list[list[str]]:
    """The rows of a table with a column that is about persons; none if the text is no such table."""
    head = it.partition("\n")[0]
    if "," not in head or not any(map(kind, head.strip().split(","))):
        return []
    try:
        return list(csv.reader(io.StringIO(it)))
    except csv.Error:
        return []


# What XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACE = re.compile(r"\s+")
_ACTIVE = re.compile(r"[\\`*_\[\]<>|~&#!$]")
# GitHub makes links of bare addresses.
_ADDRESS = re.compile(r"(?<=[A-Za-z])://|(?<=www)\.", re.IGNORECASE)


def visible(text: str) -> str:
    """The text with every character that XML forbids written as its number, as JSON does."""
    return _NOT_XML.sub(lambda it: f"\\u{ord(it[0]):04x}", text)


def one_line(text: str) -> str:
    """The text on one line, without control characters."""
    return visible(_SPACE.sub(" ", text)).strip()


def cell(text: str) -> str:
    """The text for a cell of a Markdown table, where it means nothing but itself."""
    escaped = _ACTIVE.sub(lambda it: f"\\{it[0]}", one_line(text))
    return _ADDRESS.sub(lambda it: f"\\{it[0]}", escaped)


def cut(text: str, longest: int) -> str:
    """The text, or its beginning and how much was left out."""
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text) - longest:,} more characters)"
