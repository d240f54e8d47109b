"""What a run shows of what a provider has to test, and that no token gets out with it."""

from __future__ import annotations

import itertools

import pytest

from ecf_sandbox.ecf.report.checklist import REQUESTED
from ecf_sandbox.tools.report.journal_file import read
from tests.tools.report.of_ecf import FORMATS, report_of
from tests.tools.report.telling import a_client_run, a_finding, a_line, a_write, journal

SECRET = "s3cret/of+ambition"
FULL = {"data": [{"id": str(it)} for it in range(2)]}
PART = {"data": [{"id": "9"}]}


def items(*lines, **given):
    return {it.id: it for it in report_of([journal(*lines, **given)]).checklist}


def outcome(id, *lines):
    return items(*lines)[id].outcome


def a_page(number, query, body=FULL, **changes):
    target = f"/api/v3/participants/ecf?{query}"
    return a_line(number, target=target, response={"status": 200, "body": body}, **changes)


def refused(number, **changes):
    return a_write("createDeclaration", number, status=422) | changes


def test_a_client_that_tests_everything_shows_everything_but_how_it_keeps_its_keys():
    report = report_of([read(a_client_run(), "main")])

    assert {it.id: it.outcome for it in report.checklist if it.outcome != "shown"} == {
        "keys.secured": "cannot be shown"
    }


def test_nothing_shows_nothing_and_says_what_would():
    found = report_of([]).checklist

    assert {it.outcome for it in found} == {"not shown", "cannot be shown"}
    assert all(it.note.startswith("To show it: ") for it in found if it.outcome == "not shown")


def test_every_test_has_an_id_of_its_own_and_its_area_is_in_one_piece():
    areas = [it.id.partition(".")[0] for it in REQUESTED]

    assert len({it.id for it in REQUESTED}) == len(REQUESTED)
    assert sum(before != after for before, after in itertools.pairwise(areas)) == len(set(areas)) - 1


class TestAHappyPath:
    def test_is_shown_by_what_was_accepted_with_a_sample(self):
        it = items(a_line(1))["participants.list"]

        assert (it.outcome, it.exchanges) == ("shown", ("main#1",))
        assert (it.sample.method, it.sample.status, it.sample.at) == ("GET", 200, "2026-10-12T09:00:00.000Z")

    def test_is_not_shown_by_what_was_refused(self):
        it = items(refused(1))["declarations.record"]

        assert it.outcome == "not shown"
        assert it.note.startswith("Asked 1 time and never accepted (422).")


class TestAnErrorPath:
    @pytest.mark.parametrize(
        ("lines", "expected"),
        [
            pytest.param([refused(1)], "partly shown", id="refused"),
            pytest.param([refused(1), a_write("createDeclaration", 2)], "shown", id="refused, then accepted"),
            pytest.param([a_write("createDeclaration", 1), refused(2)], "partly shown", id="accepted before only"),
            pytest.param([a_write("createDeclaration", 1)], "not shown", id="never refused"),
            pytest.param(
                [refused(1), a_write("createDeclaration", 2) | {"provider": "Teach First"}],
                "partly shown",
                id="another provider went on",
            ),
        ],
    )
    def test_is_shown_by_a_refusal_after_which_the_client_went_on(self, lines, expected):
        assert outcome("errors.declaration", *lines) == expected

    def test_of_what_is_not_there_is_not_shown_by_a_path_that_is_none(self):
        assert outcome("errors.not-found", a_line(1, response={"status": 404})) == "shown"
        assert outcome("errors.not-found", a_line(1, operation="no route", response={"status": 404})) == "not shown"


