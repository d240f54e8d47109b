"""`ids:` of a scenario: what has an id that somebody else printed, in a guide, say, instead of one that is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ecf_sandbox.ecf.scenario.sections import Sections

# What a builder makes ids for, by what the file calls it.
_KINDS: Mapping[str, str] = {
    "people": "person",
    "training_records": "training record",
    "declarations": "declaration",
    "schools": "school",
    "delivery_partners": "delivery partner",
    "partnerships": "partnership",
    "statements": "statement",
}
_WORDS = {kind: word for word, kind in _KINDS.items()}
# A declaration's names end with the moment at which it was sent, which nobody wants to write again.
_NAMES = {"declaration": 3}


class GivenIds:
    """The ids that are given, by name, and which of the names have been asked for."""

    def __init__(self) -> None:
        self._given: dict[str, str] = {}
        self._asked: set[str] = set()

    def read(self, scenario: Sections) -> None:
        """Take the ids of the file; one that is given twice to things of one kind is noted."""
        taken: dict[tuple[str, str], str] = {}
        for name, id in scenario.ids:
            kind = name.partition(".")[0]
            if (other := taken.setdefault((kind, id), name)) != name:
                scenario.ids.note(f"is the id of {other}, too", name)
            self._given[name] = id

    def find(self, kind: str, names: Sequence[object]) -> str | None:
        """The id that is given to something, if one is."""
        if not self._given or kind not in _WORDS:
            return None
        name = ".".join([_WORDS[kind], *map(str, names[: _NAMES.get(kind)])])
        self._asked.add(name)
        return self._given.get(name)

    def finish(self, scenario: Sections) -> None:
        """Note each name that nothing has."""
        for name in self._given:
            if name not in self._asked:
                scenario.ids.note(f"there is no {scenario.unlike(name, self._asked)}", name)
