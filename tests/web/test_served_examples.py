"""The examples of the served documents: each succeeds, sent as it is shown, in a fresh copy of the world it is for."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from ecf_sandbox.app import create_app
from ecf_sandbox.control.examples import FAULT, SECOND, SNAPSHOT
from ecf_sandbox.scenario.loading import load_scenario, shipped
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.clock import running_from
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess, Transport
from tests.openapi.test_documents import faults
from tests.tools.contract.shipped import DOCUMENTS, service_of
from tests.web.documented import NOBODY, Documented, requests, resolved, without_examples

pytestmark = pytest.mark.slow

PROVIDER_API = ("v1", "v2", "v3")
EVERY_API = (*PROVIDER_API, "rect-v3")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
STANDING_STILL = "evidence-from-2025"  # a scenario whose clock does not run
# What has to be asked for, with its own example, before the control plane has what another example names.
FIRST = {
    "delete_world": "create_world",
    "restore_snapshot": "take_snapshot",
    "delete_snapshot": "take_snapshot",
    "delete_fault": "set_fault",
    "show_exchange": "make_happen",
    "explain_exchange": "make_happen",
    "rewind": "make_happen",
    "undo": "make_happen",
}


def a_world(scenario: str = "default", service: str | None = None) -> World:
    """A scenario's world at the moment that it describes; its clock runs."""
    it = load_scenario(scenario, seed="sandbox", service=service)
    world = world_of(it, seed="sandbox")
    if it.now is None:
        world.set_clock(running_from(it.as_of))
        world.baseline = world.state
    return world


def sender(world: World) -> Transport:
    return InProcess(create_app(Worlds(world)).wsgi_app)


def served(send: Transport, name: str, *headers: tuple[str, str]) -> Any:
    reply = send("GET", f"/_sandbox/openapi/{name}.json", headers)
    assert reply.status == 200
    return json.loads(reply.body)


def token_of(send: Transport) -> str:
    page = send("GET", "/docs").body.decode()
    found = re.search(r'name="token"[^>]* value="([^"]+)"', page)
    assert found is not None
    return found[1]


def outcome(send: Transport, it: Documented, token: str, world: str) -> tuple[int, str]:
    """Status and body of the answer of a world of its own."""
    own = [("Authorization", f"Bearer {token}"), ("X-Sandbox-World", world)]
    reply = send(it.method, it.target, [*own, *it.headers], it.body)
    return reply.status, reply.body.decode()


def nobody_fits(tree: Any) -> set[str]:
    """The operations of which a document says so."""
    return {
        it["operationId"]
        for item in tree["paths"].values()
        for name, it in item.items()
        if name != "parameters" and NOBODY in it["description"]
    }


class TestEachExample:
    @pytest.mark.parametrize("format", ["json", "yaml"])
    @pytest.mark.parametrize("name", EVERY_API)
    def test_succeeds_in_a_fresh_world(self, name, format):
        send = sender(a_world(service=service_of(name)))
        text = send("GET", f"/_sandbox/openapi/{name}.{format}").body
        tree = json.loads(text) if format == "json" else yaml.load(text, Loader=yaml.CSafeLoader)
        token = token_of(send)

        told = {it.label: outcome(send, it, token, f"w{n}") for n, it in enumerate(requests(tree))}

        assert len(told) > 30
        assert {label: it for label, it in told.items() if it[0] != 200} == {}

    @pytest.mark.parametrize("name", EVERY_API)
    def test_has_no_finding_of_the_observer(self, name):
        worlds = Worlds(a_world(service=service_of(name)))
        send = InProcess(create_app(worlds).wsgi_app)
        tree, token = served(send, name), token_of(send)

        found = {}
        for n, it in enumerate(requests(tree)):
            outcome(send, it, token, f"w{n}")
            (exchange,) = worlds.get(f"w{n}").journal
            found[it.label] = {finding.code for finding in exchange.findings} - {"version.older"}

        assert {label: codes for label, codes in found.items() if codes} == {}

    @pytest.mark.parametrize("name", PROVIDER_API)
    def test_satisfies_its_schema(self, name):
        tree = served(sender(a_world()), name)
        checked = 0

        for path, item in tree["paths"].items():
            for method in ("get", "put", "post", "patch"):
                for media_type, shown in _shown(tree, item.get(method, {})):
                    for value in _values(tree, shown):
                        assert faults(int(name[1]), shown["schema"], value) == [], (path, method, media_type)
                        checked += 1
        assert checked > 30

    def test_of_the_control_plane_succeeds_once_there_is_what_it_names(self):
        tree = served(sender(a_world()), "control")
        asked = {it.operation: it for it in requests(tree)}
        told = {}

        for it in requests(tree):
            send = sender(a_world())
            if it.operation in FIRST:
                before = asked[FIRST[it.operation]]
                assert send(before.method, before.target, before.headers, before.body).status < 300
            reply = send(it.method, it.target, it.headers, it.body)
            told[it.label] = (reply.status, reply.body.decode()[:300])

        assert len(told) > 40
        assert {label: it for label, it in told.items() if not 200 <= it[0] < 300} == {}


def _shown(tree: Any, operation: Any) -> list[tuple[str, Any]]:
    holders = [operation.get("requestBody", {}), operation.get("responses", {}).get("200", {})]
    return [pair for it in holders for pair in resolved(tree, it).get("content", {}).items() if "schema" in pair[1]]


