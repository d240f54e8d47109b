"""What the sandbox hands out names the address at which it was asked, so that what is made of it works at once."""

from __future__ import annotations

import json
import time

import pytest
import yaml

from ecf_sandbox.app import create_app
from ecf_sandbox.files import folder
from ecf_sandbox.state.faults import Fault
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess
from tests.api.asking import BEARER, Asker, a_world
from tests.served import invoke, standing
from tests.web.documented import without_examples

pytestmark = pytest.mark.slow

NAMES = sorted(it.stem for it in folder("openapi").glob("*.yaml"))
SCHOOLS = "/api/v3/schools/ecf"  # which is refused without a cohort; with one it passes
EXPLAIN = "/_sandbox/worlds/main/journal/1/explain?format=text"


@pytest.fixture(scope="module")
def server():
    with standing("2026-10-12T09:00:00Z") as it:
        it.send("GET", SCHOOLS, [("Authorization", f"Bearer {it.token}")])
        yield it


@pytest.fixture
def ask() -> Asker:
    return Asker()


def servers(ask, name: str, host: str) -> list[str]:
    """The servers that a document names, read as YAML and as JSON."""
    as_yaml = ask(f"/_sandbox/openapi/{name}.yaml", ("Host", host), token=False).body
    as_json = ask(f"/_sandbox/openapi/{name}.json", ("Host", host), token=False).body
    return [it["url"] for tree in (yaml.safe_load(as_yaml), json.loads(as_json)) for it in tree["servers"]]


@pytest.mark.parametrize("name", NAMES)
class TestADocument:
    def test_names_the_server_that_it_came_from(self, server, name):
        as_json = json.loads(server.send("GET", f"/_sandbox/openapi/{name}.json").body)
        as_yaml = yaml.safe_load(server.send("GET", f"/_sandbox/openapi/{name}.yaml").body)

        assert [it["url"] for it in as_json["servers"]] == [server.url]
        assert as_yaml == as_json

    @pytest.mark.parametrize("host", ["localhost:9", "[::1]:8123", "sandbox.internal", "my_box:8000"])
    def test_names_the_host_as_it_was_asked(self, ask, name, host):
        assert servers(ask, name, host) == [f"http://{host}"] * 2

    @pytest.mark.parametrize("host", ['x"', "x y", "x/y", "a:b:c", "é", ""])
    def test_repeats_nothing_that_is_no_host(self, ask, name, host):
        assert servers(ask, name, host) == ["/"] * 2

    def test_says_the_rest_as_it_was_written(self, ask, name):
        served = yaml.safe_load(ask(f"/_sandbox/openapi/{name}.yaml", ("Host", "x:1"), token=False).body)
        written = yaml.safe_load((folder("openapi") / f"{name}.yaml").read_text(encoding="utf-8"))

        assert without_examples({**served, "servers": []}) == without_examples({**written, "servers": []})
        assert list(served) == list(written)


def test_a_document_names_scheme_and_prefix(ask):
    app = create_app(Worlds(a_world()))
    below = {"SCRIPT_NAME": "/ecf", "wsgi.url_scheme": "https"}
    send = InProcess(lambda environ, start: app.wsgi_app(environ | below, start))

    (named,) = json.loads(send("GET", "/_sandbox/openapi/v3.json", [("Host", "x")]).body)["servers"]

    assert named["url"] == "https://x/ecf"


def test_the_commands_of_an_explanation_are_for_the_address_that_was_asked(server):
    assert f"{server.url}{SCHOOLS}?" in server.send("GET", EXPLAIN).body.decode()


def test_the_commands_of_an_explanation_are_for_the_address_that_is_given(server):
    told = server.send("GET", f"{EXPLAIN}&origin=http://elsewhere:1").body.decode()

    assert f"http://elsewhere:1{SCHOOLS}?" in told
    assert server.url not in told


def test_the_commands_of_a_dry_run_are_for_the_address_that_was_asked(server):
    token = {"Authorization": f"Bearer {server.token}"}
    asked = {"method": "GET", "target": SCHOOLS, "headers": token, "format": "text"}

    told = server.send("POST", "/_sandbox/worlds/main/explain", (), json.dumps(asked).encode()).body.decode()

    assert f"{server.url}{SCHOOLS}?" in told


def test_the_command_explains_with_the_address_that_it_asks(server):
    assert (
        f"{server.url}{SCHOOLS}?" in invoke("journal", "explain", "1", "--url", server.url, "--format", "text").stdout
    )


class TestAHarArchive:
    def entries(self, send) -> list[dict]:
        return json.loads(send("GET", "/_sandbox/worlds/main/journal/export?format=har").body)["log"]["entries"]

    def test_has_the_addresses_that_were_asked(self, server):
        (entry,) = self.entries(server.send)

        assert entry["request"]["url"] == f"{server.url}{SCHOOLS}"

    def test_has_the_host_that_each_request_named(self, ask):
        ask("/api/v3/statements?filter[cohort]=2024", ("Host", "localhost:4000"))
        ask("/api/v3/statements")

        assert [it["request"]["url"] for it in self.entries(InProcess(ask.flask.wsgi_app))] == [
            "http://localhost:4000/api/v3/statements?filter[cohort]=2024",
            "http://127.0.0.1:8000/api/v3/statements",
        ]

    def test_has_the_path_as_it_is_sent(self, ask):
        ask("/api/v3/participants/ecf/é")

        assert self.entries(InProcess(ask.flask.wsgi_app))[0]["request"]["url"].endswith("/participants/ecf/%C3%A9")

    def test_says_how_long_an_answer_took(self, ask):
        ask.world.faults.set(Fault(id="", latency=0.05))
        begun = time.perf_counter()
        ask.send.send("GET", "/api/v3/statements", [BEARER])
        most = (time.perf_counter() - begun) * 1000

        (entry,) = self.entries(InProcess(ask.flask.wsgi_app))
        assert 50 <= entry["time"] <= most
        assert sum(entry["timings"].values()) == entry["time"]
