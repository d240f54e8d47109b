"""What is offered in place of a refused request passes when it is sent, and the smallest change comes first."""

from __future__ import annotations

from functools import cache

import pytest

from ecf_sandbox.scenario import load_scenario
from ecf_sandbox.scenario.loading import headings
from ecf_sandbox.scenario.player import play_in
from ecf_sandbox.scenario.world import world_of
from ecf_sandbox.state.journal import Exchange
from ecf_sandbox.state.world import World
from ecf_sandbox.tools.explain.dry_run import Trial
from ecf_sandbox.tools.explain.explain import explain
from ecf_sandbox.tools.explain.explanation import Explanation
from tests.guidance.conftest import attributes, declaration
from tests.tools.explain.asking import DECLARATIONS, PARTNERSHIPS, Explained, given, rules, serve

STORIES = [it.name for it in headings() if it.steps]


@cache
def played(name: str) -> tuple[World, tuple[Exchange, ...]]:
    """A story's world after it was played, and the requests that were turned down."""
    story = load_scenario(name, seed="stories")
    world = world_of(story)
    list(play_in(world, story, serve(world)))
    return world, tuple(it for it in world.journal if it.status >= 400)


@cache
def explained(name: str) -> tuple[tuple[Exchange, Explanation], ...]:
    """Each request of a story that was turned down, with why."""
    world, refused = played(name)
    return tuple((it, explain(world, it, serve)) for it in refused)


@pytest.mark.parametrize("name", STORIES)
class TestEveryStory:
    @pytest.mark.slow
    def test_every_change_that_is_offered_passes_when_it_is_sent(self, name):
        world, _ = played(name)

        for exchange, explanation in explained(name):
            for it in explanation.suggestions:
                sent = Trial(world, exchange, serve).send(*it.first, it.request)
                assert (sent.status < 400) is it.passes, (exchange.number, it.words, sent.response_body)
                assert tuple(refusal.rule for refusal in sent.refusals) == it.still

    @pytest.mark.slow
    def test_explaining_changes_nothing(self, name):
        world, refused = played(name)
        before = (world.state, world.journal.count)

        for exchange in refused:
            explain(world, exchange, serve)

        assert (world.state, world.journal.count) == before

    def test_a_refusal_is_explained_by_the_rules_that_refused(self, name):
        for exchange, explanation in explained(name):
            if exchange.refusals:
                assert rules(explanation) == [it.rule for it in exchange.refusals]