def _values(tree: Any, shown: Any) -> list[Any]:
    single = [shown["example"]] if "example" in shown else []
    return single + [resolved(tree, it)["value"] for it in shown.get("examples", {}).values()]


@pytest.mark.parametrize(
    ("name", "scenario"),
    [
        *((name, scenario) for name in PROVIDER_API for scenario in shipped("ecf")),
        *(("rect-v3", scenario) for scenario in shipped("rect")),
    ],
)
def test_each_example_succeeds_in_every_scenario_or_it_is_said_that_nobody_fits(name, scenario):
    send = sender(a_world(scenario))
    tree, token = served(send, name), token_of(send)
    sound = [it for it in requests(tree) if it.operation not in nobody_fits(tree)]

    told = {it.label: outcome(send, it, token, f"w{n}") for n, it in enumerate(sound)}

    assert len(told) > 10
    assert {label: it for label, it in told.items() if it[0] != 200} == {}


class TestADocument:
    @pytest.mark.parametrize("name", [*EVERY_API, "control"])
    def test_differs_from_its_file_in_address_and_examples_only(self, name):
        tree = served(sender(a_world(service=service_of(name))), name)
        written = json.loads(json.dumps(DOCUMENTS[name].tree, default=str))

        assert without_examples({**tree, "servers": []}) == without_examples({**written, "servers": []})

    @pytest.mark.parametrize("name", PROVIDER_API)
    def test_names_nothing_that_the_world_has_not(self, name):
        world = a_world()
        there = set(world.service.names(world.state.records).values())
        for table in ("declarations", "statements", "partnerships", "training_records", "users", "id_changes"):
            there |= {getattr(it, "id", None) or it.user_id for it in getattr(world.state.records, table)}
        tree = served(sender(world), name)
        headers = json.dumps(tree["components"]["headers"])

        shown = {it for request in requests(tree) for it in UUID.findall(f"{request.target} {request.body!r}")}

        assert len(shown) > 5
        assert shown <= there
        assert {it for it in UUID.findall(json.dumps(tree)) if it not in headers} & _static(name) == set()

    @pytest.mark.parametrize("name", PROVIDER_API)
    def test_is_one_providers_throughout(self, name):
        send = sender(a_world())

        ambition = served(send, name, ("Authorization", "Bearer ambition-token"))
        other = served(send, name, ("Authorization", "Bearer teach-first-token"))

        assert ambition != other
        sound = [it for it in requests(other) if it.operation not in nobody_fits(other)]
        told = {it.label: outcome(send, it, "teach-first-token", f"w{n}")[0] for n, it in enumerate(sound)}
        assert len(told) > 20
        assert set(told.values()) == {200}

    def test_is_for_the_moment_of_the_world(self):
        world = a_world("evidence-from-2025")

        tree = served(sender(world), "v3")

        assert tree["components"]["parameters"]["ServerDate"]["example"] == "2026-05-04T09:00:00Z"

    @pytest.mark.parametrize("header", [("X-Sandbox-World", "mine"), ("Authorization", "Bearer ambition-token~mine")])
    def test_is_for_the_world_that_is_asked_for(self, header):
        send = sender(a_world())
        plain = served(send, "v3")
        path = "/api/v3/participant-declarations"
        body = json.dumps(plain["components"]["examples"]["StartedRequest"]["value"]).encode()
        mine = [("Authorization", "Bearer ambition-token~mine"), ("Content-Type", "application/json")]
        assert send("POST", path, mine, body).status == 200

        assert served(send, "v3", header)["components"]["examples"] != plain["components"]["examples"]
        assert served(send, "v3")["components"]["examples"] == plain["components"]["examples"]

    def test_makes_no_world_and_is_for_the_one_that_its_first_use_would_make(self):
        worlds = Worlds(a_world(STANDING_STILL))
        send = InProcess(create_app(worlds).wsgi_app)
        plain = served(send, "v3")

        assert served(send, "v3", ("X-Sandbox-World", "mine"))["components"] == plain["components"]
        assert served(send, "control", ("X-Sandbox-World", "mine")) != served(send, "control")
        assert worlds.names() == ["main"]

    @pytest.mark.parametrize("header", [("X-Sandbox-World", "no name!"), ("X-Sandbox-World", "mine, yours")])
    def test_is_for_main_where_what_is_asked_for_is_no_world(self, header):
        send = sender(a_world(STANDING_STILL))

        assert served(send, "control", header) == served(send, "control")

    def test_says_where_nobody_fits_and_keeps_the_rest_sound(self):
        send = sender(a_world("evidence-from-2025"))
        tree, token = served(send, "v3"), token_of(sender(a_world("evidence-from-2025")))
        nobody = nobody_fits(tree)
        sound = [it for it in requests(tree) if it.operation not in nobody]

        told = {it.label: outcome(send, it, token, f"w{n}")[0] for n, it in enumerate(sound)}

        assert "showTransfers" in nobody
        assert set(told.values()) == {200}

    def test_of_the_control_plane_names_what_the_world_has(self):
        world = a_world()
        world.snapshots["yesterday"] = world.snapshot()

        text = json.dumps(served(sender(world), "control"))

        assert '"yesterday"' in text
        assert f'"{SNAPSHOT}"' not in text
        assert f'"{FAULT}"' in text
        assert f'"{SECOND}"' in text


def _static(name: str) -> set[str]:
    """The ids in the requests and successes of the file, which are nobody's."""
    tree = DOCUMENTS[name].tree
    return {it for request in requests(tree) for it in UUID.findall(f"{request.target} {request.body!r}")}
