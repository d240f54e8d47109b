"""Cells of tables and filters of lists, as every service needs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ecf_sandbox.web.ui.model import Field
from ecf_sandbox.web.ui.sections import Cell

EVERY = "every one"


def text(value: object) -> Cell:
    """A text that leads nowhere; what is not there is a dash."""
    return Cell(text="–" if value is None or value == "" else str(value))


def state(value: str) -> str:
    """A state as it is said: `awaiting clawback`."""
    return value.replace("_", " ").replace("-", " ")


def search(label: str, query: Mapping[str, str]) -> Field:
    """A filter by words that are typed."""
    return Field(name="q", label=label, kind="text", value=query.get("q", ""))


def choice(name: str, label: str, query: Mapping[str, str], options: Iterable[str]) -> Field:
    """A filter with these options and one for every one."""
    every = (("", EVERY), *((it, it) for it in options))
    return Field(name=name, label=label, kind="choice", value=query.get(name, ""), options=every)


def one_of(name: str, label: str, query: Mapping[str, str], options: Iterable[str]) -> Field:
    """A filter of which one option always holds."""
    return Field(
        name=name, label=label, kind="choice", value=query.get(name, ""), options=tuple((it, it) for it in options)
    )


def has_words(query: Mapping[str, str], *texts: object) -> bool:
    """Whether every word of the search is somewhere in the texts."""
    described = " ".join(str(it) for it in texts if it is not None).lower()
    return all(word in described for word in query.get("q", "").lower().split())
