"""What a run showed outlives its world: the report still has it, or says what it lacks."""

from __future__ import annotations

import json

import pytest

from ecf_sandbox.state.archive import Archive
from ecf_sandbox.tools.report.journal_file import of_each_world, read
from ecf_sandbox.tools.report.terminal import as_text
from tests.control.controlling import TOKEN, Sandbox
from tests.tools.report.of_ecf import FORMATS, report_of


def mistaken(sandbox: Sandbox, world: str) -> None:
    """A request in which the observer finds an error, and one that a rule refuses."""
    assert sandbox.provider("GET", "/statements?filter[colour]=red", token=f"{TOKEN}~{world}")[0] == 200
    assert sandbox.declare(token=f"{TOKEN}~{world}", declaration_date="2020-01-01T00:00:00Z")[0] == 422


def delete(sandbox: Sandbox) -> None:
    sandbox.done("DELETE", "/worlds/w9")


def reset(sandbox: Sandbox) -> None:
    sandbox.done("POST", "/worlds/w9/reset")


def clear(sandbox: Sandbox) -> None:
    sandbox.done("DELETE", "/worlds/w9/journal")


def drop(sandbox: Sandbox) -> None:
    for n in range(3):
        sandbox.provider("GET", "/statements", token=f"{TOKEN}~other{n}")


def replace_it(sandbox: Sandbox) -> None:
    document = sandbox.done("GET", "/worlds/main/export")
    sandbox.done("POST", "/worlds/w9/import", document)


def delete_and_begin_again(sandbox: Sandbox) -> None:
    delete(sandbox)
    sandbox.done("POST", "/worlds", {"name": "w9", "scenario": "tokens"})


def restore(sandbox: Sandbox) -> None:
    sandbox.done("PUT", "/worlds/w9/snapshots/here")
    sandbox.done("POST", "/worlds/w9/snapshots/here/restore")


ENDS = (delete, reset, clear, drop, replace_it, delete_and_begin_again, restore)


def exported(sandbox: Sandbox) -> bytes:
    return sandbox.done("GET", "/journal/export").encode()


@pytest.mark.parametrize("end", ENDS)
def test_a_report_has_what_a_world_showed_before_its_end(end):
    sandbox = Sandbox(limit=3)
    mistaken(sandbox, "w9")

    end(sandbox)

    for report in (
        report_of([read(exported(sandbox), "run")]),
        report_of(of_each_world(exported(sandbox), {"main": ()})),
    ):
        assert report.findings[0].code == "filter.unknown"
        assert [it.id for it in report.rules if it.broken]
        assert report.totals.refused == 1
        assert report.missing == 0


def test_worlds_of_one_name_are_told_apart():
    sandbox = Sandbox()
    for _ in range(3):
        mistaken(sandbox, "w9")
        delete(sandbox)
    mistaken(sandbox, "w9")

    report = report_of(of_each_world(exported(sandbox), {"main": (), "w9": ()}))

    assert report.findings[0].exchanges == ("w9/1#1", "w9/2#1", "w9/3#1", "w9#1")
    assert [it.name for it in report.journals] == ["main", "w9"]


def test_what_ended_is_listed_and_forgotten_on_demand():
    sandbox = Sandbox()
    mistaken(sandbox, "w9")
    delete(sandbox)

    assert sandbox.done("GET", "/journal/past") == {
        "past": [{"world": "w9", "life": 1, "ended": "deleted", "exchanges": 2}],
        "capacity": 20_000,
        "lost": 0,
    }
    assert sandbox.done("DELETE", "/journal/past") == {"forgotten": 2}
    assert exported(sandbox) == b""


def test_a_report_is_whole_after_the_past_was_forgotten_on_demand():
    sandbox = Sandbox()
    sandbox.provider("GET", "/statements")
    sandbox.done("POST", "/worlds/main/reset")
    sandbox.provider("GET", "/statements")
    both = report_of([read(exported(sandbox), "run")])
    sandbox.done("DELETE", "/journal/past")
    rest = report_of([read(exported(sandbox), "run")])

    assert (both.totals.requests, both.missing) == (2, 0)
    assert (rest.totals.requests, rest.missing) == (1, 0)


class TestBeyondTheBound:
    def lacking(self) -> bytes:
        """An export in which one exchange of two is missing."""
        sandbox = Sandbox()
        sandbox.worlds.archive = sandbox.world.archive = Archive(capacity=1)
        sandbox.provider("GET", "/statements")
        sandbox.provider("GET", "/statements")
        sandbox.done("POST", "/worlds/main/reset")
        return exported(sandbox)

    @pytest.mark.parametrize("name", sorted(FORMATS))
    def test_every_format_says_that_the_report_is_incomplete(self, name):
        text = FORMATS[name](report_of([read(self.lacking(), "run")]))

        assert "1 exchange is missing" in text or '"missing": 1' in text

    def test_the_terminal_says_so(self):
        assert "This report is incomplete: 1 exchange is missing" in as_text(report_of([read(self.lacking(), "run")]))

    def test_a_whole_report_does_not(self):
        report = report_of([read(b"", "run")])

        assert not any("incomplete" in write(report) for write in (*FORMATS.values(), as_text))

    def test_junit_counts_the_test_that_says_so(self):
        text = FORMATS["junit"](report_of([read(self.lacking(), "run")]))

        assert 'tests="2"' in text
        assert text.count("<testcase") == 2

    @pytest.mark.slow
    def test_what_the_journal_of_a_world_let_go_is_missing_too(self):
        sandbox = Sandbox()
        for _ in range(1003):
            sandbox.provider("GET", "/delivery-partners?page[per_page]=1")

        for path in ("/journal/export", "/worlds/main/journal/export"):
            lines = sandbox.done("GET", path).splitlines()
            assert json.loads(lines[-1])["exchanges"] == 3
            assert report_of([read("\n".join(lines).encode(), "run")]).missing == 3
