"""What `ecf-sandbox serve` leaves behind, whatever signal ends it."""

from __future__ import annotations

import json
from signal import SIGHUP, SIGINT, SIGTERM

import pytest

from ecf_sandbox.cli.at_end import write_at_end
from tests.control.controlling import TOKEN, Sandbox
from tests.served import invoke, served


@pytest.fixture
def asked() -> Sandbox:
    sandbox = Sandbox()
    sandbox.provider("GET", "/statements?filter[colour]=red", token=f"{TOKEN}~one")
    sandbox.done("DELETE", "/worlds/one")
    return sandbox


def test_the_journals_of_all_worlds_and_the_report_in_five_formats_are_written(asked, tmp_path):
    write_at_end(asked.worlds, tmp_path / "journal.jsonl", tmp_path / "made" / "report")

    (line,) = (tmp_path / "journal.jsonl").read_text().splitlines()
    assert (json.loads(line)["world"], json.loads(line)["ended"]) == ("one", "deleted")
    reports = {it.name: it.read_text() for it in (tmp_path / "made" / "report").iterdir()}
    assert reports.keys() == {"report.json", "report.xml", "report.md", "report.sarif", "report.html"}
    assert all("filter.unknown" in it for it in reports.values())
    assert json.loads(reports["report.json"])["findings"][0]["line"] == 1


@pytest.mark.parametrize("missing", ["journal", "report"])
def test_either_can_be_left_out(asked, tmp_path, missing):
    journal, report = tmp_path / "journal.jsonl", tmp_path / "report"

    write_at_end(asked.worlds, None if missing == "journal" else journal, None if missing == "report" else report)

    assert (journal.exists(), report.exists()) == (missing == "report", missing == "journal")


def test_what_cannot_be_written_is_said(asked, tmp_path, capsys):
    (tmp_path / "file").write_text("")

    with pytest.raises(SystemExit) as ended:
        write_at_end(asked.worlds, None, tmp_path / "file" / "report")

    assert ended.value.code == 3
    assert "cannot write" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_refused_at_the_start(tmp_path):
    result = invoke("serve", "--port", "0", "--journal", str(tmp_path / "none" / "journal.jsonl"))

    assert (result.returncode, "there is no folder" in result.stderr) == (2, True)


@pytest.mark.slow
@pytest.mark.parametrize("sent", [SIGTERM, SIGINT, SIGHUP])
def test_it_is_written_whatever_signal_ends_the_server(tmp_path, sent):
    journal, report = tmp_path / "journal.jsonl", tmp_path / "report"
    with served("--journal", str(journal), "--report", str(report)) as server:
        server.send("GET", "/api/v3/statements", [("Authorization", f"Bearer {server.token}")])
        server.process.send_signal(sent)
        server.process.send_signal(sent)  # whoever is impatient spoils nothing

        assert server.process.wait(30) == 0
        assert len(journal.read_text().splitlines()) == 1
        assert len(list(report.iterdir())) == 5
