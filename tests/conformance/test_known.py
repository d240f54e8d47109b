"""The list of recorded cases that differ can be read, by people and by the replay."""

from __future__ import annotations

import pytest

from tests.conformance.known import BadList, as_row, known
from tests.conformance.recordings import recorded


def test_every_listed_case_was_recorded():
    listed = known()

    for recording in recorded():
        assert set(listed.pop(recording.name, {})) <= {it["id"] for it in recording.cases()}
    assert not listed, "these are no worlds"


class TestAList:
    def test_has_cases_and_a_reason_in_each_row_below_the_name_of_their_world(self, tmp_path):
        file = tmp_path / "known.md"
        file.write_text(
            "# Title with `a/0`\n\n## one\n\nWords.\n\n| cases | why |\n| --- | --- |\n| `a/1`, `b/2` | They `c/3`. |\n"
            "\n### A part of it\n\n| `d/4` | So. |\n\n## two\n\n| `a/1` | Thus. |\n"
        )

        assert known(file) == {
            "one": {"a/1": "They `c/3`.", "b/2": "They `c/3`.", "d/4": "So."},
            "two": {"a/1": "Thus."},
        }

    def test_reads_the_row_that_is_printed_for_it(self, tmp_path):
        file = tmp_path / "known.md"
        file.write_text(f"## one\n\n{as_row('a/1', 'step 2: a | b')}\n")

        assert known(file) == {"one": {"a/1": "step 2: a / b"}}

    @pytest.mark.parametrize(
        ("rows", "wrong"),
        [
            pytest.param("| `a/1` |  |\n", "a/1 is listed without a reason", id="no reason"),
            pytest.param("| `a/1` |\n", "a/1 is listed without a reason", id="one cell"),
            pytest.param("| `a/1` | x |\n| `a/1` | y |\n", "a/1 is listed twice", id="twice"),
        ],
    )
    def test_that_is_wrong_is_refused(self, tmp_path, rows, wrong):
        file = tmp_path / "known.md"
        file.write_text(f"## one\n\n{rows}")

        with pytest.raises(BadList, match=wrong):
            known(file)
