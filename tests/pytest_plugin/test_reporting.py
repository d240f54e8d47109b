"""What the plugin says: below a failed test, at the end of a run, and in files."""

from __future__ import annotations

import json

import pytest

TWO = """
def test_sound(ecf_world, ecf_client):
    assert ecf_client.post(LIST, declared(ecf_world)).status == 200

def test_refused(ecf_world, ecf_client):
    ecf_client.post(LIST, declared(ecf_world, date="2027-10-01T00:00:00Z"))
    ecf_world.reset()
    ecf_client.get("/api/v3/statements")
    assert EXPECTED
"""
PASSING, FAILING = TWO.replace("EXPECTED", "True"), TWO.replace("EXPECTED", "False")


class TestAFailedTest:
    def test_tells_what_it_asked_and_why_it_was_refused(self, suite):
        result = suite.run(FAILING)

        result.assert_outcomes(passed=1, failed=1)
        result.stdout.fnmatch_lines(
            [
                "* ecf-sandbox: world test_refused-*, guidance edition, 2026-10-12 09:00:00Z *",
                "  1  POST   /api/v3/participant-declarations  422  declaration.date-in-future, *",
                "*declaration.date-in-future: Only what has happened can be declared*",
                "*declaration_date: The '#/declaration_date' value cannot be a future date.*",
                "       declaration.date-in-future read: *2027-10-01T00:00:00Z*2026-10-12T09:00:00Z*",
                "       would pass: Date it *",
                "  2  GET    /api/v3/statements  200",
            ]
        )

    def test_shows_the_answer_where_no_rule_refused(self, suite):
        result = suite.run("def test_it(ecf_client):\n    assert ecf_client.get('/api/v3/statements/none').json == 0")

        result.stdout.fnmatch_lines(["  1  GET    /api/v3/statements/none  404", "*Resource not Found*"])

    def test_of_another_kind_is_left_alone(self, suite):
        result = suite.run("def test_it():\n    assert False")

        result.stdout.no_fnmatch_line("*ecf-sandbox*")


MISSPELT = """
def test_it(ecf_client):
    assert ecf_client.get("/api/v3/statements?filter[colour]=red").status == 200
"""


class TestAFindingOfTheObserver:
    def test_that_is_an_error_fails_the_test_and_says_what_to_do(self, suite):
        result = suite.run(MISSPELT)

        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(
            [
                "ecf-sandbox: the service accepts this, but it is not what the client meant:",
                "  error filter.unknown (*",
                'If a test means it, mark it: @pytest.mark.ecf(expect_findings=[[]"filter.unknown"[]])',
                "  1  GET    /api/v3/statements?filter*",
                "       error filter.unknown (*",
            ]
        )

    def test_that_is_expected_does_not(self, suite):
        expected = '@pytest.mark.ecf(expect_findings=["filter.unknown"])'

        suite.run(expected + MISSPELT).assert_outcomes(passed=1)

    def test_that_there_is_not_cannot_be_expected(self, suite):
        result = suite.run('@pytest.mark.ecf(expect_findings=["filter.unknwon"])' + MISSPELT)

        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines(["*an unknown finding: 'filter.unknwon'; did you mean 'filter.unknown'?"])

    def test_comes_after_the_tests_own_assertions(self, suite):
        result = suite.run(MISSPELT.replace("200", "201"))

        result.stdout.fnmatch_lines(["E * assert 200 == 201", "       error filter.unknown (*"])
        result.stdout.no_fnmatch_line("*expect_findings*")

    def test_is_refused_or_not_looked_for_as_the_settings_say(self, suite):
        suite.run(MISSPELT, "--ecf-observer=off").assert_outcomes(passed=1)
        refused = suite.run(MISSPELT, "--ecf-observer=refuse")

        refused.assert_outcomes(failed=1)
        refused.stdout.fnmatch_lines(["E * assert 400 == 200"])


