"""What a report counts, held against plain counting."""

from __future__ import annotations

import json
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from ecf_sandbox.ecf.service import SERVICE
from ecf_sandbox.rulebook.catalogue import catalogue
from ecf_sandbox.state.findings import Observing
from ecf_sandbox.tools.report.journal_file import read
from ecf_sandbox.tools.report.operations import known_operations
from tests.effort import examples
from tests.tools.report.of_ecf import report_of
from tests.tools.report.telling import a_finding, a_line, a_small_run, a_write, journal

KNOWN = known_operations(SERVICE)
RULES = [it.id for it in catalogue(SERVICE)]


def operation(report, name):
    return next(it for it in report.operations if it.name == name)


def times(given):
    return {it.name: (it.sent, it.accepted) for it in given if it.sent}


class TestOperations:
    def test_are_all_that_a_token_of_a_provider_opens(self):
        names = [it.name for it in KNOWN]

        assert len(names) == len(set(names)) == 57
        assert {"v3 createDeclaration", "v1 listParticipants"} < set(names)
        assert not {"v1 private", "v2 missing"} & set(names)

    def test_are_counted_with_the_statuses_that_came_and_those_that_never_did(self):
        report = report_of([journal(a_line(1), a_line(2, response={"status": 401}))])
        it = operation(report, "v3 listParticipants")

        assert (it.asked, it.accepted) == (2, 1)
        assert (it.statuses["200"], it.statuses["401"], it.statuses["429"]) == (1, 1, 0)
        assert report.coverage.operations["v3"].used == 1

    def test_that_nobody_has_are_told_apart(self):
        report = report_of([journal(a_line(1, operation="no route", target="/api/v3/x?y=1", response={"status": 404}))])

        assert [(it.path, it.status, it.asked) for it in report.elsewhere] == [("/api/v3/x", 404, 1)]
        assert report.totals.elsewhere == 1

    def test_done_from_outside_are_no_requests(self):
        report = report_of([journal(a_line(1, operation="event change_name", method="", target=""))])

        assert (report.totals.requests, report.totals.events) == (0, 1)
        assert report.events[0].name == "event change_name"


class TestParameters:
    def test_are_counted_once_for_a_request_encoded_or_not(self):
        target = "/api/v3/participants/ecf?filter%5Bcohort%5D=2024&filter[cohort]=2025&page[page]=1"
        it = operation(report_of([journal(a_line(1, target=target))]), "v3 listParticipants")

        assert times(it.parameters) == {"filter[cohort]": (1, 1), "page[page]": (1, 1)}

    def test_may_be_headers(self):
        headers = [["x-with-server-date", "2026-11-01T00:00:00Z"], ["User-Agent", "ours"]]
        it = operation(report_of([journal(a_line(1, request={"headers": headers}))]), "v3 listParticipants")

        assert times(it.parameters) == {"X-With-Server-Date": (1, 1)}

    def test_that_no_document_has_are_marked(self):
        it = operation(
            report_of([journal(a_line(1, target="/api/v3/participants/ecf?chort=1"))]), "v3 listParticipants"
        )

        assert [(each.name, each.known) for each in it.parameters if each.sent] == [("chort", False)]

    def test_of_few_values_are_counted_value_by_value(self):
        target = "/api/v3/participants/ecf?filter[training_status]=active"
        it = operation(report_of([journal(a_line(1, target=target))]), "v3 listParticipants")

        assert [each.name for each in it.parameter_values] == ["filter[training_status]"]
        assert times(it.parameter_values[0].values) == {"active": (1, 1)}


class TestAttributes:
    def test_are_counted_value_by_value_sent_and_accepted(self):
        report = report_of(
            [
                journal(
                    a_write("createDeclaration", 1, declaration_type="started"),
                    a_write("createDeclaration", 2, 422, declaration_type="started"),
                    a_write("createDeclaration", 3, 422, declaration_type="begun"),
                )
            ]
        )
        it = next(it for it in operation(report, "v3 createDeclaration").attributes if it.name == "declaration_type")

        assert times(it.values) == {"started": (2, 1), "begun": (1, 0)}
        assert [each.name for each in it.values if not each.known] == ["begun"]
        assert {"retained-1", "completed"} < {each.name for each in it.values if not each.sent}

    def test_of_a_form_are_counted_too(self):
        line = a_line(
            1,
            operation="v3 deferParticipant",
            method="PUT",
            request={"body": "data[attributes][reason]=other&data%5Btype%5D=x"},
        )
        it = next(
            it for it in operation(report_of([journal(line)]), "v3 deferParticipant").attributes if it.name == "reason"
        )

        assert times(it.values) == {"other": (1, 1)}

    def test_that_are_ids_or_dates_are_counted_without_their_values(self):
        report = report_of([journal(a_write("createDeclaration", participant_id="a", declaration_date="b"))])
        found = {it.name: it for it in operation(report, "v3 createDeclaration").attributes}

        assert found["participant_id"].sent == 1
        assert found["participant_id"].values == found["declaration_date"].values == ()


