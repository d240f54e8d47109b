"""The examples of the how-to guide, sent as they are printed to the scenario that holds what they name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ecf_sandbox.app import create_app
from ecf_sandbox.scenario.loading import load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess, Reply, Transport
from tests.guidance.printed import JANE, NO_UUID, PARTNERSHIP, PRINTED, SERVER_DATE, Printed
from tests.guidance.settled import EVERYWHERE, NEW, SETTLED, as_markdown

BEARER, JSON = ("Authorization", "Bearer guide-token"), ("Content-Type", "application/json")
CASEY = "907f61ed-5770-4d38-b22c-1a4265939378"


class Difference(NamedTuple):
    """A member of an answer that is not as the guide shows it."""

    member: str
    printed: Any
    answered: Any


@pytest.fixture
def send() -> Transport:
    world = world_of(load_scenario("guide-examples", seed="sandbox"), seed="sandbox")
    return InProcess(create_app(Worlds(world)).wsgi_app)


def sent(send: Transport, it: Printed, *headers: tuple[str, str]) -> Reply:
    body = None if it.body is None else json.dumps(it.body).encode()
    return send(it.method, it.path, [BEARER, JSON, *headers], body)


def played(send: Transport, name: str, *headers: tuple[str, str]) -> Reply:
    """An example after those that have to come before it."""
    for it in PRINTED[name].first:
        assert sent(send, PRINTED[it], *headers).status == 200
    return sent(send, PRINTED[name], *headers)


def differences(shown: Any, answer: Any, member: str = "") -> Iterator[Difference]:
    """What the guide shows and an answer has otherwise; a resource of a list is looked for by its id and type."""
    if member == "data" and isinstance(shown, list) and isinstance(answer, dict):
        yield Difference("data", "a list of one", "an object")
        yield from differences(shown[0], answer)
    elif isinstance(shown, dict) and isinstance(answer, dict):
        for name, value in shown.items():
            yield from differences(value, answer.get(name, "nothing"), name)
    elif member == "data" and isinstance(shown, list):
        for it in shown:
            yield from differences(it, counterpart(it, answer))
    elif isinstance(shown, list) and member == "ecf_enrolments":
        yield from differences(shown[0], answer[0])
    elif shown != answer:
        yield Difference(member, shown, answer)


def counterpart(shown: Any, items: list[Any]) -> Any:
    """The item of a list that the guide shows: that of its id, or else, of a declaration, of its type."""
    id = PARTNERSHIP if shown["id"] == NO_UUID else shown["id"]
    kind, whose = shown["attributes"].get("declaration_type"), shown["attributes"].get("participant_id")
    return next(
        it
        for it in items
        if (it["id"] == id if kind in (None, "started") else it["attributes"]["declaration_type"] == kind)
        and it["attributes"].get("participant_id") == whose
    )


def settled(name: str, it: Difference) -> list[int]:
    """The places in the table of what says so."""
    return [
        n
        for n, row in enumerate(SETTLED)
        if {name, EVERYWHERE} & set(row.examples)
        and (row.member, row.printed) == (it.member, it.printed)
        and row.answered in (it.answered, NEW)
    ]


@pytest.mark.parametrize("name", PRINTED)
class TestAnExample:
    def test_succeeds(self, send, name):
        assert played(send, name).status == 200

    def test_succeeds_with_the_server_date_that_is_printed(self, send, name):
        assert played(send, name, SERVER_DATE).status == 200


@pytest.mark.parametrize("name", [name for name, it in PRINTED.items() if it.shows is not None])
def test_an_example_is_answered_as_it_is_shown_but_for_what_is_settled(send, name):
    found = list(differences(PRINTED[name].shows, json.loads(played(send, name).body)))

    assert [it for it in found if not settled(name, it)] == []


def test_each_line_of_the_table_is_needed(send):
    needed = set()
    for n, (name, it) in enumerate(PRINTED.items()):
        if it.shows is not None:
            answer = json.loads(played(send, name, ("X-Sandbox-World", f"w{n}")).body)
            needed |= {row for found in differences(it.shows, answer) for row in settled(name, found)}

    assert [row for n, row in enumerate(SETTLED) if n not in needed] == []


@pytest.mark.parametrize("table", as_markdown().split("\n\n"), ids=["requests", "answers"])
def test_the_tables_are_in_the_documentation(table):
    page = Path(__file__).parents[2] / "docs" / "faithful.md"

    assert table in page.read_text(encoding="utf-8"), "print it anew: python -m tests.guidance.settled"


class TestWhatTheExamplesSayOfChanges:
    def test_deferred_resumed_and_withdrawn_show_in_the_training_status(self, send):
        told = {}
        for name in ("defer", "resume", "withdraw"):
            (enrolment,) = (it for it in _enrolments(played(send, name)) if it["participant_type"] == "mentor")
            told[name] = enrolment["training_status"]
            send("POST", "/_sandbox/worlds/main/reset")

        assert told == {"defer": "deferred", "resume": "active", "withdraw": "withdrawn"}

    def test_the_schedule_is_the_one_that_is_asked_for(self, send):
        before, after = _enrolments(played(send, "one participant")), _enrolments(played(send, "change the schedule"))

        assert [it["schedule_identifier"] for it in before] == ["ecf-standard-january", "ecf-standard-september"]
        assert [it["schedule_identifier"] for it in after] == ["ecf-standard-january"] * 2

    def test_an_updated_partnership_has_the_new_delivery_partner(self, send):
        attributes = json.loads(played(send, "update a partnership").body)["data"]["attributes"]

        assert (
            attributes["delivery_partner_id"]
            == PRINTED["update a partnership"].body["data"]["attributes"]["delivery_partner_id"]
        )

    def test_a_challenged_partnership_is_not_updated(self, send):
        assert sent(send, PRINTED["update a partnership"]).status == 422

    def test_somebody_else_is_deferred_and_can_resume_at_once(self, send):
        resumption = PRINTED["resume"]._replace(path=PRINTED["resume"].path.replace(JANE, CASEY))

        assert sent(send, resumption).status == 200

    def test_the_same_declaration_again_is_refused(self, send):
        assert [played(send, "started").status for _ in range(2)] == [200, 422]


def _enrolments(reply: Reply) -> Any:
    return json.loads(reply.body)["data"]["attributes"]["ecf_enrolments"]
