"""The scenario file as a page of Markdown: every section and key, steps, names, and an example."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ecf_sandbox.scenario.file import kinds_of_file
from ecf_sandbox.scenario.section import Field, Section
from ecf_sandbox.services import service_named
from ecf_sandbox.state.service import Service


class Guide(NamedTuple):
    """What a service adds to the page: how its things are written, which names a story has for them, and an example.

    The first two are items of a list, each of which ends its line.
    """

    conventions: str
    names: str
    example: Path
    title: str = "The scenario file"


_HEAD = """# {title}

A scenario is a YAML file that says what a world begins with, and perhaps a story that plays in it. Those that come with
the sandbox are in [scenarios/](../scenarios/) and are told in [scenarios.md](scenarios.md); copy one, or the example
at the end of this page, and use it by its path:

    ecf-sandbox serve --scenario mine.yaml
    ecf-sandbox scenarios play mine.yaml

Everything that is wrong with a file is said at once, each thing with its line and the nearest right name. A key that is
not on this page is refused.

This page is printed from the code (`make docs`).

## In an editor

With a JSON Schema, [scenario.schema.json](../scenarios/scenario.schema.json), an editor completes keys, shows what they
mean and underlines what is wrong while you type. It knows keys, types and values; what depends on the rest of the file,
such as whether a name stands for anything, is said when the file is read. Write the schema beside your file, and name
it in the first line:

    ecf-sandbox scenarios schema > scenario.schema.json

    # yaml-language-server: $schema=scenario.schema.json

- VS Code: install the extension "YAML" of Red Hat, which reads that line. Without the line, in `settings.json`:
  `"yaml.schemas": {{ "./scenario.schema.json": "mine*.yaml" }}`.
- JetBrains (IntelliJ IDEA, PyCharm, RubyMine and others): in Settings, Languages & Frameworks, Schemas and DTDs, JSON
  Schema Mappings, add `scenario.schema.json` with JSON Schema version 7 and the files, or the pattern, that it is for.

## How it is written

- YAML 1.2: `on`, `no` and `010` are texts. No key may be there twice.
- A *day* is `2025-10-06`. A *moment* is `2025-10-06T09:30:00Z`, UTC unless it says otherwise; a day alone is its
  midnight. Dates lie between 2000 and 2099.
- Where a list is meant, one value alone is a list of one.
- Ids are made from the keys and names in the file and from the seed (`serve --seed`), so they stay the same from one
  start to the next.
"""
_NAMES = """
## Names in a story

In the path, the body and the expectations of a request, and in what an event is told, `${…}` stands for an id:

"""
_KEPT = """\
- `${kept.NAME}`: what an earlier step kept of its answer (`keep`).

A name that nothing has is refused when the file is read.
"""
_EXAMPLE = """## An example

It plays as it stands: `ecf-sandbox scenarios play mine.yaml`.

```yaml
{text}```
"""


def as_markdown(service: Service | None = None) -> str:
    """The page, of the first service unless another is given: how a file is written, its sections, and an example."""
    service = service or service_named()
    guide: Guide = service.part("scenario_guide")
    head = _HEAD.format(title=guide.title)
    start = "".join([head, guide.conventions, _NAMES, guide.names, _KEPT])
    sections = [it for top in kinds_of_file(service) for it in within(top)]
    printed = dict.fromkeys("\n".join(_section(it)) for it in sections)
    return "\n".join([start, *printed, _EXAMPLE.format(text=guide.example.read_text(encoding="utf-8"))])


def within(section: type[Section]) -> Iterator[type[Section]]:
    """A section, and those of its keys."""
    yield section
    for key in section.shape.keys.values():
        for it in key.type.members:
            yield from within(it)


def _section(section: type[Section]) -> Iterator[str]:
    shape = section.shape
    yield f"## {shape.title}\n"
    if shape.about:
        yield f"{shape.about}\n"
    yield "| key | type | if left out | meaning |\n| --- | --- | --- | --- |"
    yield from (_row(name, key) for name, key in shape.keys.items())
    yield ""


def _row(name: str, key: Field) -> str:
    links = ", ".join(f"[{it.shape.title}](#{_anchor(it.shape.title)})" for it in key.type.members)
    meaning = f"{key.meaning}: {links}" if links else key.meaning
    return f"| `{name}` | {key.type.words} | {key.default} | {meaning} |"


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")


if __name__ == "__main__":
    print(as_markdown(*map(service_named, sys.argv[1:])), end="")
