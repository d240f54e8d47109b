"""A request that goes to another world than the test's own is noticed: in process, over HTTP and with workers."""

from __future__ import annotations

import json

import pytest

ASK = """
from urllib.request import Request, urlopen

def ask(server, token):
    urlopen(Request(f"{server.url}/api/v3/statements", headers={"Authorization": f"Bearer {token}"})).read()

def send(server, token):
    assert server.send("GET", "/api/v3/statements", [("Authorization", f"Bearer {token}")]).status == 200

KEPT = []
"""
TO_MAIN = (
    ASK
    + """
def test_forgets_its_world(ecf_world, ecf_server):
    WAY(ecf_server, ecf_world.token.partition("~")[0])

def test_keeps_to_its_world(ecf_world, ecf_server):
    WAY(ecf_server, ecf_world.token)
"""
)
TO_ANOTHER = (
    ASK
    + """
def test_one(ecf_world, ecf_server):
    KEPT.append(ecf_world.token)
    WAY(ecf_server, KEPT[0])

def test_two(ecf_world, ecf_server):
    WAY(ecf_server, KEPT[0])
"""
)


# A run in this process would take the filters of this one, in which warnings are errors.
WARN = ("-W", "default")


@pytest.fixture(
    params=[pytest.param("ask", id="over HTTP"), pytest.param("send", id="in process", marks=pytest.mark.slow)]
)
def way(request):
    return request.param


class TestByDefault:
    def test_a_request_to_main_is_warned_of(self, suite, way):
        result = suite.run(TO_MAIN.replace("WAY", way), *WARN)

        result.assert_outcomes(passed=2, warnings=1)
        result.stdout.fnmatch_lines(
            [
                "*::test_forgets_its_world",
                "*ecf-sandbox: 1 request went to the world main, not to a world of this test:",
                "*main: 1  GET    /api/v3/statements  200",
                "*send ecf_world.token*",
            ]
        )

    @pytest.mark.slow
    def test_a_request_to_the_world_of_another_test_is_warned_of(self, suite, way):
        result = suite.run(TO_ANOTHER.replace("WAY", way), *WARN)

        result.assert_outcomes(passed=2, warnings=1)
        result.stdout.fnmatch_lines(["*::test_two", "*1 request went to the world test_one-*"])

    @pytest.mark.slow
    def test_worlds_that_a_test_makes_are_its_own(self, suite):
        result = suite.run(
            ASK
            + """
def test_it(ecf_server):
    world = ecf_server.world("mine")
    ask(ecf_server, world.token)
    ecf_server.send("POST", "/_sandbox/worlds", [], b'{"name": "made"}')
    ask(ecf_server, "ambition-token~made")
"""
        )

        result.assert_outcomes(passed=1)

    @pytest.mark.slow
    def test_what_main_is_told_from_outside_the_api_is_nobodys_request(self, suite):
        result = suite.run(
            ASK
            + """
def test_it(ecf_server):
    ecf_server.send("PUT", "/_sandbox/worlds/main/clock", [], b'{"mode": "real"}')
    ecf_server.send("GET", "/_sandbox/worlds/main/journal")
"""
        )

        result.assert_outcomes(passed=1)

    @pytest.mark.slow
    def test_a_request_before_a_reset_or_a_deletion_is_warned_of_once(self, suite):
        result = suite.run(
            ASK
            + """
def test_it(ecf_server):
    ask(ecf_server, "ambition-token")
    ecf_server.send("POST", "/_sandbox/worlds/main/reset")
    ask(ecf_server, "ambition-token~other")
    ecf_server.send("DELETE", "/_sandbox/worlds/other")

def test_nothing(ecf_server):
    pass
""",
            *WARN,
        )

        result.assert_outcomes(passed=2, warnings=1)
        result.stdout.fnmatch_lines(["*2 requests went to the worlds main, other*"])

    @pytest.mark.slow
    def test_workers_warn_as_well(self, suite):
        result = suite.run(TO_MAIN.replace("WAY", "ask"), "-n", "2", *WARN, subprocess=True)

        result.assert_outcomes(passed=2, warnings=1)
        result.stdout.fnmatch_lines(["*1 request went to the world main*"])


@pytest.mark.slow
class TestBySettings:
    @pytest.mark.parametrize("setting", ["option", "ini", "pyproject", "marker"])
    def test_it_fails_the_test(self, suite, setting):
        tests, options, pyproject = TO_MAIN.replace("WAY", "ask"), (), ""
        if setting == "option":
            options = ("--ecf-stray-requests=fail",)
        elif setting == "ini":
            options = ("-o", "ecf_stray_requests=fail")
        elif setting == "pyproject":
            pyproject = '[tool.ecf_sandbox]\nstray_requests = "fail"\n'
        else:
            tests = tests.replace("def test_forgets", '@pytest.mark.ecf(stray_requests="fail")\ndef test_forgets')

        result = suite.run(tests, *options, pyproject=pyproject)

        result.assert_outcomes(passed=1, failed=1)
        result.stdout.fnmatch_lines(["ecf-sandbox: 1 request went to the world main*"])

    def test_it_fails_as_the_test_ends(self, suite):
        tests = (
            ASK
            + """
@pytest.fixture
def late(ecf_server):
    yield
    ask(ecf_server, "ambition-token")

def test_it(late):
    pass
"""
        )
        suite.run(tests, "--ecf-stray-requests=fail").assert_outcomes(passed=1, errors=1)

    def test_it_is_ignored(self, suite):
        suite.run(TO_MAIN.replace("WAY", "ask"), "--ecf-stray-requests=ignore").assert_outcomes(passed=2)
        suite.run(
            TO_MAIN.replace("WAY", "ask").replace(
                "def test_forgets", '@pytest.mark.ecf(stray_requests="ignore")\ndef test_forgets'
            )
        ).assert_outcomes(passed=2)

    @pytest.mark.parametrize(
        "options", [("--ecf-stray-requests=fial",), ("-o", "ecf_stray_requests=fial")], ids=["option", "ini"]
    )
    def test_what_there_is_not_is_refused(self, suite, options):
        result = suite.run(TO_MAIN, *options)

        result.stderr.fnmatch_lines(["*'fial'; did you mean 'fail'?*"])


@pytest.mark.slow
def test_a_failed_test_tells_of_its_requests_to_other_worlds(suite):
    result = suite.run(
        ASK
        + """
def test_it(ecf_world, ecf_server):
    ask(ecf_server, "ambition-token")
    assert ecf_world.asked()
"""
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["The world had no requests.", "ecf-sandbox: 1 request went to the world main*"])


@pytest.mark.slow
def test_the_report_has_requests_to_other_worlds(suite, pytester):
    suite.run(TO_MAIN.replace("WAY", "ask"), "--ecf-report=kept")

    lines = [json.loads(it) for it in (pytester.path / "kept" / "journal.jsonl").read_text().splitlines()]
    assert [(it["test"].rpartition("::")[2], it["world"].partition("-")[0]) for it in lines] == [
        ("test_forgets_its_world", "main"),
        ("test_keeps_to_its_world", "test_keeps_to_its_world"),
    ]