class TestAFullSync:
    @pytest.mark.parametrize(
        ("lines", "expected"),
        [
            pytest.param(
                [a_page(1, "page[per_page]=2"), a_page(2, "page[per_page]=2&page[page]=2", PART)], "shown", id="all"
            ),
            pytest.param([a_page(1, "page[per_page]=2")], "partly shown", id="the first page alone"),
            pytest.param([a_page(1, "page[per_page]=2&page[page]=2", PART)], "not shown", id="the last page alone"),
            pytest.param(
                [a_page(1, "page[per_page]=2"), a_page(2, "page[per_page]=2&page[page]=3", PART)],
                "partly shown",
                id="a page left out",
            ),
            pytest.param(
                [
                    a_page(1, "page[per_page]=2"),
                    a_page(2, "page[per_page]=2&page[page]=2", PART, provider="Teach First"),
                ],
                "partly shown",
                id="two providers",
            ),
            pytest.param(
                [
                    a_page(1, "page[per_page]=2", world="one"),
                    a_page(2, "page[per_page]=2&page[page]=2", PART, world="two"),
                ],
                "partly shown",
                id="two worlds",
            ),
            pytest.param(
                [a_page(1, "filter[updated_since]=2026-01-01T00:00:00Z", PART)], "not shown", id="only changes"
            ),
            pytest.param(
                [a_page(1, "page[per_page]=4000", {"data": [1] * 3000})], "partly shown", id="a page cut to 3000"
            ),
            pytest.param([a_page(1, "page[page]=x&page[per_page]=²", PART)], "shown", id="odd numbers"),
        ],
    )
    def test_is_shown_by_pages_from_the_first_to_the_last(self, lines, expected):
        assert outcome("sync.full-participants", *lines) == expected


class TestAPartialSync:
    def test_is_shown_by_what_was_asked_since_a_moment_the_fuller_answer_first(self):
        query = "filter[updated_since]=2026-01-01T00:00:00Z"
        it = items(a_page(1, query, {"data": []}), a_page(2, query, PART))["sync.partial-participants"]

        assert (it.outcome, it.exchanges) == ("shown", ("main#2", "main#1"))


class TestSeveralPartnerships:
    @pytest.mark.parametrize(
        ("schools", "expected"), [(("a", "b"), "shown"), (("a", "a"), "partly shown"), ((), "not shown")]
    )
    def test_are_shown_by_two_schools_of_one_provider(self, schools, expected):
        lines = [a_write("confirmPartnership", number, school_id=it) for number, it in enumerate(schools, 1)]

        assert outcome("partnerships.several", *lines) == expected


class TestKeys:
    def test_are_not_seen_to_be_secured(self):
        assert outcome("keys.secured", a_line(1)) == "cannot be shown"

    @pytest.mark.parametrize(
        "query", ["token=abcdefgh", "x=1&API_KEY=abc", "access_token=abc", f"x={SECRET}", "x=s3cret%2Fof%2Bambition"]
    )
    def test_are_seen_not_to_be_where_one_is_in_an_address(self, query):
        it = items(a_line(1, target=f"/api/v3/participants/ecf?{query}"), secrets=(SECRET,))["keys.secured"]

        assert it.outcome == "not shown"
        assert it.exchanges == ("main#1",)
        assert "[redacted]" in it.sample.target

    @pytest.mark.parametrize("code", ["authorization.token-in-query", "authorization.odd-spelling"])
    def test_are_seen_not_to_be_where_the_observer_found_something(self, code):
        assert outcome("keys.secured", a_line(1, findings=[a_finding(code=code)])) == "not shown"

    @pytest.mark.parametrize("name", FORMATS)
    def test_are_in_no_sample_in_any_format(self, name):
        line = a_line(
            1,
            target=f"/api/v3/participants/ecf?x={SECRET}&token=t0p-secret",
            request={
                "headers": [["authorization", f"Bearer {SECRET}"], ["X-Note", "Bearer t0p-secret"]],
                "body": {SECRET: [SECRET]},
            },
            response={"status": 200, "headers": [["Set-Cookie", SECRET], ["ETag", SECRET]], "body": f"x {SECRET}"},
        )
        written = FORMATS[name](report_of([journal(line, secrets=(SECRET,))]))

        assert SECRET not in written
        assert "t0p-secret" not in written

    @pytest.mark.parametrize("body", ["HTTP Token: Access denied", "The token unavailable", "x?tokens=a&keys=b"])
    def test_are_not_seen_in_words_that_only_speak_of_them(self, body):
        sample = items(a_line(1, response={"status": 200, "body": body}))["participants.list"].sample

        assert sample.response_body == body

    def test_are_left_out_of_a_form(self):
        line = a_line(1, request={"headers": [], "body": "token=abcdef&x=1"})

        assert items(line)["participants.list"].sample.request_body == "token=[redacted]&x=1"

    def test_a_sample_of_something_long_is_cut(self):
        sample = items(a_line(1, response={"status": 200, "body": "x" * 5_000}))["participants.list"].sample

        assert sample.response_body == "x" * 2_000 + "… (3,000 more characters)"
