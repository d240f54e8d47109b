"""The JSON of a report: as its schema says, and the same for the same run."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
from hypothesis import given, settings
from hypothesis import strategies as st

from ecf_sandbox.tools.report.formats import as_json, as_schema, normalized
from ecf_sandbox.tools.report.journal_file import read
from tests.effort import examples
from tests.tools.report.of_ecf import report_of
from tests.tools.report.telling import a_finding, a_line, a_small_run, journal
from tests.tools.report.test_usage import LINES

SHIPPED = Path(__file__).parents[3] / "docs" / "report.schema.json"


def valid(report) -> None:
    jsonschema_rs.Draft202012Validator(json.loads(as_schema())).validate(json.loads(as_json(report)))


class TestTheSchema:
    def test_is_the_one_in_the_documentation(self):
        assert SHIPPED.read_text() == as_schema(), "make docs"

    def test_has_descriptions_without_the_indentation_of_the_source(self):
        as_in_the_source = {"$defs": {"A": {"anyOf": [{"description": "What it is.\n\n    And more.\n    "}]}}}

        assert normalized(as_in_the_source) == {
            "$defs": {"A": {"anyOf": [{"description": "What it is.\n\nAnd more."}]}}
        }

    def test_has_null_as_the_last_alternative(self):
        optional = {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/B"}, {"$ref": "#/$defs/A"}]}

        assert normalized(optional) == {"anyOf": [{"$ref": "#/$defs/B"}, {"$ref": "#/$defs/A"}, {"type": "null"}]}

    def test_leaves_a_member_that_is_called_description(self):
        member = {"properties": {"description": {"type": "string"}}}

        assert normalized(member) == member

    def test_is_met_by_a_run(self):
        valid(
            report_of([read(a_small_run(), "main", "run.jsonl"), journal(a_line(1, findings=[a_finding()]), name="b")])
        )

    def test_is_met_by_nothing_at_all(self):
        valid(report_of([]))

    @given(st.lists(LINES, max_size=4))
    @settings(max_examples=examples(20))
    def test_is_met_whatever_the_journal_holds(self, told):
        valid(report_of([journal(*[a_line(number, **it) for number, it in enumerate(told, 1)])]))
