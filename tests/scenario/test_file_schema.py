"""The JSON Schema for editors says the same of a scenario file as the reader, at the same place."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecf_sandbox.ecf.scenario.guide import EXAMPLE
from ecf_sandbox.files import folder
from ecf_sandbox.scenario.file_schema import as_json, as_schema
from ecf_sandbox.scenario.loading import headings, shipped
from ecf_sandbox.scenario.yaml_reader import parse
from ecf_sandbox.services import service_named
from tests.effort import examples
from tests.scenario.small import small
from tests.scenario.test_keys import FREE, FULL, KEYS, PLACES, changed, problems, state

SCHEMA = jsonschema_rs.Draft7Validator(as_schema(service_named()))
SHIPPED = sorted(folder("scenarios").glob("*.yaml"))
# Of no type that a key has by accident: no text is among them, since many keys take any.
WRONG = [1.5, -1, True, [], [1.5], [["x"]], {}, {"colour": 1.5}, {"colour": {}}, [{"colour": "red"}]]


def underlined(document):
    """Where the schema finds something wrong; a key that is not known, or is missing, is a place of its own."""
    found = []
    for error in SCHEMA.iter_errors(document):
        path = tuple(map(str, error.instance_path))  # a year is a number there
        missing = [error.kind.property] if hasattr(error.kind, "property") else []
        found += [(*path, name) for name in getattr(error.kind, "unexpected", missing)] or [path]
    return found


def refused(document):
    return [tuple(map(str, path)) for path, _ in problems(document)]


def within_place(place, it):
    return it[: len(place)] == place


class TestTheSchema:
    def test_is_a_schema(self):
        jsonschema_rs.meta.validate(as_schema(service_named()))

    @pytest.mark.parametrize("file", [*SHIPPED, EXAMPLE], ids=lambda it: it.stem)
    def test_takes_every_scenario_that_comes_with_the_sandbox(self, file: Path):
        assert underlined(parse(file.read_text(encoding="utf-8"), file.name)) == []

    @pytest.mark.parametrize("document", [FULL, small(), state()], ids=["every key", "a small one", "a saved state"])
    def test_takes_what_the_reader_takes(self, document):
        assert (problems(document), underlined(document)) == ([], [])

    def test_explains_every_key(self):
        definitions = as_schema(service_named())["definitions"].values()
        explained = [(it["title"], name) for it in definitions for name in it["properties"]]

        assert explained == list(KEYS)
        assert all(key["description"] for it in definitions for key in it["properties"].values())


class TestTheSchemaOfAllServices:
    """The one that comes with the sandbox, in which a file says of which service it is."""

    SHIPPED = jsonschema_rs.Draft7Validator(json.loads(as_json()))

    def wrong(self, document):
        return [tuple(map(str, it.instance_path)) for it in self.SHIPPED.iter_errors(document)]

    def test_is_a_schema(self):
        jsonschema_rs.meta.validate(json.loads(as_json()))

    @pytest.mark.parametrize("file", sorted(folder("scenarios").rglob("*.yaml")), ids=lambda it: it.stem)
    def test_takes_every_scenario(self, file):
        assert self.wrong(parse(file.read_text(encoding="utf-8"), file.name)) == []

    def test_takes_a_saved_state_of_each_service(self):
        assert self.wrong(state()) == self.wrong({**state(), "service": "rect"}) == []

    @pytest.mark.parametrize("service", [{}, {"service": "ecf"}])
    def test_has_the_keys_of_the_first_service_for_a_file_that_names_no_other(self, service):
        assert self.wrong({**small(), **service}) == []
        assert ("schools", "willowdene") in self.wrong(
            {**small(), **service, "schools": {"willowdene": {"eligible": 1}}}
        )

    @pytest.mark.parametrize(
        ("place", "change"),
        [
            pytest.param(("people", "0", "ect", "from"), {"from": "soon"}, id="no day"),
            pytest.param(("people", "0", "ect"), {"cohort": 2025}, id="a key of the other service"),
            pytest.param(("people", "0", "ect", "resumed"), {"resumed": {}}, id="a key that is missing"),
            pytest.param(
                ("people", "0", "ect", "declarations", "0"), {"declarations": [{"typ": "x"}]}, id="a typing error"
            ),
        ],
    )
    def test_underlines_what_is_wrong_in_a_file_of_another(self, place, change):
        ect = {"school": "oakfield", "provider": "a", "from": "2025-09-01", **change}
        person = {"name": "Ann Lee", "trn": "1", "ect": ect}
        document = {"service": "rect", "as_of": "2026-05-12", "providers": {"a": {}}, "people": [person]}

        assert place in self.wrong(document)


class TestBothRefuse:
    @pytest.mark.parametrize("place", [it for it in PLACES if KEYS[it].required], ids="/".join)
    def test_a_file_without_a_key_that_is_required(self, place):
        document = changed(PLACES[place], lambda at, name: at.pop(name))

        assert refused(document)
        assert underlined(document)
        # Without the key that marks it, an entry is taken for another.
        if not place[0].startswith(("history", "steps")):
            assert underlined(document) == [tuple(map(str, PLACES[place]))]

    def test_a_file_that_says_neither_as_of_nor_now(self):
        document = deepcopy(FULL)
        del document["as_of"], document["now"]

        assert refused(document)
        assert underlined(document)

    @given(st.sampled_from(sorted(PLACES.values(), key=str)), st.sampled_from(["colour", "nam", "Name", "x-y", "7"]))
    @settings(max_examples=examples(100))
    def test_an_unknown_key_at_its_place(self, beside, name):
        """In any section; nothing else is said of the file."""
        place = (*beside[:-1], name)
        document = changed(place, lambda at, last: at.update({last: "red"}))

        assert refused(document) == underlined(document) == [tuple(map(str, place))]

    @given(st.sampled_from(sorted(set(PLACES) - {("steps: a request", it) for it in FREE})), st.sampled_from(WRONG))
    @settings(max_examples=examples(300))
    def test_a_value_of_a_wrong_type_at_its_place(self, key, value):
        document = changed(PLACES[key], lambda at, last: at.update({last: value}))
        place = tuple(map(str, PLACES[key]))

        said = [it for it in refused(document) if within_place(place, it)]
        shown = underlined(document)

        assert bool(said) == bool(shown)
        assert all(within_place(place, it) and any(within_place(it, other) for other in said) for it in shown)


class TestTheFolder:
    def test_has_the_schema_and_nobody_takes_it_for_a_scenario(self):
        assert (folder("scenarios") / "scenario.schema.json").is_file()
        assert [it.name for it in headings()] == shipped()
        assert shipped("ecf") == [it.stem for it in SHIPPED]

    @pytest.mark.parametrize("file", sorted(folder("scenarios").rglob("*.yaml")), ids=lambda it: it.stem)
    def test_every_scenario_names_the_schema_to_editors(self, file):
        first, _, _ = file.read_text(encoding="utf-8").partition("\n")
        modeline, _, schema = first.partition("=")

        assert modeline == "# yaml-language-server: $schema"
        assert (file.parent / schema).resolve() == (folder("scenarios") / "scenario.schema.json").resolve()
