"""The scenario file as a page of Markdown: every section and key, steps, names, and an example."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ecf_sandbox.scenario.keys import FILE, SAVED, Key, Section

EXAMPLE = Path(__file__).with_name("example.yaml")
_HEAD = """# The scenario file

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
mean and underlines what is wrong while you type. It knows keys, types and values; whether a school is there or a date
fits its milestone is said when the file is read. Write the schema beside your file, and name it in the first line:

    ecf-sandbox scenarios schema > scenario.schema.json

    # yaml-language-server: $schema=scenario.schema.json

- VS Code: install the extension "YAML" of Red Hat, which reads that line. Without the line, in `settings.json`:
  `"yaml.schemas": { "./scenario.schema.json": "mine*.yaml" }`.
- JetBrains (IntelliJ IDEA, PyCharm, RubyMine and others): in Settings, Languages & Frameworks, Schemas and DTDs, JSON
  Schema Mappings, add `scenario.schema.json` with JSON Schema version 7 and the files, or the pattern, that it is for.

## How it is written

- YAML 1.2: `on`, `no` and `010` are texts. No key may be there twice.
- A *day* is `2025-10-06`. A *moment* is `2025-10-06T09:30:00Z`, UTC unless it says otherwise; a day alone is its
  midnight. Dates lie between 2000 and 2099.
- A *cohort* is its year. Where a list is meant, one value alone is a list of one.
- Providers, delivery partners and schools have a key of your own (`oakfield`), by which the file names them. People are
  named by their full name.
- Ids are made from these keys and names and from the seed (`serve --seed`), so they stay the same from one start to the
  next.
- Whoever is not said to be anything else is eligible, active, and on the standard schedule that begins in September.

## Names in a story

In the path, the body and the expectations of a request, and in what an event is told, `${…}` stands for an id:

- `${people.Jane Smith}`: the participant id. `${people.Jane Smith.ect}` and `.mentor` are ids of training records.
- `${schools.Oakfield Academy}`, `${providers.Ambition Institute}`, `${delivery_partners.Kestrel Teaching School Hub}`:
  by their names, not by the keys of the file.
- `${partnerships.Oakfield Academy.2025.Ambition Institute}`: by school, cohort and provider.
- `${statements.Ambition Institute.2025.January 2026}`: by provider, cohort and month.
- `${declarations.Jane Smith.started}`: by person and type; the newest, if there are several.
- `${kept.NAME}`: what an earlier step kept of its answer (`keep`).

Whom an event registers can be named in the steps after it. A name that nothing has is refused when the file is read.
"""
_EXAMPLE = """## An example

It plays as it stands: `ecf-sandbox scenarios play mine.yaml`.

```yaml
{text}```
"""


def as_markdown() -> str:
    """The page: how a file is written, each section with its keys, and an example."""
    sections = [it for top in (FILE, SAVED) for it in within(top)]
    printed = dict.fromkeys("\n".join(_section(it)) for it in sections)
    return "\n".join([_HEAD, *printed, _EXAMPLE.format(text=EXAMPLE.read_text(encoding="utf-8"))])


def within(section: Section) -> Iterator[Section]:
    """A section, and those of its keys."""
    yield section
    for key in section.keys.values():
        for it in key.members:
            yield from within(it)


def _section(section: Section) -> Iterator[str]:
    yield f"## {section.title}\n"
    if section.about:
        yield f"{section.about}\n"
    yield "| key | type | if left out | meaning |\n| --- | --- | --- | --- |"
    yield from (_row(name, key) for name, key in section.keys.items())
    yield ""


def _row(name: str, key: Key) -> str:
    links = ", ".join(f"[{it.title}](#{_anchor(it)})" for it in key.members)
    meaning = f"{key.meaning}: {links}" if links else key.meaning
    return f"| `{name}` | {key.type} | {key.default} | {meaning} |"


def _anchor(section: Section) -> str:
    return re.sub(r"[^\w\- ]", "", section.title.lower()).strip().replace(" ", "-")


if __name__ == "__main__":
    print(as_markdown(), end="")
