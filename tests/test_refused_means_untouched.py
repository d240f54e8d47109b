"""Whatever a provider sends: a request that is refused, or that crashes half way, leaves the very same state."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecf_sandbox.ecf.versions import VERSIONS
from ecf_sandbox.state.record import replace
from tests.effort import examples
from tests.guidance.conftest import Client, declaration

CLIENT = Client()
PEOPLE = ["Jane Smith", "Eva Lindgren", "Ines Moreau", "Mei Lin", "Priya Raman", "Alice Novak"]

values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3000),
    st.text(max_size=4),
    st.lists(st.integers(), max_size=2),
    st.sampled_from(
        [
            "ecf-induction",
            "ecf-mentor",
            "started",
            "retained-1",
            "other",
            "career-break",
            "ecf-standard-january",
            "ecf-extended-april",
            "2025-10-06T10:00:00Z",
            "2030-01-01T00:00:00Z",
            "2024",
            "2025",
            *(CLIENT.id(f"people.{name}") for name in PEOPLE),
            CLIENT.id("schools.Willowdene School"),
            CLIENT.id("delivery_partners.Harbour Learning Partnership"),
        ]
    ),
)
names = st.sampled_from(
    [
        "participant_id",
        "declaration_type",
        "declaration_date",
        "course_identifier",
        "evidence_held",
        "reason",
        "schedule_identifier",
        "cohort",
        "school_id",
        "delivery_partner_id",
    ]
)
bodies = st.one_of(st.dictionaries(names, values, max_size=6).map(lambda it: {"data": {"attributes": it}}), values)


def paths() -> list[tuple[str, str]]:
    people = [CLIENT.id(f"people.{name}") for name in PEOPLE]
    declared = CLIENT.id("declarations.Mei Lin.started")
    found = [("POST", "/api/v3/partnerships/ecf")]
    found.append(
        ("PUT", f"/api/v3/partnerships/ecf/{CLIENT.id('partnerships.Oakfield Academy.2025.Ambition Institute')}")
    )
    for version in (1, 2, 3):
        found.append(("POST", f"/api/v{version}/participant-declarations"))
        found += [("PUT", f"/api/v{version}/participant-declarations/{id}/void") for id in (declared, people[0])]
        for action in ("defer", "resume", "withdraw", "change-schedule"):
            found += [("PUT", f"/api/v{version}/participants/ecf/{id}/{action}") for id in (*people, "nobody")]
    return found


@settings(max_examples=examples(300))
@given(path=st.sampled_from(paths()), body=bodies)
def test_a_refused_request_leaves_the_very_same_state(path, body):
    CLIENT.world.reset()
    before = CLIENT.world.state

    reply, _ = CLIENT(*path, body)

    assert reply.status == 200 or 400 <= reply.status < 500
    if reply.status != 200:
        assert CLIENT.world.state is before


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_request_that_crashes_after_writing_leaves_the_very_same_state(monkeypatch, caplog, version):
    client = Client(judged=False)
    before = client.world.state

    def crash(*_arguments):
        raise RuntimeError("half way")

    monkeypatch.setitem(VERSIONS, version, replace(VERSIONS[version], declaration=crash))
    body = declaration(client, "Jane Smith", "started", "2025-10-06T10:00:00Z")
    reply, _ = client("POST", f"/api/v{version}/participant-declarations", body)

    assert (reply.status, json.loads(reply.body)) == (500, {"error": "Internal server error"})
    assert client.world.state is before
    assert "half way" in caplog.text