class TestADeclaration:
    def test_too_early_is_dated_at_the_first_moment_of_its_milestone(self, client: Explained):
        first = client.declaring("Jane Smith", "started", "2025-05-31T23:59:59Z").suggestions[0]

        assert given(first.request)["declaration_date"] == "2025-06-01T00:00:00Z"

    def test_too_late_is_dated_in_the_last_moment_of_its_milestone(self, client: Explained):
        first = client.declaring("Jane Smith", "started", "2026-01-01T00:00:00Z").suggestions[0]

        assert given(first.request)["declaration_date"] == "2025-12-31T23:59:59Z"

    def test_written_wrongly_keeps_its_date_and_nothing_else_is_offered(self, client: Explained):
        (only,) = client.declaring("Jane Smith", "started", "2025-10-13").suggestions

        assert given(only.request)["declaration_date"] == "2025-10-13T00:00:00Z"

    def test_of_the_future_waits_until_its_moment(self, client: Explained):
        it = client.declaring("Amara Okafor", "retained-4", "2027-02-01T10:00:00Z", evidence_held="other")

        assert "2027-02-01T10:00:00Z" in {sent.request.headers.get("X-With-Server-Date") for sent in it.suggestions}

    def test_without_evidence_is_offered_what_counts_there(self, client: Explained):
        it = client.declaring("Amara Okafor", "retained-2", "2026-05-12T00:00:00Z", evidence_held="other")
        client.declaring("Amara Okafor", "retained-3", "2026-09-15T00:00:00Z")

        assert rules(it) == ["declaration.already-made"]
        assert "training-event-attended" in client.why().suggestions[0].words

    def test_made_already_is_voided_first(self, client: Explained):
        it = client.declaring("Chloe Dunn", "retained-3", "2026-10-06T00:00:00Z", evidence_held="other")
        (only,) = it.suggestions

        assert only.first[0].path.endswith(f"{client.id('declarations.Chloe Dunn.retained-3')}/void")

    def test_made_already_may_be_one_of_the_next_type(self, client: Explained):
        it = client.declaring("Amara Okafor", "retained-2", "2026-05-12T00:00:00Z", evidence_held="other")

        assert given(it.suggestions[0].request)["declaration_type"] == "retained-3"

    def test_for_somebody_withdrawn_is_dated_before_the_withdrawal(self, client: Explained):
        it = client.declaring("Eva Lindgren", "retained-1", "2026-02-15T00:00:00Z", evidence_held="other")

        assert "2026-01-26T15:29:59Z" in {given(sent.request)["declaration_date"] for sent in it.suggestions}

    def test_for_a_closed_cohort_moves_somebody_who_can_be_moved(self, client: Explained):
        first = client.declaring(
            "Carmen Silva", "retained-3", "2025-09-01T00:00:00Z", evidence_held="other"
        ).suggestions[0]

        assert first.first[0].path.endswith("/change-schedule")
        assert first.first[0].body["data"]["attributes"]["cohort"] == "2024"

    def test_for_a_closed_cohort_is_hopeless_where_nobody_can_be_moved(self, client: Explained):
        it = client.declaring("Lewis Tait", "retained-3", "2024-11-15T00:00:00Z", evidence_held="other")

        assert not it.suggestions
        assert "No small change was found" in (it.no_suggestion or "")
        assert "no open statement of 2023" in it.reasons[0]

    def test_with_the_training_record_id_gets_the_participant_id(self, client: Explained):
        body = attributes(
            "participant-declaration",
            participant_id=client.id("people.Jane Smith.ect"),
            declaration_type="started",
            declaration_date="2025-10-13T00:00:00Z",
            course_identifier="ecf-induction",
        )
        client("POST", "/api/v3/participant-declarations", body)
        (only,) = client.why().suggestions

        assert given(only.request)["participant_id"] == client.id("people.Jane Smith")
        assert "training record id of Jane Smith" in only.words

    def test_of_another_providers_participant_names_that_provider(self, client: Explained):
        it = client.declaring("Hugo Brandt", "started", "2025-10-13T00:00:00Z")

        assert "trained by Teach First, not by Ambition Institute" in it.reasons[1]


class TestAParticipantsAction:
    def test_a_withdrawal_without_a_start_declares_it_first(self, client: Explained):
        (only,) = client.acting("Jane Smith", "withdraw", reason="moved-school").suggestions

        assert given(only.first[0])["declaration_type"] == "started"

    def test_an_unknown_reason_gets_the_nearest_known_one(self, client: Explained):
        first = client.acting("Amara Okafor", "withdraw", reason="moved-schools").suggestions[0]

        assert given(first.request)["reason"] == "moved-school"

    def test_the_course_of_a_mentor_is_named(self, client: Explained):
        first = client.acting("Daniel Osei", "defer", reason="career-break").suggestions[0]

        assert given(first.request)["course_identifier"] == "ecf-mentor"

    def test_one_of_several_reasons_taken_away_is_said_to_be_no_more_than_that(self, client: Explained):
        it = client.acting("Jane Smith", "resume", reason="other")

        assert [sent.still for sent in it.suggestions] == [("resumption.already-active",)]
        assert it.no_suggestion

    def test_what_is_so_already_needs_nothing(self, client: Explained):
        it = client.acting("Jane Smith", "resume")

        assert it.reasons == ("The participant is in training already: nothing has to be sent.",)
        assert not it.suggestions


class TestAChangeOfSchedule:
    def test_a_misspelt_schedule_gets_the_nearest(self, client: Explained):
        first = client.acting("Jane Smith", "change-schedule", schedule_identifier="ecf-standard-januari").suggestions[
            0
        ]

        assert given(first.request)["schedule_identifier"] == "ecf-standard-january"

    def test_declarations_in_the_way_are_voided_first_or_another_schedule_is_named(self, client: Explained):
        it = client.acting("Chloe Dunn", "change-schedule", schedule_identifier="ecf-standard-january")

        assert rules(it) == ["schedule.invalidates-declarations"]
        assert any(sent.first for sent in it.suggestions)
        assert any(not sent.first for sent in it.suggestions)

    def test_a_type_without_a_milestone_there_is_told_though_the_answer_is_a_404(self, client: Explained):
        client.acting("Jane Smith", "change-schedule", schedule_identifier="ecf-extended-september")
        later = "2027-09-10T00:00:00Z"
        client.declaring("Jane Smith", "extended-1", "2027-09-01T10:00:00Z", at=later, evidence_held="other")
        it = client.acting("Jane Smith", "change-schedule", schedule_identifier="ecf-standard-september")

        assert it.status == 404
        assert "declarations that count (extended-1)" in it.reasons[0]
        assert it.suggestions[-1].first[0].path.endswith("/void")

    def test_of_another_providers_participant_names_that_provider_whatever_else_is_wrong(self, client: Explained):
        it = client.acting("Hugo Brandt", "change-schedule", schedule_identifier="")

        assert {"participant.not-linked", "schedule.missing"} < set(rules(it))
        assert "trained by Teach First, not by Ambition Institute" in it.reasons[1]


