"""The default scenario: sound, and with everything that somebody may want to look at."""

import json
import re
from datetime import UTC, datetime

import pytest

from ecf_sandbox.app import create_app
from ecf_sandbox.ecf.domain.declarations import DeclarationState
from ecf_sandbox.ecf.domain.participants import EligibilityStatus
from ecf_sandbox.ecf.domain.schools import ChallengeReason, ProgrammeChoice
from ecf_sandbox.ecf.editions import GUIDANCE, LIVE
from ecf_sandbox.ecf.service import SERVICE as ECF
from ecf_sandbox.files import folder
from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.yaml_reader import parse
from ecf_sandbox.state.clock import frozen
from ecf_sandbox.state.world import State as Beginning
from ecf_sandbox.state.world import World
from ecf_sandbox.state.worlds import MAIN, Worlds
from tests.scenario.soundness import complaints

SCENARIO = load_scenario("default", seed="s")
RECORDS = SCENARIO.records()
FILE = parse((folder("scenarios") / "default.yaml").read_text(encoding="utf-8"), "default.yaml")
PROVIDERS = {it.name: it.id for it in RECORDS.providers}
SCHOOLS = {it.name: it for it in RECORDS.schools}
TODAY = datetime(2026, 11, 24, 9, tzinfo=UTC)


