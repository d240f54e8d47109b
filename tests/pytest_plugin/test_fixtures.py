"""The fixtures as a provider's suite meets them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


class TestAWorld:
    def test_is_each_tests_own(self, suite):
        result = suite.run(
            """
@pytest.mark.parametrize("n", range(50))
def test_sees_only_its_own(ecf_world, ecf_client, n):
    before = len(ecf_client.get(LIST).json["data"])
    assert ecf_client.post(LIST, declared(ecf_world)).status == 200
    assert len(ecf_client.get(LIST).json["data"]) == before + 1
    assert len(ecf_world.journal) == 3
"""
        )

        result.assert_outcomes(passed=50)

    def test_begins_as_the_marker_says_the_nearest_first(self, suite):
        suite.pytester.makefile(".yaml", mine=SCENARIO)
        result = suite.run(
            """
@pytest.mark.ecf(edition="live")
class TestLive:
    def test_class(self, ecf_world):
        assert (ecf_world.edition, ecf_world.now.isoformat()) == ("live", "2026-10-12T09:00:00+00:00")
    @pytest.mark.ecf(edition="guidance", now="2026-11-01", scenario="mine.yaml")
    def test_own(self, ecf_world):
        assert (ecf_world.edition, ecf_world.now.isoformat()) == ("guidance", "2026-11-01T00:00:00+00:00")
        assert list(ecf_world.schools) == []
        assert ecf_world.headers() == ecf_world.headers("Mine") == {"Authorization": f"Bearer {ecf_world.token}"}
"""
        )

        result.assert_outcomes(passed=2)

    def test_is_of_the_service_that_the_marker_names(self, suite):
        result = suite.run(
            """
TEACHERS = "/api/v3/participants"

@pytest.mark.ecf(service="rect")
class TestToday:
    def test_own(self, ecf_world, ecf_worlds):
        assert ecf_world.world.scenario == "rect-default"
        assert ecf_world.client.get(TEACHERS).status == 200
        assert ecf_worlds("shared").world.service.name == "rect"
        assert ecf_worlds("older", service="ecf").world.service.name == "ecf"

    @pytest.mark.ecf(scenario="rect-deferral-and-return")
    def test_with_a_story_of_that_service(self, ecf_world):
        assert ecf_world.world.service.name == "rect"

def test_else_the_one_of_before(ecf_world):
    assert ecf_world.world.service.name == "ecf"

@pytest.mark.ecf(scenario="rect-default")
def test_a_scenario_says_it_alone(ecf_world):
    assert ecf_world.world.service.name == "rect"
"""
        )

        result.assert_outcomes(passed=4)

    def test_gives_any_client_that_has_its_token_and_url(self, suite):
        result = suite.run(
            """
import json
from urllib.request import Request, urlopen

def test_over_http(ecf_world):
    headers = {**ecf_world.headers(), "Content-Type": "application/json"}
    request = Request(ecf_world.url + LIST, json.dumps(declared(ecf_world)).encode(), headers)
    assert urlopen(request).status == 200
    ecf_world.verify("createDeclaration", times=1, status=200)

def test_the_server_is_one(ecf_server, ecf_world):
    assert ecf_world.url == ecf_server.url
"""
        )

        result.assert_outcomes(passed=2)

    def test_needs_no_server_as_long_as_nobody_asks_for_its_url(self, suite):
        result = suite.run(
            """
import threading

before = set(threading.enumerate())

def test_in_process(ecf_client):
    assert ecf_client.get(LIST).status == 200
    assert set(threading.enumerate()) <= before
"""
        )

        result.assert_outcomes(passed=1)

    def test_that_cannot_be_had_says_why_without_a_trace(self, suite):
        result = suite.run(
            """
@pytest.mark.ecf(edition="liv")
def test_edition(ecf_world): ...
@pytest.mark.ecf(scenario="defualt")
def test_scenario(ecf_world): ...
@pytest.mark.ecf(now="someday")
def test_moment(ecf_world): ...
@pytest.mark.ecf(senario="default")
def test_keyword(): ...
@pytest.mark.ecf("default")
def test_argument(): ...
@pytest.mark.ecf(scenario="large", service="rect")
def test_of_another_service(ecf_world): ...
"""
        )

        result.assert_outcomes(errors=6)
        result.stdout.fnmatch_lines_random(
            [
                "ecf-sandbox: unknown edition 'liv'; did you mean 'live'?",
                "*there is no scenario 'defualt'; did you mean 'default'?",
                "ecf-sandbox: 'someday' is not a date and time: write one such as '2026-10-12T09:00:00Z'",
                "ecf-sandbox: @pytest.mark.ecf takes no 'senario'; did you mean 'scenario'?",
                "ecf-sandbox: @pytest.mark.ecf takes names only, not 'default':*",
                "*service: large is a scenario of ecf, not rect",
            ]
        )
        result.stdout.no_fnmatch_line("*During handling*")


class TestSettings:
    def test_of_pyproject_hold_for_all_and_options_stand_before_them(self, suite):
        tests = """
