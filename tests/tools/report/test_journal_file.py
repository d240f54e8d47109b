"""Journals are read whole, or every line that is wrong is named."""

from __future__ import annotations

import json

import pytest

from ecf_sandbox.tools.report.journal_file import BadJournal, read, read_files
from tests.tools.report.telling import a_line, a_small_run, written


class TestAJournal:
    def test_of_the_sandbox_is_read_whole(self):
        it = read(a_small_run(), "main")

        assert [each.number for each in it.exchanges] == list(range(1, len(it.exchanges) + 1))
        assert it.exchanges[1].rules["declaration.already-made"] == "kept"

    def test_may_have_blank_lines_and_no_end_of_line(self):
        it = read(b"\n" + written(a_line(1)) + b"\r\n" + json.dumps(a_line(2)).encode(), "main", "main.jsonl")

        assert [each.line for each in it.exchanges] == [2, 4]

    def test_that_is_empty_is_one_without_exchanges(self):
        assert read(b"", "main").exchanges == ()

    def test_may_know_more_than_this_version_reads(self):
        assert read(written(a_line(1, mood="fine")), "main").exchanges[0].number == 1

    def test_may_lack_findings(self):
        assert read(written(a_line(1)), "main").exchanges[0].findings == ()

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            pytest.param(b"no json", "no line of a journal", id="no JSON"),
            pytest.param(b"[1]", "no line of a journal", id="no object"),
            pytest.param(b'{"log": {}}', "ecf-sandbox journal export", id="a HAR"),
            pytest.param(b"\xff\xfe", "no line of a journal", id="no text"),
            pytest.param(b"[" * 100_000, "no line of a journal", id="nested too deep"),
            pytest.param(written(a_line(1, version=2)), "version 2", id="a later version"),
            pytest.param(written(a_line("one")), "`$.number`", id="a number that is none"),
            pytest.param(written(a_line(1, at="2026-10-12T09:00:00")), "`$.at`", id="a moment without a zone"),
            pytest.param(
                written(a_line(1, at="0001-01-01T00:00:00+05:00")), "beyond the calendar", id="a moment too early"
            ),
        ],
    )
    def test_that_is_wrong_is_told_with_its_line(self, line, said):
        with pytest.raises(BadJournal) as wrong:
            read(written(a_line(1)) + line, "main", "run.jsonl")

        assert str(wrong.value).startswith("run.jsonl:2: ")
        assert said in str(wrong.value)

    def test_tells_ten_wrong_lines_and_counts_the_others(self):
        with pytest.raises(BadJournal) as wrong:
            read(b"x\n" * 12, "main", "run.jsonl")

        assert str(wrong.value).splitlines()[9].startswith("run.jsonl:10: ")
        assert str(wrong.value).endswith("… and 2 more")


class TestFiles:
    def test_are_told_apart_by_their_names(self, tmp_path):
        first, second = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
        first.write_bytes(written(a_line(7)))
        second.write_bytes(written(a_line(7)))

        assert [it.exchanges[0].name for it in read_files([first, second])] == ["one#7", "two#7"]

    def test_of_one_name_are_told_apart_by_their_paths(self, tmp_path):
        files = [tmp_path / "a" / "run.jsonl", tmp_path / "b" / "run.jsonl"]
        for it in files:
            it.parent.mkdir()
            it.write_bytes(written(a_line()))

        assert [it.name for it in read_files(files)] == [str(it) for it in files]

    def test_named_twice_are_read_once(self, tmp_path):
        file = tmp_path / "run.jsonl"
        file.write_bytes(written(a_line()))

        assert len(read_files([file, file])) == 1
