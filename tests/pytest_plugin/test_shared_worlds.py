"""`ecf_worlds`: worlds that several tests share, which live as long as the fixture that asks for them."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.slow

BY_SCOPE = """
ASKED = []

@pytest.fixture(scope="SCOPE")
def orders(ecf_worlds):
    world = ecf_worlds("orders")
    yield world
    world.client.get("/api/v3/statements")  # it is still there for what the fixture does as it ends
    ASKED.append(len(world.journal))

class TestOne:
    def test_a(self, orders):
        assert orders.client.post(LIST, declared(orders)).status == 200
    def test_b(self, orders): ...

class TestTwo:
    def test_c(self, orders): ...

def test_worlds(ecf_server):
    assert (ASKED, ecf_server.worlds.names()) == EXPECTED
"""


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("function", ([2, 1, 1], ["main"])),
        ("class", ([2, 1], ["main"])),
        ("module", ([], ["main", "orders"])),
        ("session", ([], ["main", "orders"])),
    ],
)
def test_a_world_lives_as_long_as_the_fixture_that_asks(suite, scope, expected):
    suite.run(BY_SCOPE.replace("SCOPE", scope).replace("EXPECTED", str(expected))).assert_outcomes(passed=4)


@pytest.mark.parametrize("end", ["assert False", "pytest.exit('enough')"])
def test_a_world_is_still_there_for_its_fixture_where_a_test_ends_the_run(suite, end):
    result = suite.run(
        """
@pytest.fixture(scope="session")
def orders(ecf_worlds):
    world = ecf_worlds("orders")
    world.client.get("/api/v3/statements")
    yield world
    world.client.get("/api/v3/statements")
    print("asked", len(world.verify("listStatements", times=2)))

def test_a(orders):
    END

def test_b(orders): ...
""".replace("END", end),
        "-x",
        "-s",
        "--ecf-report=reports",
    )

    result.stdout.fnmatch_lines(["*asked 2*"])
    assert [it["number"] for it in journal(suite)] == [1, 2]


def test_a_world_that_a_test_asks_for_lives_as_long_as_the_test(suite):
    result = suite.run(
        """
@pytest.mark.parametrize("n", range(2))
def test_it(ecf_worlds, n):
    one, two = ecf_worlds("one"), ecf_worlds("two")
    assert one.client.post(LIST, declared(one)).status == 200
    assert (len(one.journal), len(two.journal)) == (1, 0)
"""
    )

    result.assert_outcomes(passed=2)


def test_a_world_begins_as_it_is_told_else_as_the_markers_of_the_class_or_module_say(suite):
    result = suite.run(
        """
from ecf_sandbox.state.clock import REAL

@pytest.fixture(scope="session")
def of_settings(ecf_worlds):
    return ecf_worlds("settings", edition="live")

@pytest.fixture(scope="module")
def of_module(ecf_worlds):
    return ecf_worlds("module")

@pytest.fixture(scope="module")
def told(ecf_worlds):
    return ecf_worlds("told", scenario="cohort-2025-from-the-start", edition="live", now="2026-11-01")

@pytest.fixture(scope="module")
def of_the_machine(ecf_worlds):
    return ecf_worlds("machine", now=None)

@pytest.mark.ecf(edition="live", now="2026-12-01")
class TestIt:
    @pytest.fixture(scope="class")
    def of_class(self, ecf_worlds):
        return ecf_worlds("class", edition="guidance")

    def test_it(self, of_settings, of_module, told, of_class, of_the_machine):
        assert [(it.edition, str(it.now.date())) for it in (of_settings, of_module, told, of_class)] == [
            ("live", "2027-01-01"), ("guidance", "2026-10-12"), ("live", "2026-11-01"), ("guidance", "2026-12-01")]
        assert of_module.token.endswith("~module")
        assert list(told.declarations) == []
        assert of_the_machine.world.state.clock == REAL
