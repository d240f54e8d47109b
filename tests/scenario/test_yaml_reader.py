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


LAUGHS = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
LAUGHS += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]


class TestLimits:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            pytest.param(
                "\n".join(LAUGHS),
                "6: the aliases up to here stand for more than 100,000 values",
                id="aliases of aliases",
            ),
            pytest.param("b: 1\na: *b", "2: the alias 'b' stands for nothing before it", id="an alias without anchor"),
            pytest.param("a: &a [*a]", "1: the alias 'a' stands for nothing before it", id="an alias of itself"),
            pytest.param("{a: " * 2000 + "1" + "}" * 2000, "1: this is nested more than 100 deep", id="maps, deep"),
            pytest.param(
                "\n".join(" " * n + "a:" for n in range(2000)),
                "102: this is nested more than 100 deep",
                id="block, deep",
            ),
            pytest.param(
                "a:\n  " + "9" * 4301, "2: a number of 4,301 digits is longer than any here", id="a long number"
            ),
            pytest.param(
                "a: " + "9" * 4300 + ".5", "1: a number of 4,301 digits is longer than any here", id="a decimal"
            ),
            pytest.param(
                "a: 1\n---\nb: 2\n", "2: a second document begins here, and a scenario is one", id="two documents"
            ),
            pytest.param(
                "a: 1\n? [b]\n: 2\n", "2: a key is a text, not names and values, a list or an alias", id="a key"
            ),
        ],
    )
    def test_what_no_file_needs_is_refused_in_one_sentence_with_its_line(self, text, said):
        with pytest.raises(BadScenario) as refused:
            parse(text, "a.yaml")

        assert str(refused.value) == f"a.yaml:{said}"

    def test_a_file_may_repeat_itself_within_reason(self):
        assert len(parse("a: &a [x, x]\nb: [" + ", ".join(["*a"] * 1000) + "]", "a.yaml")["b"]) == 1000

    def test_an_end_mark_begins_no_document(self):
        assert parse("---\na: 1\n...\n", "a.yaml") == {"a": 1}

    def test_no_more_is_said_than_somebody_reads(self):
        with pytest.raises(BadScenario) as refused:
            parse("a: 1\n" * 10_001, "a.yaml")

        *shown, last = str(refused.value).splitlines()
        assert shown == [f"a.yaml:{n}: a: is given twice" for n in range(2, 52)]
        assert last == "and 9,950 more"


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
