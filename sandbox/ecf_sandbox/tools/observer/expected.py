"""What the OpenAPI documents say that a good client sends: read once, when a request is first held against it.

It is read from a file, which `ecf_sandbox.tools.observer.build_expected` prints from the documents, or from these
themselves where a service has no such file: they take far longer to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from ecf_sandbox.state.record import Record
from ecf_sandbox.state.service import Service

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class Value(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What one value should look like; `insists` says that the service itself refuses what is not among the choices."""

    text: bool = False
    moment: bool = False
    pattern: str | None = None
    uuid: bool = False
    choices: tuple[str, ...] = ()
    insists: bool = False

    def fits(self, text: str) -> bool:
        """Whether a text is what a good client sends, moments aside."""
        if self.uuid and not _UUID.fullmatch(text):
            return False
        if self.choices and not self.insists and text not in self.choices:
            return False
        return self.pattern is None or re.search(self.pattern, text) is not None

    @property
    def several(self) -> bool:
        """Whether it is a list with commas."""
        return self.pattern is not None and "(," in self.pattern

    @property
    def described(self) -> str:
        """The value in words."""
        if self.choices:
            return f"one of {', '.join(self.choices)}" if len(self.choices) > 1 else self.choices[0]
        if self.moment:
            return "RFC 3339, such as 2025-11-13T11:21:55Z"
        if self.uuid:
            return "a UUID in small letters with four dashes"
        return _IN_WORDS.get(self.pattern, f"text like {self.pattern}") if self.pattern else "text"


_IN_WORDS = {
    "^20[0-9]{2}$": "a year, such as 2025",
    "^20[0-9]{2}(,20[0-9]{2})*$": "years with commas between, such as 2024,2025",
    "^[0-9a-fA-F-]{36}(,[0-9a-fA-F-]{36})*$": "UUIDs with commas between",
}


class Expected(Record, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """What one operation knows: filters, pages, names to sort by, and what its body has.

    `variants` are the attributes of each kind of body (declarations have four), by what tells them apart.
    """

    filters: Mapping[str, Value] = {}
    pages: bool = False
    largest_page: int = 0
    sorts: tuple[str, ...] = ()
    type: str | None = None
    variants: tuple[Mapping[str, Value], ...] = ()

    @cached_property
    def orders(self) -> frozenset[str]:
        """Each name to sort by alone, either way."""
        return frozenset(f"{sign}{name}" for name in self.sorts for sign in ("", "-"))

    @property
    def reads_body(self) -> bool:
        """Whether there is anything in a body that the operation looks at."""
        return bool(self.variants)

    @property
    def parameters(self) -> list[str]:
        """The names that a query may have."""
        filters = [f"filter[{it}]" for it in self.filters]
        return [*filters, *(["page[page]", "page[per_page]"] if self.pages else []), *(["sort"] if self.sorts else [])]

    @cached_property
    def told_apart_by(self) -> tuple[str, ...]:
        """The attributes of which no value belongs to two kinds of body."""
        if len(self.variants) < 2:
            return ()
        shared = [name for name in self.variants[0] if all(name in it for it in self.variants)]
        return tuple(name for name in shared if _tells_apart([it[name].choices for it in self.variants]))

    def attributes(self, sent: Mapping[str, Any]) -> Mapping[str, Value]:
        """The attributes that belong beside those that were sent."""
        for variant in self.variants:
            if all(sent.get(name) in variant[name].choices for name in self.told_apart_by):
                return variant
        return self.variants[-1] if self.variants else {}


# By version (`v3`), path and method (`get`).
Everything = dict[str, dict[str, dict[str, Expected]]]


def expected_of(service: Service, version: int, method: str, path: str) -> Expected:
    """What an operation of a version knows; nothing at all for one that its document does not have."""
    return everything(service).get(f"v{version}", {}).get(path, {}).get(method.lower(), _NOTHING)


def has_csv(service: Service, version: int) -> bool:
    """Whether any list of a version can be had as CSV."""
    return any(path.endswith(".csv") for path in everything(service).get(f"v{version}", ()))


def all_filters(service: Service) -> frozenset[str]:
    """The names of all filters that any operation knows."""
    return service.once(_all_filters)


def _all_filters(service: Service) -> frozenset[str]:
    return frozenset(name for it in _operations(service) for name in it.filters)


def all_attributes(service: Service) -> frozenset[str]:
    """The names of all attributes that any operation knows."""
    return service.once(_all_attributes)


def _all_attributes(service: Service) -> frozenset[str]:
    return frozenset(name for it in _operations(service) for variant in it.variants for name in variant)


def everything(service: Service) -> Everything:
    """All operations of all versions."""
    return service.once(_everything)


def _everything(service: Service) -> Everything:
    file = service.part_or("expected", None)
    if file is not None:
        return read(file)
    # Imported here because it takes what reads the documents, which only a service without the file needs.
    from ecf_sandbox.tools.observer.build_expected import from_documents

    return from_documents(service)


def read(file: Path) -> Everything:
    """What such a file says; raises OSError if there is none, ValueError if it says something else."""
    return msgspec.json.decode(file.read_bytes(), type=Everything)


def _operations(service: Service) -> Iterator[Expected]:
    return (it for version in everything(service).values() for methods in version.values() for it in methods.values())


def _tells_apart(choices: Sequence[tuple[str, ...]]) -> bool:
    """Whether each has values to choose from, and none is in two of them."""
    values = [value for it in choices for value in it]
    return all(choices) and len(set(values)) == len(values)


_NOTHING = Expected()
