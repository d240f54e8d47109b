"""`ecf-sandbox report` on the command line: files, a running server, and what it ends with."""

from __future__ import annotations

import json

import pytest

from ecf_sandbox.cli.main import main
from tests.running import cli_runner
from tests.served import invoke, standing
from tests.tools.report.telling import a_finding, a_line, a_small_run, written


@pytest.fixture
def file(tmp_path):
    it = tmp_path / "run.jsonl"
    it.write_bytes(a_small_run())
    return it


@pytest.fixture
def report():
    def report(*arguments: object, code: int = 0):
        result = cli_runner().invoke(main, ["report", *map(str, arguments)])
        assert result.exit_code == code, result.output
        return result

    return report


class TestOfFiles:
    def test_is_a_summary_where_no_other_output_is_wanted(self, report, file):
        output = report(file).output

        assert "Requests     6: 2 × 200" in output
        assert "Operations   v3 3 of 25" in output
        assert "v3 createDeclaration" in output
        assert "unknown path: GET /api/v3/nowhere" in output

    def test_takes_several_together(self, report, file, tmp_path):
        other = tmp_path / "other.jsonl"
        other.write_bytes(written(a_line(1)))

        assert json.loads(report(file, other, "--json", "-").output)["totals"]["requests"] == 7

    def test_is_written_to_a_file_whole(self, report, file, tmp_path):
        report(file, "--json", tmp_path / "report.json")

        assert json.loads((tmp_path / "report.json").read_text())["format"] == "ecf-sandbox/report"

    def test_is_written_in_every_format_at_once(self, report, file, tmp_path):
        names = ("json", "junit", "html", "sarif", "markdown", "evidence")
        result = report(file, *(it for name in names for it in (f"--{name}", tmp_path / name)))

        begins = {name: (tmp_path / name).read_text()[:6] for name in names}
        assert begins["json"][0] == begins["sarif"][0] == "{"
        assert (begins["junit"], begins["html"], begins["evidence"]) == ("<?xml ", "<!doct", "<!doct")
        assert begins["markdown"] == "## Lea"
        assert result.stdout == ""

    def test_is_not_written_twice_to_one_place(self, report, file, tmp_path):
        one = tmp_path / "one"

        assert "two outputs" in report(file, "--json", one, "--html", one, code=2).stderr
        report(file, "--json", "-", "--html", "-", code=2)
        assert not one.exists()


class TestOfAServer:
    def test_is_of_all_worlds_or_of_those_that_are_named(self):
        with standing("2026-10-12T09:00:00Z") as server:
            for token in (server.token, f"{server.token}~one"):
                server.send("GET", "/api/v3/statements", [("Authorization", f"Bearer {token}")])
            every = invoke("report", "--url", server.url, "--json", "-")
            one = invoke("report", "--url", server.url, "--json", "-", "--world", "one")
            wrong = invoke("report", "--url", server.url, "--world", "on")

        assert [it["name"] for it in json.loads(every.stdout)["journals"]] == ["main", "one"]
        assert json.loads(one.stdout)["totals"]["requests"] == 1
        assert wrong.returncode == 2
        assert "did you mean 'one'" in wrong.stderr

    def test_has_what_worlds_showed_that_are_no_more(self):
        with standing(worlds=2) as server:
            for token in ("", "~one", "~two", "~three"):
                path = "/api/v3/statements?filter[colour]=red" if token == "~one" else "/api/v3/statements"
                server.send("GET", path, [("Authorization", f"Bearer {server.token}{token}")])
            server.send("DELETE", "/_sandbox/worlds/three")
            every = invoke("report", "--url", server.url, "--json", "-", "--require-complete")
            one = invoke("report", "--url", server.url, "--json", "-", "--world", "three")

        assert (every.returncode, every.stderr) == (1, "")
        assert json.loads(every.stdout)["findings"][0]["exchanges"] == ["one/1#1"]
        assert [it["name"] for it in json.loads(one.stdout)["journals"]] == ["three"]

    def test_that_is_not_there_ends_with_3(self):
        result = invoke("report", "--url", "http://127.0.0.1:9")

        assert result.returncode == 3
        assert "ecf-sandbox serve" in result.stderr

    def test_that_is_something_else_ends_with_3(self):
        with standing() as server:
            assert invoke("report", "--url", f"{server.url}/api").returncode == 3


class TestTheEnd:
    def test_is_1_where_something_found_is_an_error(self, report, tmp_path):
        file = tmp_path / "run.jsonl"
        file.write_bytes(written(a_line(1, findings=[a_finding()])))

        assert "error    filter.unknown: v3 listParticipants filter[chort]" in report(file, code=1).output

    def test_is_0_where_it_is_a_warning(self, report, tmp_path):
        file = tmp_path / "run.jsonl"
        file.write_bytes(written(a_line(1, findings=[a_finding(severity="warning")])))
        report(file)

    def test_is_0_where_a_baseline_knew_it_and_1_where_it_did_not(self, report, tmp_path):
        file, before = tmp_path / "run.jsonl", tmp_path / "before.json"
        file.write_bytes(written(a_line(1, findings=[a_finding()])))
        report(file, "--json", before, code=1)

        known = json.loads(report(file, "--baseline", before, "--json", "-").output)
        file.write_bytes(written(a_line(1, findings=[a_finding(), a_finding(where="filter[x]")])))
        new = json.loads(report(file, "--baseline", before, "--json", "-", code=1).output)

        assert known["baseline"]["known"] == 1
        assert [it["where"] for it in new["findings"]] == ["filter[x]"]

    def test_is_4_where_less_is_covered_than_wanted(self, report, file):
        assert "at least 60 required" in report(file, "--min-rules", 60, code=4).stderr
        report(file, "--min-rules", 19, "--min-operations", 3)
        report(file, "--min-operations", 4, code=4)

    def test_is_4_where_something_is_missing_and_the_whole_is_required(self, report, tmp_path):
        file = tmp_path / "run.jsonl"
        file.write_bytes(written(a_line(3)))

        assert "2 exchanges are missing" in report(file).stderr
        assert "2 exchanges are missing" in report(file, "--require-complete", code=4).stderr
        file.write_bytes(written(a_line(1)))
        assert report(file, "--require-complete").stderr == ""

    def test_is_3_where_a_file_cannot_be_read(self, report, tmp_path):
        broken = tmp_path / "broken.jsonl"
        broken.write_bytes(written(a_line(1)) + b"oops\n" + written(a_line(3, version=9)))

        told = report(broken, code=3).stderr
        assert f"{broken}:2: this is no line of a journal" in told
        assert f"{broken}:3: this is version 9" in told
        assert "No such file" in report(tmp_path / "none.jsonl", code=3).stderr

    def test_is_3_where_the_baseline_is_no_report(self, report, file, tmp_path):
        (tmp_path / "before.json").write_text('{"format": "ecf-sandbox/report", "version": 9, "findings": []}')

        assert "version 9" in report(file, "--baseline", tmp_path / "before.json", code=3).stderr
        assert "is not a report" in report(file, "--baseline", file, code=3).stderr

    def test_is_2_where_files_and_worlds_are_named(self, report, file):
        report(file, "--world", "main", code=2)


def test_the_schema_is_printed(report):
    assert json.loads(report("--schema").output)["title"] == "A report of ecf-sandbox, version 1"
