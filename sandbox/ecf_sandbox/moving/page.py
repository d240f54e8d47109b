"""The page on what differs between the two services, printed from the table."""

from __future__ import annotations

from collections.abc import Iterable

from ecf_sandbox.moving.difference import STEPS, Difference
from ecf_sandbox.moving.table.differences import EVERY_CLIENT, SUBJECTS
from ecf_sandbox.printing import bullets

_HEAD = """# From the Lead Provider API to Register early career teachers

Printed by `python -m ecf_sandbox.moving.page`; a test compares. *Register early career teachers* replaced the API of
the guide in April 2026. Here is all that a client meets that moves, as one table, of which `ecf-sandbox move` finds
what concerns yours, and where. The specification has the same [in short](behaviour/rect.md#17).

With a sandbox of the old API listening, run your client or its tests, then ask:

    ecf-sandbox move

Each request that your client sent is played against a world of the new service, made of what the old one had shown and
with the same ids: first as it was sent, then with each step that you can take without thinking about rules.

1. **paths**: without `/ecf`, in v3, without `.csv`
2. **headers**: `Content-Type: application/json`, a server date with its zone
3. **names and values**: filters and reasons in their present spelling

What is answered with another status even then needs thought: a rule is new, or was lifted, or refuses with another
status. What is answered with the same status may say something else: an attribute is shown no more, a text is another.
That is named apart, since only you know whether your code reads it. Where nothing that was shown says what a request
was about, it is judged by this table alone, and the output says so. Of journals in files, `--scenario` says what their
worlds began with; then more can be played.

It ends with 0 if nothing breaks, with 1 if something does, and with 4 if there was no request to the old API.
[moving.schema.json](moving.schema.json) describes what `--json` prints. `ecf-sandbox report --moving` has the same in a
report, and doesn't change how that ends.
"""


def as_markdown() -> str:
    """The page."""
    every = "\n".join(f"- {text} ([source]({source}))" for source, text in EVERY_CLIENT.items())
    parts = [_HEAD, f"## Every client\n\n{every}\n"]
    for title, differences in SUBJECTS.items():
        parts.append(f"## {title}\n")
        parts += list(_sections(differences))
    return "\n".join(parts).rstrip() + "\n"


def _sections(differences: Iterable[Difference]) -> Iterable[str]:
    for it in differences:
        facts = {"old": it.old, "new": it.new, "do": it.remedy}
        if it.step is not None:
            facts["step"] = f"{STEPS.index(it.step) + 1}, {it.step}"
        rules = sorted(it.refuses), sorted(it.lifts), sorted(it.restates | it.rephrases)
        told = ("new rules", "rules that are no more", "old rules")
        facts |= {
            name: ", ".join(f"`{rule}`" for rule in found) for name, found in zip(told, rules, strict=True) if found
        }
        facts["source"] = f"[{it.source.removeprefix('behaviour/')}]({it.source})"
        yield f"### {it.id}\n\n{it.kind.capitalize()}.\n\n{bullets(facts)}\n"


if __name__ == "__main__":
    print(as_markdown(), end="")
