"""A service says itself what its scenarios begin with: reader, page and schema follow from its sections alone."""

from __future__ import annotations

from dataclasses import dataclass, field

import jsonschema_rs
import pytest

from ecf_sandbox.ecf.scenario.guide import EXAMPLE
from ecf_sandbox.scenario.fields import FLAG, NUMBER, TEXT, entries, reference, several
from ecf_sandbox.scenario.file_reference import Guide, as_markdown
from ecf_sandbox.scenario.file_schema import as_schema
from ecf_sandbox.scenario.loading import read_scenario
from ecf_sandbox.scenario.section import Section, optional, required
from ecf_sandbox.scenario.yaml_reader import BadScenario
from ecf_sandbox.state.editions import Edition
from ecf_sandbox.state.service import Service


class BellEntry(Section, title="bells"):
    """By a key of your own."""

    tone = required(TEXT, "the note that it gives")
    weight = optional(NUMBER, "in kilograms", "100", value=100)


class PealEntry(Section, title="peals"):
    """Which bell rings."""

    bell = required(reference("bell", "key of a bell"), "the bell")
    from_ = optional(TEXT, "the tower it is heard from")
    muffled = optional(FLAG, "whether it is muffled", "false", value=False)


class Sections(Section):
    """A tower."""

    bells = required(entries(BellEntry, least="bell"), "the bells")
    peals = optional(several(PealEntry), "who rings")


@dataclass
class Tower:
    """Reads the sections."""

    seed: str
    problems: list = field(default_factory=list)
    stories: dict = field(default_factory=dict)

    def set_as_of(self, moment):
        self.as_of = moment

    def beginning(self, scenario):
        bells = {key: (it.tone, it.weight) for key, it in scenario.bells}
        peals = [(it.bell.among(bells), it.from_, it.muffled) for it in scenario.peals]
        return (bells, peals), {"ringer": "ringer-token"}


PLAIN = Edition(name="plain")
TOWER = Service(
    name="tower",
    title="Tower",
    client="ringer",
    editions={"plain": PLAIN},
    switches={},
    parts={
        name: f"{__name__}:{value}"
        for name, value in {
            "scenario_sections": "Sections",
            "scenario_builder": "Tower",
            "scenario_guide": "GUIDE",
            "names": "names",
            "events": "EVENTS",
            "names_after": "names_after",
        }.items()
    },
)
GUIDE = Guide(conventions="- A *peal* is loud.\n", names="- `${bells.tenor}`: a bell.\n", example=EXAMPLE)
EVENTS = ("cast_bell",)
SOUND = """
as_of: 2026-01-01
bells:
  tenor: {tone: C, weight: 900}
  treble: {tone: G}
peals:
  - {bell: tenor, from: the green}
steps:
  - {at: 2026-01-02, event: cast_bell, with: {name: new}}
  - {by: ringer, send: "GET /bells/${bells.new}", expect: 200}
"""


def names(records):
    return {f"bells.{it}": it for it in records[0]}


def names_after(event, arguments):
    return [f"bells.{arguments['name']}"]


def read(text):
    return read_scenario(text, name="tower", file="tower.yaml", seed="s", service=TOWER)


def complaints(text):
    with pytest.raises(BadScenario) as refused:
        read(text)
    return str(refused.value).splitlines()


def test_its_sections_are_read_with_their_types():
    scenario = read(SOUND)

    assert scenario.records() == (
        {"tenor": ("C", 900), "treble": ("G", 100)},
        [(("C", 900), "the green", False)],
    )
    assert [it.title for it in scenario.steps] == ["cast_bell", "GET /bells/${bells.new}"]


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        pytest.param("bell: tenor", "bell: tenr", "7: peals.0.bell: no bell 'tenr'; did you mean 'tenor'?", id="name"),
        pytest.param(
            "weight: 900", "weight: old", "4: bells.tenor.weight: expected a whole number, not 'old'", id="type"
        ),
        pytest.param("{tone: G}", "{weight: 1}", "5: bells.treble.tone: is missing", id="required"),
        pytest.param(
            "tone: G", "tone: G, ton: A", "5: bells.treble.ton: unknown 'ton'; did you mean 'tone'?", id="key"
        ),
        pytest.param(
            "by: ringer", "by: rnger", "10: steps.1.by: no ringer 'rnger'; did you mean 'ringer'?", id="client"
        ),
        pytest.param(
            "peals:",
            "schools:",
            "6: schools: unknown 'schools'; choose from"
            " about, as_of, bells, edition, now, peals, service, steps, title",
            id="a section of ECF",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_the_nearest_name(right, wrong, complaint):
    assert complaints(SOUND.replace(right, wrong, 1)) == [f"tower.yaml:{complaint}"]


def test_a_scenario_without_bells_needs_one():
    assert complaints("as_of: 2026-01-01") == ["tower.yaml: bells: needs at least one bell"]


def test_its_page_and_its_schema_have_its_sections_and_no_other():
    page = as_markdown(TOWER)
    schema = as_schema(TOWER)

    assert "| `weight` | whole number | 100 | in kilograms |" in page
    assert "| `from` | text | none | the tower it is heard from |" in page
    assert "- A *peal* is loud." in page
    assert "schools" not in page.partition("## An example")[0]
    assert {"bells", "peals"} < set(schema["definitions"])
    assert "schools" not in schema["definitions"]
    validator = jsonschema_rs.Draft7Validator(schema)
    assert validator.is_valid({"as_of": "2026-01-01", "bells": {"tenor": {"tone": "C"}}, "edition": "plain"})
    assert not validator.is_valid({"as_of": "2026-01-01", "bells": {"tenor": {}}})
    assert not validator.is_valid({"as_of": "2026-01-01", "bells": {"tenor": {"tone": "C"}}, "edition": "live"})


def test_a_key_that_would_hide_what_every_section_has_is_refused():
    with pytest.raises(TypeError, match="no key of Wrong can be called path: add an underscore"):

        class Wrong(Section):
            """Wrong."""

            path = optional(TEXT, "a path")