def test_it(ecf_world):
    assert (ecf_world.edition, ecf_world.now.year) == (EDITION, 2026)
"""
        pyproject = '[tool.ecf_sandbox]\nedition = "live"\nnow = 2027-01-01\n'

        suite.run(tests.replace("EDITION", "'live'"), pyproject=pyproject).assert_outcomes(passed=1)
        suite.run(tests.replace("EDITION", "'guidance'"), "--ecf-edition=guidance").assert_outcomes(passed=1)

    def test_of_the_service_choose_its_own_default_scenario(self, suite):
        tests = """
def test_it(ecf_world):
    assert ecf_world.world.service.name == "SERVICE"
"""
        pyproject = '[tool.ecf_sandbox]\nservice = "rect"\n'

        suite.run(tests.replace("SERVICE", "rect"), pyproject=pyproject).assert_outcomes(passed=1)
        suite.run(tests.replace("SERVICE", "ecf"), "--ecf-service=ecf").assert_outcomes(passed=1)

    def test_of_a_moment_give_way_to_the_machines_time_for_a_test_that_says_so(self, suite):
        tests = """
from ecf_sandbox.state.clock import REAL

pytestmark = []

@pytest.mark.ecf(now=None)
def test_it(ecf_world):
    assert ecf_world.world.state.clock == REAL

def test_other(ecf_world):
    assert ecf_world.now.year == 2027
"""

        suite.run(tests, pyproject="[tool.ecf_sandbox]\nnow = 2027-01-01\n").assert_outcomes(passed=2)

    def test_that_are_unknown_or_of_the_wrong_kind_are_all_named_before_anything_runs(self, suite):
        result = suite.run("", pyproject='[tool.ecf_sandbox]\neditoin = "live"\nmin_rules = "many"\nenv = { A = 1 }\n')

        assert result.ret == 4
        result.stderr.fnmatch_lines(
            [
                "*[[]tool.ecf_sandbox]: there is no 'editoin'; did you mean 'edition'?",
                "*min_rules must be a whole number, not 'many'",
                "*env.A must be text such as *",
            ]
        )

    @pytest.mark.parametrize(
        ("pyproject", "told"),
        [
            ('[tool.ecf_sandbox]\nedition = "liv"', "did you mean 'live'?"),
            ('[tool.ecf_sandbox]\nobserver = "refus"', "did you mean 'refuse'?"),
            ('[tool.ecf_sandbox]\nservice = "rct"', "no service 'rct'; did you mean 'rect'?"),
            ("[tool.ecf_sandbox]\nmin_rules = -1", "min_rules must be at least 0"),
            ('[tool.ecf_sandbox]\nmemory = "lots"', "memory: 'lots' is not an amount of memory"),
            ('[tool.ecf-sandbox]\nedition = "live"', "did you mean [[]tool.ecf_sandbox[]]?"),
            ('[tool.ecf_sandbx]\nedition = "live"', "did you mean [[]tool.ecf_sandbox[]]?"),
            ('[tool.ecf_sandbox]\nenv = { API_URL = "{ulr}/api" }', "did you mean {url}?"),
        ],
        ids=lambda it: it if it.startswith("[tool") else "",
    )
    def test_that_are_misspelt_are_refused_though_no_test_has_a_world(self, suite, pyproject, told):
        result = suite.run("def test_it(): ...", pyproject=pyproject)

        assert result.ret == 4
        result.stderr.fnmatch_lines([f"*{told}*"])

    @pytest.mark.parametrize(
        "option", ["--ecf-edition=liv", "--ecf-observer=refus", "--ecf-service=rct", "--ecf-min-rules=-1"]
    )
    def test_of_the_command_line_are_refused_in_the_same_way(self, suite, option):
        result = suite.run("def test_it(): ...", option)

        assert result.ret == 4
        result.stderr.fnmatch_lines([f"*{option.partition('=')[0]}: *"])

    @pytest.mark.parametrize(
        ("marker", "told"), [('edition="liv"', "did you mean 'live'?"), ('observer="refus"', "did you mean 'refuse'?")]
    )
    def test_of_a_marker_are_refused_though_the_test_has_no_world(self, suite, marker, told):
        result = suite.run(f"@pytest.mark.ecf({marker})\ndef test_it(): ...")

        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines([f"*{told}"])

    def test_name_the_environment_that_a_test_gets(self, suite):
        result = suite.run(
            """
import os

def test_it(ecf_env, ecf_world):
    assert os.environ["API_URL"] == ecf_world.url + "/api"
    assert ecf_env == {"API_URL": ecf_world.url + "/api", "API_TOKEN": ecf_world.token, "PLAIN": "{plain}"}