""",
        pyproject="[tool.ecf_sandbox]\nnow = 2027-01-01\n",
    )

    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ('"a b"', "'a b' is no name for a world*"),
        ('"main"', "the world 'main' is there for all tests*"),
        ('"x", edition="liv"', "unknown edition 'liv'; did you mean 'live'?"),
        ('"x", scenario="defualt"', "the scenario cannot be used:"),
        ('"x", observer="refus"', "there is no observer 'refus'; did you mean 'refuse'?"),
        ('"x", now="someday"', "'someday' is not a date and time*"),
        ('"x", expect_findings="filter.unknwon"', "ecf_worlds expects an unknown finding: 'filter.unknwon'; did you*"),
    ],
)
def test_a_world_that_cannot_be_had_says_why_without_a_trace(suite, asked, told):
    result = suite.run(
        f"@pytest.fixture(scope='module')\ndef it(ecf_worlds):\n    return ecf_worlds({asked})\ndef test_it(it): ..."
    )

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"ecf-sandbox: {told}"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_two_worlds_of_one_name_at_a_time_are_refused(suite):
    result = suite.run(
        """
@pytest.fixture(scope="session")
def one(ecf_worlds):
    return ecf_worlds("orders")

def test_it(one, ecf_worlds):
    ecf_worlds("orders")
"""
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["ecf-sandbox: another fixture has a world 'orders' at the moment*"])


def test_a_world_that_nothing_would_close_is_refused(suite):
    result = suite.run(
        """
@pytest.fixture
def late(ecf_worlds):
    yield
    ecf_worlds("orders")

def test_it(late): ...
"""
    )

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["ecf-sandbox: the world 'orders' is asked for as things end: nothing would close it"])


SHARED = """
@pytest.fixture(scope="module")
def orders(ecf_worlds):
    world = ecf_worlds("orders"OPTIONS)
    world.client.get("/api/v3/statements")
    return world

def test_z(orders):
    assert orders.client.post(LIST, declared(orders)).status == 200

def test_a(orders):
    assert orders.client.get("/api/v3/statements?filter[colour]=red").status == 200

def test_m(orders, ecf_client):
    orders.world.reset()
    ecf_client.get("/api/v3/statements")
    assert orders.client.get("/api/v3/delivery-partners").status == EXPECTED
"""
SOUND = SHARED.replace("EXPECTED", "200").replace("OPTIONS", ', expect_findings=["filter.unknown"]')


class TestWhatATestAsks:
    def test_is_shown_below_its_failure_without_what_others_asked(self, suite):
        result = suite.run(SHARED.replace("EXPECTED", "201").replace("OPTIONS", ', observer="off"'))

        result.assert_outcomes(passed=2, failed=1)
        result.stdout.fnmatch_lines(["* ecf-sandbox: world orders, *", "*GET    /api/v3/delivery-partners  200"])
        result.stdout.no_fnmatch_line("*POST*")

    def test_fails_it_and_no_other_for_an_error_of_the_observer(self, suite):
        result = suite.run(SHARED.replace("EXPECTED", "200").replace("OPTIONS", ""))

        result.assert_outcomes(passed=2, failed=1)
        result.stdout.fnmatch_lines(["*_ test_a _*", "ecf-sandbox: the service accepts this*", "*filter.unknown*"])

    def test_is_expected_by_the_world_or_by_the_marker_of_the_test(self, suite):
        suite.run(SOUND).assert_outcomes(passed=3)
        suite.run(
            SHARED.replace("EXPECTED", "200")
            .replace("OPTIONS", "")
            .replace("def test_a", '@pytest.mark.ecf(expect_findings=["filter.unknown"])\ndef test_a')
        ).assert_outcomes(passed=3)

    def test_counts_as_rules_that_were_judged(self, suite):
        alone = suite.run("def test_it(ecf_world, ecf_client):\n    ecf_client.post(LIST, declared(ecf_world))")
        shared = suite.run("def test_it(ecf_worlds):\n    it = ecf_worlds('x')\n    it.client.post(LIST, declared(it))")

        assert lines(alone, "*rules judged*") == lines(shared, "*rules judged*") != []

    def test_is_no_stray_request(self, suite):
        suite.run(SOUND, "--ecf-stray-requests=fail").assert_outcomes(passed=3)


def lines(result, pattern):
    return [it for it in result.outlines if pattern.strip("*") in it]


def journal(suite):
    file = suite.pytester.path / "reports" / "journal.jsonl"
    assert [it.name for it in file.parent.iterdir()] == ["journal.jsonl"]
    return [json.loads(it) for it in file.read_text().splitlines()]


class TestTheReport:
    def test_keeps_a_shared_world_whole_each_exchange_with_its_test(self, suite):
        suite.run(SOUND, "--ecf-report=reports").assert_outcomes(passed=3)

        told = [(it["world"].partition("-")[0], it["test"].rpartition("::")[2], it["number"]) for it in journal(suite)]
        assert [it for it in told if it[0] == "orders"] == [
            ("orders", "test_z", 1),
            ("orders", "test_z", 2),
            ("orders", "test_a", 3),
            ("orders", "test_m", 4),
        ]
        assert [it for it in told if it[0] != "orders"] == [("test_m", "test_m", 1)]

    def test_tells_worlds_of_one_name_in_turn_apart(self, suite):
        suite.run(BY_SCOPE.replace("SCOPE", "class"), "--ecf-report=reports")

        assert [
            (it["world"], it.get("life"), it["number"], it["test"].rpartition("::")[2]) for it in journal(suite)
        ] == [
            ("orders", 1, 1, "test_a"),
            ("orders", 1, 2, "test_b"),
            ("orders", None, 1, "test_c"),
        ]

    def test_counts_many_worlds_of_one_name_in_their_order(self, suite):
        suite.run(
            """
