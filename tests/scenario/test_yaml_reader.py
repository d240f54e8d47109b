"""YAML as scenarios are written in it."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.scenario import BadScenario
from ecf_sandbox.scenario.yaml_reader import lines_of, parse

PLAIN = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=12)
KEYS = st.text(min_size=1, max_size=8)
VALUES = st.recursive(PLAIN, lambda it: st.lists(it, max_size=4) | st.dictionaries(KEYS, it, max_size=4), max_leaves=20)


class TestParse:
    @given(VALUES)
    def test_reads_what_another_program_wrote(self, value):
        assert parse(yaml.safe_dump(value), "a.yaml") == value

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            pytest.param("2026-10-12", "2026-10-12", id="a date stays text"),
            pytest.param("on", "on", id="on is a word"),
            pytest.param("no", "no", id="no is a word"),
            pytest.param("010", "010", id="a number with a leading nought stays text"),
            pytest.param("1_000", "1_000", id="underscores stay text"),
            pytest.param("12:30", "12:30", id="a time of day stays text"),
            pytest.param("'7'", "7", id="what is quoted is text"),
            pytest.param("7", 7, id="a whole number"),
            pytest.param("-1.5", -1.5, id="a decimal number"),
            pytest.param("true", True, id="true"),
            pytest.param("~", None, id="nothing"),
            pytest.param("", None, id="no document"),
        ],
    )
    def test_knows_few_special_words(self, text, value):
        assert parse(text, "a.yaml") == value

    def test_keys_are_what_is_written(self):
        assert parse("2025: x\ntrue: y", "a.yaml") == {"2025": "x", "true": "y"}

    def test_an_alias_is_what_its_anchor_names(self):
        assert parse("a: &it [1, 2]\nb: *it", "a.yaml") == {"a": [1, 2], "b": [1, 2]}

    def test_a_key_that_is_there_twice_is_refused_with_its_line(self):
        with pytest.raises(BadScenario) as refused:
            parse("people:\n  a: 1\n  b: 2\n  a: 3\n", "a.yaml")

        assert str(refused.value) == "a.yaml:4: people.a: is given twice"

    def test_what_is_no_yaml_is_refused_with_its_line(self):
        with pytest.raises(BadScenario, match=r"^a\.yaml:2: this is not YAML: "):
            parse("a: 1\nb: }\n", "a.yaml")

    def test_control_characters_are_refused(self):
        with pytest.raises(BadScenario, match=r"^a\.yaml: this is not YAML: "):
            parse("a: \x00", "a.yaml")


class TestLines:
    TEXT = "a: 1\npeople:\n  - name: Ann\n    ect:\n      cohort: 2025\n  - {name: Ben}\n"

    @pytest.mark.parametrize(
        ("path", "line"),
        [
            pytest.param(("people", 0, "ect", "cohort"), 5, id="a member"),
            pytest.param(("people", 1), 6, id="an item of a list"),
            pytest.param(("people", 0, "ect", "school"), 4, id="what is missing: its parent"),
            pytest.param(("nobody",), None, id="nothing of it is there"),
        ],
    )
    def test_name_where_something_is(self, path, line):
        assert lines_of(self.TEXT, [path]) == [line]
