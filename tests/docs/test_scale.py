"""Several processes behind nginx, as the page on scale says: every world stays whole."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ecf_sandbox.transport import OverHttp
from tests.bench.scale import CONFIGURATION, PROCESSES, WORLDS, behind_nginx
from tests.bench.services import TOKEN
from tests.docs.pages import ROOT
from tests.examples.folders import needs

pytestmark = pytest.mark.slow

DECLARATIONS = "/api/v3/participant-declarations"
JSON = ("Content-Type", "application/json")
NAMES = [f"team-{n % 7}.job_{n}" for n in range(WORLDS)]


@pytest.fixture(scope="module")
def scaled():
    if not Path("/usr/sbin/nginx").exists():
        needs("nginx")
    with behind_nginx() as (url, processes):
        yield OverHttp(url), [OverHttp(it) for it in processes]


def by_token(world):
    return [("Authorization", f"Bearer {TOKEN}~{world}")]


def by_header(world):
    return [("Authorization", f"Bearer {TOKEN}"), ("X-Sandbox-World", world)]


def listed(reply):
    return json.loads(reply.body)["data"]


def test_every_world_has_what_was_written_in_it_and_nothing_else(scaled):
    send, processes = scaled
    people = [it["id"] for it in listed(send("GET", "/api/v3/participants/ecf?page[per_page]=50", by_token("main")))]

    def use(n):
        """Declare for somebody, by the token or the header, and go on by the other; what the world has to show."""
        name, ways = NAMES[n], (by_token, by_header)
        first, second = ways[n % 2], ways[1 - n % 2]
        attributes = {
            "participant_id": people[n % len(people)],
            "declaration_type": "started",
            "declaration_date": "2025-10-01T00:00:00Z",
            "course_identifier": "ecf-induction",
        }
        body = json.dumps({"data": {"type": "participant-declaration", "attributes": attributes}}).encode()
        made = send("POST", DECLARATIONS, [*first(name), JSON], body)
        path = f"{DECLARATIONS}?filter[participant_id]={attributes['participant_id']}"
        seen = [{it["id"] for it in listed(send("GET", path, way(name)))} for way in (second, first)]
        journal = json.loads(send("GET", f"/_sandbox/worlds/{name}/journal").body)["exchanges"]
        page = send("GET", f"/ui/worlds/{name}").status
        return made, seen, [it["method"] for it in journal], page

    with ThreadPoolExecutor(16) as pool:
        used = list(pool.map(use, range(WORLDS)))

    assert {page for *_, page in used} == {200}
    assert all(methods == ["POST", "GET", "GET"] for _, _, methods, _ in used)
    assert all(one == other for _, (one, other), _, _ in used)
    for made, (seen, _), _, _ in used:
        assert made.status in (200, 422)
        assert made.status == 422 or json.loads(made.body)["data"]["id"] in seen
    assert sum(made.status == 200 for made, *_ in used) > WORLDS / 10

    where = Counter(name for it in processes for name in json.loads(it("GET", "/_sandbox/worlds").body)["worlds"])
    assert {name: where[name] for name in NAMES} == dict.fromkeys(NAMES, 1)
    assert where["main"] == PROCESSES
    assert min(len(json.loads(it("GET", "/_sandbox/worlds").body)["worlds"]) for it in processes) > WORLDS / 20


def test_a_world_is_made_where_it_will_be_looked_for_if_the_header_names_it(scaled):
    send, _ = scaled

    for n in range(12):
        name = f"made-{n}"
        made = send("POST", "/_sandbox/worlds", [JSON, ("X-Sandbox-World", name)], json.dumps({"name": name}).encode())

        assert made.status == 201
        assert send("GET", f"/_sandbox/worlds/{name}").status == 200


def test_a_world_can_be_taken_to_another_name(scaled):
    send, _ = scaled
    exported = send("GET", "/_sandbox/worlds/main/export").body

    for n in range(6):
        assert send("POST", f"/_sandbox/worlds/taken-{n}/import", [JSON], exported).status in (200, 201)
        assert send("GET", "/api/v3/statements", by_token(f"taken-{n}")).status == 200


def test_the_page_quotes_the_configuration():
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    (quoted,) = page.split("```nginx\n")[1:]

    assert quoted.partition("```")[0] in CONFIGURATION.read_text(encoding="utf-8")