class TestAPartnership:
    def test_the_urn_and_the_name_are_replaced_by_ids(self, client: Explained):
        (only,) = client.confirming("2025", "105011", "Kestrel Teaching School Hub").suggestions

        assert given(only.request)["school_id"] == client.id("schools.Willowdene School")
        assert given(only.request)["delivery_partner_id"] == client.id("delivery_partners.Kestrel Teaching School Hub")

    def test_an_unrecognised_delivery_partner_gets_those_that_are(self, client: Explained):
        millrace = client.id("delivery_partners.Millrace Teaching Alliance")
        it = client.confirming("2025", client.id("schools.Willowdene School"), millrace)

        assert any("Kestrel Teaching School Hub" in sent.words for sent in it.suggestions)

    def test_a_challenged_one_is_confirmed_anew_rather_than_updated(self, client: Explained):
        id = client.id("partnerships.Westgate Academy.2025.Ambition Institute")
        partner = client.id("delivery_partners.Kestrel Teaching School Hub")
        client("PUT", f"{PARTNERSHIPS}/{id}", attributes("ecf-partnership-update", delivery_partner_id=partner))
        (only,) = client.why().suggestions

        assert (only.request.method, only.request.path) == ("POST", PARTNERSHIPS)

    def test_of_another_provider_says_that_the_school_has_to_challenge_it(self, client: Explained):
        kestrel = client.id("delivery_partners.Kestrel Teaching School Hub")
        it = client.confirming("2025", client.id("schools.Eastgate Academy"), kestrel)

        assert "in partnership with Teach First" in it.reasons[0]


class TestNamesOfAttributes:
    def test_are_all_spelt_as_the_api_does_and_nothing_else_is_offered(self, client: Explained):
        sound = declaration(client, "Jane Smith", "started", "2025-10-10T00:00:00Z")["data"]["attributes"]
        names = {
            "participant_id": "participantId",
            "declaration_type": "declaration-type",
            "declaration_date": "declarationdate",
            "course_identifier": "Course Identifier",
        }
        client("POST", DECLARATIONS, attributes("x", **{names[it]: value for it, value in sound.items()}))

        (only,) = client.why().suggestions
        assert given(only.request) == sound
        assert only.passes

    def test_that_stand_there_already_are_left_alone(self, client: Explained):
        it = client.acting("Jane Smith", "defer", reason="holiday", reasons="career-break")

        assert all(given(sent.request)["reasons"] == "career-break" for sent in it.suggestions)

    def test_of_a_body_without_an_id_are_told_to_be_missing(self, client: Explained):
        client("POST", DECLARATIONS, attributes("x", reason="other"))

        assert client.why().reasons == ("No participant_id was sent.",)


class TestAnAcceptedWrite:
    def test_tells_on_which_statement_a_declaration_is(self, client: Explained):
        told = client.declaring("Jane Smith", "started", "2025-10-13T00:00:00Z").changed

        assert "was recorded as eligible" in told[0]
        assert "It is paid by the statement" in told[1]

    def test_tells_why_a_declaration_is_only_submitted(self, client: Explained):
        told = client.declaring("Mei Lin", "retained-1", "2026-02-02T00:00:00Z", evidence_held="other").changed

        assert "manual_check, reason no_qts" in told[1]

    def test_tells_the_new_training_status(self, client: Explained):
        told = client.acting("Amara Okafor", "defer", reason="career-break").changed

        assert "Training status of Amara Okafor: active, now deferred." in told

    def test_tells_where_a_payment_is_clawed_back(self, client: Explained):
        client("PUT", f"/api/v3/participant-declarations/{client.id('declarations.Amara Okafor.started')}/void")

        assert any("clawed back on the statement" in it for it in client.why().changed)