def ask(path, *, edition=LIVE, at=TODAY, token="ambition-token"):
    world = World(MAIN, Beginning(records=RECORDS, clock=frozen(at)), edition=edition, service=ECF)
    answer = create_app(Worlds(world)).test_client().get(path, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.data
    return json.loads(answer.data)["data"]


class TestSoundness:
    def test_everything_could_have_come_about(self):
        assert not list(complaints(RECORDS, SCENARIO.as_of))

    def test_everybody_has_a_story(self):
        assert not [it["name"] for it in FILE["people"] if not it.get("story")]

    def test_every_declaration_says_its_state(self):
        declared = [
            entry
            for person in FILE["people"]
            for type in ("ect", "mentor")
            for entry in person.get(type, {}).get("declarations", ())
        ]

        assert not [it for it in declared if "state" not in it]


class TestProviders:
    def test_are_three_with_tokens_that_are_easily_typed(self):
        assert len(SCENARIO.tokens) == len(PROVIDERS) == 3
        assert all(re.fullmatch(r"[a-z-]+", it) for it in SCENARIO.tokens)

    def test_delivery_partners_differ_in_their_cohorts_and_providers(self):
        works = {it.id: set() for it in RECORDS.delivery_partners if it.discarded_at is None}
        for it in RECORDS.provider_relationships:
            works.get(it.delivery_partner_id, set()).add((it.provider_id, it.cohort))
        providers = {id: {provider for provider, _ in it} for id, it in works.items()}

        assert len(works) >= 6
        assert any(len(it) == 2 for it in providers.values()), "one is shared"
        assert any(not it for it in works.values()), "one works with nobody"
        assert any(it and max(cohort for _, cohort in it) == 2021 for it in works.values()), "one only did long ago"


class TestSchools:
    def test_are_unpartnered_with_every_choice(self):
        partnered = {it.school_id for it in RECORDS.partnerships if it.cohort == 2025}
        choices = {it.choice for it in RECORDS.school_cohorts if it.cohort == 2025 and it.school_id not in partnered}

        assert choices >= set(ProgrammeChoice) - {ProgrammeChoice.SCHOOL_FUNDED_FIP}

    def test_are_challenged_for_every_reason(self):
        assert {it.challenge_reason for it in RECORDS.partnerships if it.challenged} == set(ChallengeReason)

    def test_one_was_partnered_last_year_only(self):
        years = {it.cohort for it in RECORDS.partnerships.by("school_id", SCHOOLS["Hawthorn College"].id)}

        assert years == {2024}

    def test_one_has_a_relationship_only(self):
        (only,) = RECORDS.partnerships.by("school_id", SCHOOLS["Fairview Grammar School"].id)

        assert only.relationship

    @pytest.mark.parametrize(
        ("name", "facts"),
        [
            pytest.param("Old Mill School", {"open": False, "eligible": False}, id="closed"),
            pytest.param("Larch House School", {"cip_only_type": True, "eligible": False}, id="CIP only"),
            pytest.param("Ysgol y Bryn", {"in_england": False, "eligible": False}, id="Welsh"),
            pytest.param("Rowan House School", {"section_41_approved": True, "eligible": True}, id="section 41"),
            pytest.param("Willowdene School", {"open": True, "eligible": True}, id="to be confirmed"),
        ],
    )
    def test_are_eligible_or_not_in_every_way(self, name, facts):
        assert {it: getattr(SCHOOLS[name], it) for it in facts} == facts

    def test_no_provider_has_two_partnerships_with_a_school_for_a_cohort(self):
        keys = [(it.school_id, it.provider_id, it.cohort) for it in RECORDS.partnerships if not it.relationship]

        assert len(keys) == len(set(keys))


class TestPeople:
    def test_are_forty_or_more(self):
        assert len(FILE["people"]) >= 40

    def test_have_every_eligibility(self):
        assert {it.status for it in RECORDS.eligibilities} == set(EligibilityStatus)
        assert len({it.reason for it in RECORDS.eligibilities}) == 9
        assert len(RECORDS.eligibilities) < len(RECORDS.training_records), "somebody has not been validated"

    def test_have_declarations_in_every_state(self):
        assert {it.state for it in RECORDS.declarations} == set(DeclarationState)

    def test_nobody_is_their_own_mentor(self):
        identities = {it.id: it.identity_id for it in RECORDS.training_records}

        assert not [it.id for it in RECORDS.training_records if identities.get(it.mentor_record_id) == it.identity_id]

    def test_have_addresses_of_their_own(self):
        addresses = [it.email for it in RECORDS.identities]

        assert len(addresses) == len(set(addresses))

    @pytest.mark.parametrize("at", [SCENARIO.as_of, TODAY, datetime(2027, 6, 1, tzinfo=UTC)], ids=str)
    def test_show_every_training_and_participant_status_for_a_long_time(self, at):
        shown = [
            it for person in ask("/api/v3/participants/ecf", at=at) for it in person["attributes"]["ecf_enrolments"]
        ]

        assert {it["training_status"] for it in shown} == {"active", "deferred", "withdrawn"}
        assert {it["participant_status"] for it in shown} == {"active", "joining", "leaving", "left", "withdrawn"}

    def test_are_active_in_the_cohort_of_2025(self):
        shown = ask("/api/v3/participants/ecf?filter[cohort]=2025", edition=GUIDANCE)
        enrolments = [it for person in shown for it in person["attributes"]["ecf_enrolments"]]

        assert sum(it["participant_status"] == "active" for it in enrolments) >= 20

    def test_are_hidden_by_the_guidance_until_they_are_validated(self):
        names = [
            {it["attributes"]["full_name"] for it in ask("/api/v3/participants/ecf", edition=edition)}
            for edition in (LIVE, GUIDANCE)
        ]

        assert names[0] - names[1] == {"Ines Moreau", "Samuel Reyes"}

    def test_are_hidden_by_a_challenge(self):
        assert "Victor Hale" not in {it["attributes"]["full_name"] for it in ask("/api/v3/participants/ecf")}

    def test_have_retired_ids_and_two_enrolments(self):
        shown = {it["attributes"]["full_name"]: it["attributes"] for it in ask("/api/v3/participants/ecf")}

        assert shown["Sunita Rao"]["participant_id_changes"]
        assert len(shown["Priya Raman"]["ecf_enrolments"]) == 2

    def test_transfer_in_every_way(self):
        shown = ask("/api/v3/participants/ecf/transfers")
        transfers = [it for person in shown for it in person["attributes"]["transfers"]]

        assert {it["transfer_type"] for it in transfers} == {"new_school", "new_provider", "unknown"}
        assert {it["status"] for it in transfers} == {"complete", "incomplete"}

    def test_one_is_mentored_by_an_unfunded_mentor(self):
        assert [it["attributes"]["full_name"] for it in ask("/api/v3/unfunded-mentors/ecf")] == ["Ruth Kaplan"]

    def test_one_was_moved_out_of_a_frozen_cohort(self):
        moved = [it for it in RECORDS.training_records if it.cohort_changed_after_payments_frozen]

        assert [RECORDS.schedules[it.schedule_id].cohort for it in moved] == [2024]


class TestProviderSees:
    def test_a_list_of_everything(self):
        paths = (
            "/api/v3/participants/ecf",
            "/api/v3/participant-declarations",
            "/api/v3/partnerships/ecf",
            "/api/v3/schools/ecf?filter[cohort]=2025",
            "/api/v3/delivery-partners",
            "/api/v3/statements",
        )

        for token in SCENARIO.tokens:
            for path in paths:
                assert ask(path, token=token), path
