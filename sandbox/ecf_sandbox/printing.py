"""The pieces that printed pages and catalogues are made of: tables, lists of facts, code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

_PAGE = re.compile(r"(?<![\w/])behaviour/(?=[\w-]+\.md)")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown. Cells stand as they are."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def bullets(facts: Mapping[str, str]) -> str:
    """What is known of a thing, as a list in Markdown."""
    return "\n".join(f"- {name}: {value}" for name, value in facts.items())


def code(text: str) -> str:
    """A text as code in Markdown, also if there are backticks in it."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def in_docs(source: str) -> str:
    """A source with its pages as they are found in a checkout, for readers who are not on a page beside them."""
    return _PAGE.sub(r"docs/\g<0>", source)


def entry(name: str, about: str, facts: Mapping[str, str]) -> str:
    """One thing of a catalogue for a terminal, with what is known of it in a column."""
    return "\n".join([name, f"  {about}", *(f"  {fact:<10}{value}" for fact, value in facts.items())])
