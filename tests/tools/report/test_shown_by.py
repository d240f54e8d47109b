"""A finding names the tests whose requests show it, and leads to where they stand."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from ecf_sandbox.tools.report.ci import as_junit
from ecf_sandbox.tools.report.formats import as_html, as_json
from ecf_sandbox.tools.report.journal_file import read
from ecf_sandbox.tools.report.markdown import as_markdown
from ecf_sandbox.tools.report.terminal import as_text
from tests.tools.report.of_ecf import as_sarif, report_of
from tests.tools.report.telling import a_finding, a_line, journal, written

ONE, TWO = "tests/test_orders.py::TestIt::test_one", "tests/test_orders.py::test_two[a b]"


def asked(number, test=ONE, line=12, **changes):
    """An exchange with a finding that a test of the plugin sent, each to a world of its own unless said otherwise."""
    place = {} if line is None else {"test_file": "tests/test orders.py", "test_line": line}
    return a_line(number, findings=[a_finding()], test=test, **{"world": f"w{number}", **place, **changes})


def located(report):
    """The places that SARIF names, the result's own first."""
    (it,) = json.loads(as_sarif(report))["runs"][0]["results"]
    return [
        (place["artifactLocation"]["uri"], place["region"]["startLine"])
        for each in (*it["locations"], *it.get("relatedLocations", ()))
        if (place := each.get("physicalLocation"))
    ]


@pytest.mark.parametrize("write", [as_json, as_html, as_text, as_markdown, as_junit])
def test_every_format_names_the_tests_beside_their_worlds(write):
    told = write(report_of([journal(asked(1), asked(2, TWO))])).replace("\\", "")

    assert [name for name in (ONE, TWO, "w1", "w2") if name not in told] == []


def test_json_has_each_test_once_for_a_world_in_the_order_of_the_exchanges_with_its_place():
    report = report_of([journal(asked(1), asked(2, TWO, line=None), asked(3, world="w1"))])
    (finding,) = json.loads(as_json(report))["findings"]

    assert finding["tests"] == [
        {"test": ONE, "world": "w1", "file": "tests/test orders.py", "line": 12},
        {"test": TWO, "world": "w2", "file": None, "line": None},
    ]


def test_a_finding_of_no_test_names_none():
    report = report_of([journal(a_line(1, findings=[a_finding()]))])

    assert json.loads(as_json(report))["findings"][0]["tests"] == []
    assert ">Test:<" not in as_html(report)
    assert "   test: " not in as_text(report)


def test_a_test_whose_name_has_an_address_is_treated_like_all_else():
    line = asked(1, "tests/test_it.py::test_it[jane@example.org]") | {"refusals": [REFUSAL]}
    report = report_of([journal(line)])

    assert not [write for write in (as_json, as_html, as_text, as_junit) if "jane@example.org" in write(report)]
    assert "jane@example.org" not in as_sarif(report)


REFUSAL = {"rule": "declaration.already-made", "title": "t", "detail": "d"}


class TestSarif:
    def test_points_at_the_test_then_at_others_and_at_the_journal(self):
        report = report_of([read(written(asked(1), asked(2, TWO, line=30)), "main", "run.jsonl")])

        assert located(report) == [("tests/test%20orders.py", 12), ("tests/test%20orders.py", 30), ("run.jsonl", 1)]

    def test_names_a_test_of_several_parameters_once(self):
        report = report_of([journal(asked(1, f"{ONE}[a]"), asked(2, f"{ONE}[b]"))])

        assert located(report) == [("tests/test%20orders.py", 12)]

    def test_points_at_the_line_of_the_journal_where_the_test_is_not_known(self):
        report = report_of([read(written(asked(1, line=None)), "main", "run.jsonl")])

        assert located(report) == [("run.jsonl", 1)]

    def test_says_what_stands_at_the_related_places(self):
        report = report_of([read(written(asked(1), asked(2, TWO, line=30)), "main", "run.jsonl")])
        (it,) = json.loads(as_sarif(report))["runs"][0]["results"]

        assert [each["message"]["text"] for each in it["relatedLocations"]] == [TWO, "w1#1"]


def test_junit_calls_no_test_by_what_it_has_not():
    report = report_of([journal(a_line(1), asked(1, operation="v3 listStatements"))])
    names = [it.get("name") for it in ElementTree.fromstring(as_junit(report)).iter("testcase")]

    assert names == ["filter.unknown", "requests are correct"]
