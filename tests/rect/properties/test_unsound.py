"""An unsound request is refused by the rule that it names and no other, in a world in which that can be."""

from __future__ import annotations

import pytest

from ecf_sandbox.rect.properties.requests import sound
from ecf_sandbox.rect.properties.unsound import BREAKS, rules_of, unsound
from ecf_sandbox.rect.rules.catalogue import RULEBOOKS
from ecf_sandbox.state.properties import Seeded
from ecf_sandbox.testing.settings import Setting
from tests.rect.properties.placed import CLIENT, NOW, a_world, pool

pytestmark = pytest.mark.slow
SEEDS = 6
SEEDS_OF = {"schedule.orphans-declarations": 60}  # one person among sixty can break it, and some are looked at
# What cannot be broken alone by a client's request.
NEVER_ALONE = {
    "declaration.date-not-comparable",  # its answer is a 400, which names no rule
    "schedule.not-in-cohort",  # each cohort has all twelve
}
GRETA, HANNAH = "Greta Pike", "Hannah Boyle"


def sends(write):
    """The client sends something sound."""

    def prepare(it):
        request = sound(it.world, CLIENT, write, Seeded(write))
        assert it.client.request(request.method, request.target, request.body).status == 200

    return prepare


def voids(person):
    """The client voids that somebody started."""

    def prepare(it):
        id = it.declarations[f"{person}.started"]
        assert it.client.put(f"/api/v3/participant-declarations/{id}/void").status == 200

    return prepare


def changes_schedule_and_declares(it):
    person = it.people[HANNAH]
    told = {"course_identifier": "ecf-induction", "schedule_identifier": "ecf-extended-september"}
    path = f"/api/v3/participants/{person}/change-schedule"
    assert it.client.put(path, {"data": {"attributes": told}}).status == 200
    told = {
        "participant_id": person,
        "declaration_type": "retained-1",
        "evidence_held": "other",
        "course_identifier": "ecf-induction",
        "declaration_date": "2026-02-10T12:00:00Z",
    }
    assert it.client.post("/api/v3/participant-declarations", {"data": {"attributes": told}}).status == 200


def changes_provider_of_who_is_deferred(it):
    it.event("change_lead_provider", participant_id=it.people[GRETA], lead_provider="Teach First")


def leaves_while_deferred(it):
    it.event("ect_leaves", participant_id=it.people[GRETA], finished_on="2026-05-11")


def moves_to_another_provider_in_summer(it):
    it.event(
        "register_ect",
        trn="1500002",
        first_name="Hannah",
        last_name="Boyle",
        email="hannah@birchwood.example.com",
        school_id=it.schools["Birchwood High School"],
        started_on="2026-07-01",
        lead_provider="Teach First",
    )


def withdraws_ahead(it):
    person = it.people[HANNAH]
    told = {"course_identifier": "ecf-induction", "reason": "other"}
    path = f"/api/v3/participants/{person}/withdraw"
    assert it.client.put(path, {"data": {"attributes": told}}, at="2026-06-20T09:00:00Z").status == 200


# What has to happen first, where nobody in the default world is in such a situation.
FIRST = {
    "declaration.cohort-frozen": lambda it: it.event("freeze_contract_period", year=2025),
    "voiding.already-voided": voids("Idris Cole"),  # who was never eligible, so it was not paid
    "voiding.already-refunded": voids(HANNAH),
    "participant.begun-today": sends("changeParticipantSchedule"),
    "participant.stopped-today": sends("deferParticipant"),
    "participant.trains-elsewhere": changes_provider_of_who_is_deferred,
    "participant.no-longer-at-school": leaves_while_deferred,
    "schedule.orphans-declarations": changes_schedule_and_declares,
    "schedule.withdrawn": withdraws_ahead,
    "schedule.joins-another-later": moves_to_another_provider_in_summer,
}

# When the cohort of 2023 has no statement left: at the present of the default scenario each has one.
IN_WINTER = "2026-12-01T09:00:00Z"
MOMENTS = {"declaration.cohort-closed": IN_WINTER, "voiding.cohort-closed": IN_WINTER}


def test_it_is_known_of_every_rule_whether_a_client_can_break_it_alone():
    assert {*BREAKS} | NEVER_ALONE == {it.id for book in RULEBOOKS for it in book.rules}


def test_every_rule_belongs_to_a_write():
    assert {it for write in WRITES_WITH_RULES for it in rules_of(write)} == {*BREAKS}


WRITES_WITH_RULES = (
    *("createDeclaration", "voidDeclaration", "confirmPartnership", "updatePartnership"),
    *("deferParticipant", "withdrawParticipant", "resumeParticipant", "changeParticipantSchedule"),
)


@pytest.mark.parametrize("rule", BREAKS)
def test_an_unsound_request_is_refused_by_its_rule_and_no_other(rule):
    it = pool().world("drawn", Setting(now=MOMENTS.get(rule, NOW), service="rect"))
    FIRST.get(rule, lambda _: None)(it)
    before, found = it.world.state, []

    for provider in it.tokens:
        for seed in range(SEEDS_OF.get(rule, SEEDS)):
            drawn = unsound(it.world, provider, rule, Seeded(f"{rule} {seed}"))
            if drawn is not None:
                request = drawn.request
                answer = it.client.request(request.method, request.target, request.body, provider=provider)
                assert (answer.status, {*answer.rules}) == (422, {rule, *drawn.beside}), (request, answer)
                assert request.operation in {write for write in WRITES_WITH_RULES if rule in rules_of(write)}
                found.append(request)

    assert found
    assert it.world.state.records is before.records


def test_another_rule_is_unknown():
    with pytest.raises(KeyError):
        unsound(a_world().world, CLIENT, "declaration.nonsense", Seeded("x"))
