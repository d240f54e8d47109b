"""Prints the reference at the end of a page: `python -m ecf_sandbox.pytest_plugin.reference docs/test-author.md`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import cached_property
from inspect import cleandoc, isfunction, signature
from pathlib import Path
from typing import Any

from ecf_sandbox.pytest_plugin import ecf_client, ecf_env, ecf_server, ecf_world, ecf_worlds
from ecf_sandbox.pytest_plugin.settings import KINDS, MARKED, OPTIONS
from ecf_sandbox.testing.client import EcfAnswer, EcfClient
from ecf_sandbox.testing.world import EcfWorld

HEADING = "## Reference"
_FIXTURES = (ecf_world, ecf_worlds, ecf_client, ecf_server, ecf_env)


def as_markdown() -> str:
    """Fixtures, what a world, a client and an answer can do, the marker, options and keys."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from (
        HEADING,
        "",
        "Printed by `make docs`; a test compares.",
        "",
        "### Fixtures",
        "",
    )
    for it in _FIXTURES:
        yield f"- `{it.__name__}`: {_paragraph(it.__doc__)}"
    for title, kind in (("ecf_world", EcfWorld), ("ecf_client", EcfClient), ("An answer", EcfAnswer)):
        yield from ("", f"### {title}", "", *cleandoc(kind.__doc__ or "").splitlines(), "")
        yield from _members(kind)
    yield from ("", "### Marker", "", f"`@pytest.mark.ecf({', '.join(f'{name}=…' for name in MARKED)})`")
    yield from ("", "### Options of the command line", "")
    yield from (f"- `--ecf-{name.replace('_', '-')} {metavar}`: {help}" for name, (metavar, _, help) in OPTIONS.items())
    yield from ("", "### Keys of `[tool.ecf_sandbox]`", "")
    yield from (f"- `{name}`: {kind}; {meaning}" for name, (kind, _, meaning) in KINDS.items())


def _members(kind: type) -> Iterator[str]:
    for name, it in vars(kind).items():
        if name.startswith("_"):
            continue
        if isinstance(it, property | cached_property):
            function: Any = it.fget if isinstance(it, property) else it.func
            yield f"- `{name}`: {_paragraph(function.__doc__)}"
        elif isfunction(it):
            yield f"- `{name}{_signed(it)}`: {_paragraph(it.__doc__)}"


def _signed(function: Callable[..., Any]) -> str:
    told = signature(function)
    plain = [it.replace(annotation=it.empty) for it in list(told.parameters.values())[1:]]
    return str(told.replace(parameters=plain, return_annotation=told.empty))


def _paragraph(docstring: str | None) -> str:
    return " ".join((docstring or "").split())


if __name__ == "__main__":
    file = Path(sys.argv[1])
    page = file.read_text(encoding="utf-8")
    file.write_text(page[: page.index(HEADING)] + as_markdown(), encoding="utf-8")