@pytest.mark.parametrize("n", range(11))
def test_it(ecf_worlds, n):
    ecf_worlds("orders").client.get("/api/v3/statements", params={"page[page]": n + 1})
""",
            "--ecf-report=reports",
        ).assert_outcomes(passed=11)

        told = {it.get("life"): it["test"].rpartition("[")[2] for it in journal(suite)}
        assert told == {None: "10]"} | {n + 1: f"{n}]" for n in range(10)}

    def test_says_of_an_exchange_that_a_later_test_took_back(self, suite):
        suite.run(
            """
@pytest.fixture(scope="module")
def orders(ecf_worlds):
    return ecf_worlds("orders")

def test_a(orders):
    orders.event("change_name", participant_id=orders.people["Jane Smith"], full_name="Jane Jones")

def test_b(orders):
    assert orders.send("POST", "/_sandbox/worlds/orders/journal/undo").status == 200
""",
            "--ecf-report=reports",
        ).assert_outcomes(passed=2)

        assert [it["undone"] for it in journal(suite)][:1] == [True]

    def test_has_what_a_full_journal_lets_go(self, suite):
        suite.run(
            """
@pytest.fixture(scope="module")
def orders(ecf_worlds):
    return ecf_worlds("orders")

@pytest.mark.parametrize("n", range(3))
def test_it(orders, n):
    for _ in range(400):
        orders.client.get("/api/v3/statements")
""",
            "--ecf-report=reports",
        ).assert_outcomes(passed=3)

        assert [it["number"] for it in journal(suite)] == list(range(1, 1201))

    @pytest.mark.slow
    def test_has_the_worlds_of_all_workers(self, suite):
        suite.run(
            BY_SCOPE.replace("SCOPE", "session").replace("def test_worlds", "def worlds"),
            "--ecf-report=reports",
            "-n",
            "2",
            "--dist=loadscope",
            subprocess=True,
        ).assert_outcomes(passed=3)

        told = sorted((it["test"].rpartition("::")[2], it["world"], it.get("life")) for it in journal(suite))
        assert {it[:2] for it in told} == {("test_a", "orders"), ("test_b", "orders"), ("test_c", "orders")}
        assert sorted({it[2] for it in told}, key=str) == [1, None]