class TestRules:
    def test_stand_as_broken_judged_or_never_judged(self):
        verdicts = {RULES[0]: "broken", RULES[1]: "kept", RULES[2]: "not asked"}
        report = report_of([journal(a_line(1, rules=verdicts))])

        assert [it.standing for it in report.rules[:4]] == ["broken", "judged", "never", "never"]
        assert report.rules[0].exchanges == ("main#1",)
        assert (report.coverage.rules_judged.used, report.coverage.rules_broken.used) == (2, 1)

    def test_that_only_the_journal_knows_are_listed_last(self):
        report = report_of([journal(a_line(1, rules={"of.another-version": "kept"}))])

        assert report.rules[-1].id == "of.another-version"


class TestFindings:
    def test_are_told_once_for_an_operation_and_a_place_the_worst_first(self):
        advice = a_finding(code="paging.small", severity="advice", where="page")
        lines = [a_line(number, findings=[advice, a_finding()]) for number in range(1, 8)]
        report = report_of([journal(*lines)])

        assert [(it.code, it.count) for it in report.findings] == [("filter.unknown", 7), ("paging.small", 7)]
        assert report.findings[0].exchanges == tuple(f"main#{number}" for number in range(1, 6))

    def test_of_the_observer_are_all_there(self):
        report = report_of([read(a_small_run(Observing.NOTE), "main", "run.jsonl")])
        found = next(it for it in report.findings if it.code == "path.unknown")

        assert (found.severity, found.exchanges, found.file, found.line) == ("error", ("main#6",), "run.jsonl", 6)


class TestAJournal:
    def test_that_does_not_begin_at_the_beginning_says_how_much_is_missing(self):
        report = report_of([journal(a_line(501), a_line(503))])

        assert report.journals[0].missing == 501

    def test_of_the_sandbox_adds_up(self):
        lines = [json.loads(line) for line in a_small_run().splitlines()]
        report = report_of([journal(*lines)])

        assert (report.totals.requests, report.totals.events, report.totals.refused) == (6, 2, 1)
        assert report.totals.statuses == {"200": 2, "400": 1, "401": 1, "404": 1, "422": 1}


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["started", "other", "2025"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["declaration_type", "reason", "course_identifier", "cohort", "page"]) | st.text(max_size=5)
BODIES = JSON | st.builds(
    lambda attributes: {"data": {"attributes": attributes}}, st.dictionaries(NAMES, JSON, max_size=4) | JSON
)
QUERIES = st.sampled_from(["", "?", "?filter[cohort]=2025", "?page[page]=2&page[page]=x", "?%ff=%", "?a;b&=&="])
VERDICTS = st.sampled_from(["kept", "broken", "not asked"])
LINES = st.fixed_dictionaries(
    {
        "operation": st.sampled_from([it.name for it in KNOWN] + ["no route", "event pay_statement", "v1 private"]),
        "method": st.sampled_from(["GET", "POST", "PUT", "", "HEAD"]),
        "target": st.builds(lambda path, query: path + query, st.sampled_from(["/api/v3/x", "", "//"]), QUERIES),
        "provider": st.none() | st.text(max_size=5),
        "request": st.builds(
            lambda headers, body: {"headers": headers, "body": body},
            st.lists(st.tuples(st.sampled_from(["X-With-Server-Date", "Authorization", "Host"]), st.text(max_size=5))),
            BODIES,
        ),
        "response": st.builds(
            lambda status, body: {"status": status, "headers": [], "body": body},
            st.sampled_from([200, 304, 401, 422, 500, 0, -1]),
            BODIES,
        ),
        "rules": st.dictionaries(st.sampled_from(RULES) | st.text(max_size=4), VERDICTS, max_size=4),
        "undone": st.booleans(),
    }
)


@given(st.lists(st.lists(LINES, max_size=6), max_size=3))
@settings(max_examples=examples(40))
def test_counts_add_up_whatever_the_journals_hold(told):
    runs = [[a_line(number, **it) for number, it in enumerate(run, 1)] for run in told]
    report = report_of([journal(*run, name=f"run{at}") for at, run in enumerate(runs)])
    lines = [line for run in runs for line in run]
    requests = [it for it in lines if it["method"]]

    assert report.totals.exchanges == len(lines) == report.totals.requests + report.totals.events
    assert report.totals.statuses == Counter(str(it["response"]["status"]) for it in requests)
    assert report.totals.elsewhere == sum(it.asked for it in report.elsewhere)
    assert report.totals.requests == sum(it.asked for it in report.operations) + report.totals.elsewhere
    assert report.totals.events == sum(it.times for it in report.events)
    for it in report.operations:
        assert sum(it.statuses.values()) == it.asked
        asked = [each for each in requests if each["operation"] == it.name]
        assert it.asked == len(asked)
        for each in it.parameters:
            assert 0 <= each.accepted <= each.sent <= it.asked
        for each in it.attributes:
            holding = [body for line in asked if isinstance(body := attributes_in(line), dict) and each.name in body]
            assert each.sent == len(holding)
            if each.values:
                assert sum(value.sent for value in each.values) == each.sent
    verdicts = Counter(pair for it in lines for pair in it["rules"].items())
    for it in report.rules:
        assert (it.kept, it.broken, it.not_asked) == tuple(
            verdicts[it.id, verdict] for verdict in ("kept", "broken", "not asked")
        )


def attributes_in(line):
    body = line["request"]["body"]
    inside = body.get("data") if isinstance(body, dict) else None
    return inside.get("attributes") if isinstance(inside, dict) else None
