"""The OpenAPI documents and the pages that show them, over HTTP; nothing on a page comes from elsewhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
import yaml

from ecf_sandbox.app import create_app
from ecf_sandbox.ecf.service import SERVICE as ECF
from ecf_sandbox.files import folder
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.world import State, World
from ecf_sandbox.state.worlds import Worlds
from ecf_sandbox.transport import InProcess
from tests.api.asking import Asker, a_world

NAMES = sorted(it.stem for it in folder("openapi").glob("*.yaml"))
ASSET = re.compile(r'(?:src|href)="(/docs/assets/[^"]+)"')


@pytest.fixture
def ask() -> Asker:
    return Asker()


@pytest.mark.parametrize("name", NAMES)
class TestADocument:
    def test_is_served_as_yaml_and_says_the_same_as_json(self, ask, name):
        as_yaml, as_json = (ask(f"/_sandbox/openapi/{name}.{it}", token=False) for it in ("yaml", "json"))

        assert (as_yaml.status, as_yaml.headers["content-type"]) == (200, "application/yaml")
        assert (as_json.status, as_json.headers["content-type"]) == (200, "application/json")
        assert yaml.safe_load(as_yaml.body) == json.loads(as_json.body)

    def test_has_a_page_that_shows_it(self, ask, name):
        page = ask(f"/docs/{name}", token=False)

        assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert f'data-document="/_sandbox/openapi/{name}.json"' in page.body.decode()


def test_a_document_of_another_service_stands_beside_those_of_the_main_worlds(ask):
    story = load_scenario("rect-default", seed="sandbox")
    there = InProcess(create_app(Worlds(world_of(story))).wsgi_app)
    titles = [
        re.findall(r'href="/docs/([^"]+)"[^>]*>([^<]+)<', it.decode())
        for it in (
            ask("/docs", token=False).body,
            there("GET", "/docs", [], None).body,
        )
    ]

    assert ("rect-v3", "RECT version 3") in titles[0]
    assert ("v3", "Version 3") in titles[1]
    assert ("ecf-v1", "ECF version 1") in titles[1]


class TestADocumentOfAnotherService:
    def test_is_tried_in_the_first_world_that_is_of_it(self):
        worlds = Worlds(world_of(load_scenario("default", seed="sandbox")))
        worlds.add(world_of(load_scenario("rect-default", seed="sandbox"), name="today"))

        page = InProcess(create_app(worlds).wsgi_app)("GET", "/docs/rect-v3", [], None).body.decode()

        assert re.findall(r'<input name="world" value="([^"]*)"', page) == ["today"]
        assert re.findall(r'<option value="([^"]+)">', page) == list(worlds.get("today").tokens)
        assert "No world is of this service" not in page

    def test_says_how_to_make_a_world_of_it_where_there_is_none(self):
        worlds = Worlds(world_of(load_scenario("default", seed="sandbox")))

        page = InProcess(create_app(worlds).wsgi_app)("GET", "/docs/rect-v3", [], None).body.decode()

        assert "ecf-sandbox world create today --service rect" in page
        assert re.findall(r'<option value="([^"]+)">', page) == []


class TestAPage:
    def test_shows_the_newest_version_first(self, ask):
        assert b"/_sandbox/openapi/v3.json" in ask("/docs", token=False).body

    def test_finds_all_that_it_needs_here(self, ask):
        page = ask("/docs", token=False)
        needed = ASSET.findall(page.body.decode())

        assert len(needed) == 5
        assert [it for it in needed if ask(it, token=False).status != 200] == []
        assert b"//" not in re.sub(rb"(?:src|href)=\"/[^/]", b"", page.body)
        assert "default-src 'self'" in page.headers["content-security-policy"]

    def test_offers_the_tokens_of_providers_only(self, ask):
        page = ask("/docs", token=False).body.decode()

        assert re.findall(r'<option value="([^"]+)">(\w+)', page) == [("alpha-token", "alpha"), ("beta-token", "beta")]

    def test_has_a_token_filled_in(self, ask):
        page = ask("/docs", token=False).body.decode()

        assert re.findall(r'<input name="token"[^>]* value="([^"]*)"', page) == ["alpha-token"]

    def test_takes_names_for_text(self):
        records = a_world().state.records
        odd = replace(records.providers["alpha"], name='<script>"')
        ask = Asker(World("main", State(records=records.save(odd)), service=ECF))

        assert b'<option value="alpha-token">&lt;script&gt;&quot;</option>' in ask("/docs", token=False).body

    def test_below_a_prefix_leads_there(self):
        app = create_app(Worlds(a_world()))
        send = InProcess(lambda environ, start: app.wsgi_app(environ | {"SCRIPT_NAME": "/ecf"}, start))

        page = send("GET", "/docs").body.decode()

        assert 'href="/ecf/docs/v1"' in page
        assert 'src="/ecf/docs/assets/docs.js"' in page


@pytest.mark.parametrize(
    "target",
    ["/docs/v4", "/docs/assets/nothing.js", "/docs/assets/..%2Fpages.py", "/docs/assets/pages.py", "/docs/v3/x"],
)
def test_what_is_not_there_is_not_found(ask, target):
    assert ask(target, token=False).status == 404


@pytest.mark.slow
def test_an_application_that_shows_no_page_has_nothing_loaded_for_it():
    code = "import sys; import ecf_sandbox.app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert not {"ecf_sandbox.web", "ecf_sandbox.tools.contract", "flask_swagger_ui", "jsonschema_rs", "yaml"} & set(
        loaded
    )
