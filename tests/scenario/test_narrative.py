"""Steps in words: what is sent by whom and when, and what is expected, with names in place of ids."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ecf_sandbox.scenario.narrative import deed, expected, given
from ecf_sandbox.scenario.steps import Step

AT = datetime(2025, 11, 3, 10, tzinfo=UTC)


def a_request(**changes):
    return Step(**({"by": "alpha", "at": AT, "method": "GET", "target": "/api/v3/statements", "status": 200} | changes))


class TestWhatHappens:
    @pytest.mark.parametrize(
        ("step", "told"),
        [
            pytest.param(a_request(), "GET /api/v3/statements by alpha, 3 November 2025, 10:00 UTC", id="a request"),
            pytest.param(a_request(at=None), "GET /api/v3/statements by alpha", id="at no moment of its own"),
            pytest.param(a_request(by=None, at=None), "GET /api/v3/statements without a token", id="by nobody"),
            pytest.param(
                a_request(by=None, at=None, headers={"Authorization": "Bearer x"}),
                "GET /api/v3/statements",
                id="with a token of its own",
            ),
            pytest.param(
                a_request(target="/x/${people.Jane Smith}/${kept.first}", at=None),
                "GET /x/{Jane Smith}/{first} by alpha",
                id="about somebody",
            ),
            pytest.param(
                Step(event="nightly_cut_off", at=AT.replace(second=5)),
                "event nightly_cut_off, 3 November 2025, 10:00:05 UTC",
                id="an event",
            ),
        ],
    )
    def test_is_told_in_a_line(self, step, told):
        assert deed(step) == told


class TestWhatIsSaid:
    def test_leaves_out_what_is_evident(self):
        attributes = {"participant_id": "${people.Jane Smith}", "evidence_held": None}
        body = {"data": {"type": "participant-declaration", "attributes": attributes}}

        assert given(a_request(body=body)) == "participant_id Jane Smith, evidence_held null"

    def test_is_the_text_itself_where_the_body_is_a_text(self):
        assert given(a_request(body="{", headers={"Content-Type": "text/plain"})) == "Content-Type: text/plain, {"

    def test_is_nothing_where_an_event_is_told_nothing(self):
        assert given(Step(event="nightly_cut_off", at=AT)) == ""


class TestWhatIsExpected:
    @pytest.mark.parametrize(
        ("expectation", "told"),
        [
            ({"count": 0}, "no items"),
            ({"count": 1}, "1 item"),
            ({"includes": [{"attributes": {"paid": True}}]}, "an item with paid true"),
            ({"excludes": [{"id": "${kept.first}"}]}, "no item with id {first}"),
            ({"keep": {"first": "data.0.id"}}, "data.0.id is kept as {first}"),
            ({"refused_by": ["a.b", "c.d"]}, "refused by a.b, c.d"),
            ({"empty": True}, "nothing in the answer"),
            ({"content_type": "text/csv"}, "an answer of type text/csv"),
            ({"answer": {"errors": [{"title": "cohort", "detail": "Closed."}]}}, "cohort: Closed."),
            ({"answer": {"data": {"attributes": {"ecf_enrolments": [{"deferral": None}]}}}}, "deferral null"),
        ],
        ids=lambda it: next(iter(it)) if isinstance(it, dict) else "",
    )
    def test_is_a_phrase_after_the_status(self, expectation, told):
        assert expected(a_request(**expectation)) == ["200", told]

    def test_is_nothing_of_an_event(self):
        assert expected(Step(event="nightly_cut_off", at=AT)) == []