def test_afterwards():
    assert "API_TOKEN" not in os.environ
""",
            pyproject='[tool.ecf_sandbox]\nenv = { API_URL = "{url}/api", API_TOKEN = "{token}", PLAIN = "{plain}" }\n',
        )

        result.assert_outcomes(passed=2)

    def test_without_an_environment_say_how_to_name_one(self, suite):
        result = suite.run("def test_it(ecf_env): ...")

        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines(["env = { LEAD_PROVIDER_API_URL =*"])


class TestFrozenTime:
    @pytest.mark.slow
    def test_is_the_worlds_present_in_process_and_over_http(self, suite):
        result = suite.run(
            """
import json
from urllib.request import Request, urlopen
from freezegun import freeze_time

pytestmark = []

@freeze_time("2026-03-01T10:00:00Z")
def test_it(ecf_world, ecf_client):
    assert ecf_world.now.isoformat() == "2026-03-01T10:00:00+00:00"
    made = ecf_client.post(LIST, declared(ecf_world)).json["data"]
    assert made["attributes"]["created_at"] == "2026-03-01T10:00:00Z"
    shown = json.load(urlopen(Request(f"{ecf_world.url}{LIST}/{made['id']}", headers=ecf_world.headers())))
    assert shown["data"] == made
    assert ecf_world.journal[-1].at == ecf_world.now

@freeze_time("2026-03-01T10:00:00Z", tz_offset=1)
def test_in_another_time_zone(ecf_world, ecf_client):
    assert ecf_world.now.isoformat() == "2026-03-01T10:00:00+00:00"
    ecf_client.get("/api/v3/statements")
    assert ecf_world.journal[-1].at == ecf_world.now
    assert ecf_world.advance(hours=2).isoformat() == "2026-03-01T12:00:00+00:00"

@pytest.fixture
def frozen():
    with freeze_time("2026-03-02"):
        yield

def test_frozen_before_the_world_is_made(frozen, ecf_world, ecf_client):
    assert ecf_client.post(LIST, declared(ecf_world)).status == 200
    ecf_world.event("change_name", participant_id=ecf_world.people["Jane Smith"], full_name="Jane Jones")
    assert ecf_world.people["Jane Jones"]
    ecf_world.advance(days=40)
""",
            "--ecf-report=reports",
            subprocess=True,
        )

        result.assert_outcomes(passed=3)


@pytest.mark.slow
def test_pytest_does_not_rewrite_what_it_loads_of_the_sandbox(suite):
    result = suite.run(
        """
import sys
from importlib.machinery import PathFinder

def test_it(ecf_client):
    assert ecf_client.get("/api/v3/statements").status == 200
    loaded = [it for name, it in sys.modules.items() if name.startswith("ecf_sandbox.") and "pytest_plugin" not in name]
    assert [it.__name__ for it in loaded if type(it.__loader__).__name__ != "SourceFileLoader"] == []
    assert PathFinder not in sys.meta_path[:1]
""",
        subprocess=True,
    )

    result.assert_outcomes(passed=1)


@pytest.mark.slow
def test_the_plugin_loads_neither_flask_nor_the_sandbox_until_a_test_has_a_world(suite):
    suite.pytester.makepyfile(
        "import sys\ndef test_it():\n    assert not LOADED & set(sys.modules)\n".replace(
            "LOADED", "{'flask', 'werkzeug', 'msgspec', 'immutables', 'yaml', 'waitress', 'ecf_sandbox.state.world'}"
        )
    )
    program = """
import json, pytest, sys
before = set(sys.modules)
import ecf_sandbox.pytest_plugin
print(json.dumps(sorted(set(sys.modules) - before)))
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:hypothesispytest"]))
"""

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=suite.pytester.path)
    loaded = json.loads(ran.stdout.splitlines()[0])

    assert ran.returncode == 0, ran.stdout
    assert {it for it in loaded if it.startswith("ecf_sandbox")} == {
        "ecf_sandbox",
        "ecf_sandbox.pytest_plugin",
        *(f"ecf_sandbox.pytest_plugin.{it}" for it in ("fixtures", "run", "settings", "shared")),
    }
    assert not {it for it in loaded if "." not in it and it not in ("ecf_sandbox", *sys.stdlib_module_names)}


SCENARIO = """
about: Nobody and nothing but a provider.
as_of: 2026-10-12
providers:
  mine: { name: Mine, token: my-token }
"""


def test_a_world_does_not_outlive_its_test(suite):
    result = suite.run(
        """
import gc, weakref
seen = []

def test_one(ecf_client, ecf_world):
    assert ecf_client.get("/api/v3/statements").json["data"]
    seen.append(weakref.ref(ecf_world))

def test_two():
    gc.collect()
    assert seen[0]() is None
"""
    )

    result.assert_outcomes(passed=2)