class TestTheLineOfRuleCoverage:
    @pytest.mark.parametrize(
        "workers",
        [pytest.param((), id="one process"), pytest.param(("-n", "2"), id="two workers", marks=pytest.mark.slow)],
    )
    def test_counts_all_tests_and_what_was_before_a_reset(self, suite, workers):
        result = suite.run(PASSING, *workers, subprocess=bool(workers))

        result.assert_outcomes(passed=2)
        result.stdout.fnmatch_lines(["ecf-sandbox: 19 of * rules judged, 2 broken, 2 operations"])

    def test_tells_things_of_two_services_apart_that_have_one_name(self, suite):
        one = """
@pytest.mark.ecf(service="SERVICE")
def test_SERVICE(ecf_client):
    assert ecf_client.get("/api/v3/statements").status == 200
"""
        result = suite.run(one.replace("SERVICE", "ecf") + one.replace("SERVICE", "rect"))

        result.assert_outcomes(passed=2)
        result.stdout.fnmatch_lines(["ecf-sandbox: 0 of * rules judged, 0 broken, 2 operations"])

    def test_is_left_out_of_a_run_without_worlds(self, suite):
        result = suite.run("def test_it(): ...")

        result.stdout.no_fnmatch_line("*ecf-sandbox*")

    def test_fails_a_run_that_judged_too_few(self, suite):
        enough, too_few = suite.run(PASSING, "--ecf-min-rules=19"), suite.run(PASSING, "--ecf-min-rules=20")

        assert (enough.ret, too_few.ret) == (0, 1)
        too_few.stdout.fnmatch_lines(["ecf-sandbox: --ecf-min-rules requires 20 rules, 19 were judged"])

    def test_fails_no_listing_of_tests(self, suite):
        assert suite.run(PASSING, "--ecf-min-rules=20", "--collect-only").ret == 0


class TestTheReport:
    @pytest.mark.parametrize(
        "workers",
        [pytest.param((), id="one process"), pytest.param(("-n", "2"), id="two workers", marks=pytest.mark.slow)],
    )
    def test_holds_every_exchange_in_the_order_of_the_tests(self, suite, workers):
        suite.run(PASSING, "--ecf-report=reports", *workers, subprocess=bool(workers)).assert_outcomes(passed=2)

        (file,) = (suite.pytester.path / "reports").iterdir()
        lines = [json.loads(it) for it in file.read_text().splitlines()]

        assert file.name == "journal.jsonl"
        assert [(it["test"].rpartition("::")[2], it["number"], it["response"]["status"]) for it in lines] == [
            ("test_refused", 1, 422),
            ("test_refused", 2, 200),
            ("test_sound", 1, 200),
        ]
        assert lines[0]["refusals"][0]["rule"] == "declaration.date-in-future"

    def test_replaces_that_of_an_earlier_run(self, suite):
        for _ in range(2):
            suite.run(PASSING, "--ecf-report=reports")

        assert len((suite.pytester.path / "reports" / "journal.jsonl").read_text().splitlines()) == 3


class TestThePlaceOfATest:
    TESTS = """
import functools

def decorated(test):
    @functools.wraps(test)
    def wrapped(*args, **kwargs):
        return test(*args, **kwargs)
    return wrapped

@decorated
@pytest.mark.parametrize("n", ["a::b"])
def test_wrapped(ecf_client, n):
    ecf_client.get("/api/v3/statements")

class TestInherited(Base):
    ...
"""

    def test_is_in_the_journal_with_its_file_and_line(self, suite):
        suite.pytester.mkpydir("below")
        suite.pytester.path.joinpath("below", "base.py").write_text(
            "class Base:\n    def test_it(self, ecf_client):\n        ecf_client.get('/api/v3/statements')\n"
        )
        suite.run("from below.base import Base\n" + self.TESTS, "--ecf-report=reports").assert_outcomes(passed=2)
        file = "test_is_in_the_journal_with_its_file_and_line.py"
        text = suite.pytester.path.joinpath(file).read_text().splitlines()
        lines = [json.loads(it) for it in (suite.pytester.path / "reports" / "journal.jsonl").read_text().splitlines()]

        assert [(it["test_file"], it["test_line"]) for it in lines] == [
            ("below/base.py", 2),
            (file, text.index("@decorated") + 1),
        ]

    def test_that_is_inherited_from_elsewhere_is_that_of_its_class(self, suite, tmp_path_factory):
        elsewhere = tmp_path_factory.mktemp("elsewhere")
        (elsewhere / "far_base.py").write_text(
            "class Base:\n    def test_it(self, ecf_client):\n        ecf_client.get('/api/v3/statements')\n"
        )
        suite.pytester.syspathinsert(elsewhere)
        suite.run("from far_base import Base\nclass TestInherited(Base): ...\n", "--ecf-report=reports")
        (line,) = (suite.pytester.path / "reports" / "journal.jsonl").read_text().splitlines()
        it = json.loads(line)
        text = (suite.pytester.path / it["test_file"]).read_text().splitlines()

        assert text[it["test_line"] - 1] == "class TestInherited(Base): ..."
