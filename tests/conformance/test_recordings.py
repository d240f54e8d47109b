"""The recordings are what was recorded, whoever compresses them, and stay small."""

from __future__ import annotations

import pytest

from tests.conformance.archive import SUMS, compressed, pack, sums
from tests.conformance.recordings import OTHERS, RECORDED, cases_in, recorded, recording, text_of

MEGABYTE = 1_000_000
LINES = '{"id": "a/1"}\n{"id": "a/2", "about": "a line\u2028in a line"}\n'


class TestTheRecordings:
    def test_say_what_they_said_when_they_were_recorded(self):
        assert sums(RECORDED) == (RECORDED / SUMS).read_text()

    def test_take_less_than_three_megabytes(self):
        assert sum(it.stat().st_size for it in RECORDED.rglob("*") if it.is_file()) < 3 * MEGABYTE

    def test_are_named_for_the_present_of_their_world_or_for_another_service(self):
        dated = [it for it in recorded() if it.name not in OTHERS]

        assert [it.name for it in dated] == [it.world()["taken_at"][:7] for it in dated]

    @pytest.mark.slow
    def test_have_ids_of_their_own(self):
        ids = [(it.service, case["id"]) for it in recorded() for case in it.cases()]

        assert len(set(ids)) == len(ids)


@pytest.fixture
def folder(tmp_path):
    """A recording as it comes: not compressed, the cases in a folder of their own."""
    (tmp_path / "plain" / "cases").mkdir(parents=True)
    (tmp_path / "plain" / "world.json").write_text('{"tables": {}, "tokens": {}}')
    (tmp_path / "plain" / "cases" / "a.jsonl").write_text(LINES)
    return tmp_path


class TestCompressed:
    def test_is_the_same_each_time(self):
        assert compressed(LINES.encode()) == compressed(LINES.encode())

    def test_reads_as_before(self, folder):
        pack(folder / "plain", folder / "packed")

        assert text_of(folder / "packed" / "world.json.xz") == text_of(folder / "plain" / "world.json")
        assert text_of(folder / "packed" / "a.jsonl.xz") == LINES

    def test_is_a_recording_as_much_as_what_is_not(self, folder):
        pack(folder / "plain", folder / "packed")

        plain = recording(folder / "plain" / "world.json", [folder / "plain" / "cases"])
        packed = recording(folder / "packed" / "world.json.xz", [folder / "packed"])

        assert (plain.name, packed.name) == ("plain", "packed")
        assert plain.world() == packed.world()
        assert [it["id"] for it in plain.cases()] == [it["id"] for it in packed.cases()] == ["a/1", "a/2"]

    def test_has_digests_that_change_with_what_it_says(self, folder):
        pack(folder / "plain", folder / "packed")
        before = sums(folder / "packed")
        (folder / "plain" / "cases" / "a.jsonl").write_text(LINES.replace("a/1", "a/3"))

        pack(folder / "plain", folder / "packed")

        assert [line.split("  ")[1] for line in before.splitlines()] == ["a.jsonl", "world.json"]
        assert sums(folder / "packed") != before


def test_some_of_the_cases_of_a_file_can_be_had(folder):
    file = folder / "plain" / "cases" / "a.jsonl"

    assert [it["id"] for it in cases_in(file, slice(1, None, 2))] == ["a/2"]
