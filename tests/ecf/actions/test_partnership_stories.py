"""Any story of confirmations, challenges and choices at one school, against a small model of who trains whom."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ecf_sandbox.ecf.actions.partnerships import confirm_partnership, update_partnership
from ecf_sandbox.ecf.actions.programmes import TRAINS
from ecf_sandbox.ecf.domain.schools import ChallengeReason, ProgrammeChoice
from ecf_sandbox.ecf.events.partnerships import challenge_partnership, change_programme_choice
from ecf_sandbox.ecf.queries.training import shown_to
from ecf_sandbox.rulebook.refusals import DoesNotFit, Refused
from tests.ecf.actions.school_builders import (
    a_cohort,
    a_delivery_partner,
    a_programme,
    a_provider,
    a_relationship,
    a_school,
    a_school_cohort,
    a_trainee,
    a_turn,
    an_id,
    history,
)
from tests.effort import examples

PROVIDERS, PARTNERS = ("alpha", "beta"), ("oakwood", "birch")
FIP, NO_ECTS = ProgrammeChoice.FULL_INDUCTION_PROGRAMME, ProgrammeChoice.NO_EARLY_CAREER_TEACHERS
providers, partners = st.sampled_from(PROVIDERS), st.sampled_from(PARTNERS)


def refusals(action):
    """The rules that the action breaks, none if it is done."""
    try:
        action()
    except Refused as refused:
        return [it.rule.removeprefix("partnership.") for it in refused.refusals]
    return []


class Stories(RuleBasedStateMachine):
    """The model: the school's partner, the delivery partner and state of each provider's partnership, the kind of
    the default programme with whose it is, and the same of the one that Ann follows. `None` is nobody's."""

    def __init__(self):
        super().__init__()
        self.turn = a_turn(
            a_cohort(),
            a_school(),
            *map(a_provider, PROVIDERS),
            *map(a_delivery_partner, PARTNERS),
            *(a_relationship(provider, partner) for provider in PROVIDERS for partner in PARTNERS),
            a_school_cohort(default_programme="fip"),
            a_programme(),
            *a_trainee(),
        )
        self.partner: str | None = None
        self.delivered_by: dict[str, str] = {}
        self.default: tuple[ProgrammeChoice, str | None] | None = (FIP, None)
        self.anns: tuple[ProgrammeChoice, str | None] = (FIP, None)
        self.on_default = True

    def later(self):
        turn = self.turn
        self.turn = a_turn(records=turn.records, now=turn.now + timedelta(days=1), ids_taken=turn.ids_taken)
        return self.turn

    def row(self, provider):
        rows = self.turn.records.partnerships.by("provider_id", an_id("provider", provider))
        return rows[0] if rows else None

    def unpartnered(self, programme):
        kind, whose = programme
        return kind is FIP and (whose is None or whose != self.partner)

    @rule(provider=providers, partner=partners)
    def a_provider_confirms(self, provider, partner):
        turn, before = self.later(), self.turn.records
        fields = {
            "cohort": 2024,
            "school_id": an_id("school", "abbey"),
            "delivery_partner_id": an_id("delivery partner", partner),
        }
        refused = refusals(lambda: confirm_partnership(turn, a_provider(provider), fields))
        if self.partner is not None:
            assert refused == ["already-confirmed" if self.partner == provider else "another-provider"]
            assert turn.records is before
            return
        assert refused == []
        self.delivered_by[provider] = partner
        self.partner = provider
        self.adopted(provider)

    def adopted(self, provider):
        default = self.default
        if default == (FIP, provider):
            return
        carried = self.on_default and default is not None
        self.default = (FIP, provider)
        if carried or self.unpartnered(self.anns):
            self.anns, self.on_default = self.default, True

    @rule(provider=providers, partner=partners)
    def a_provider_changes_the_delivery_partner(self, provider, partner):
        row = self.row(provider)
        if row is None:
            return
        turn, fields = self.later(), {"delivery_partner_id": an_id("delivery partner", partner)}
        refused = refusals(lambda: update_partnership(turn, a_provider(provider), row, fields))
        assert refused == ([] if self.partner == provider else ["challenged"])
        if refused:
            return
        if self.delivered_by[provider] != partner:
            self.delivered_by[provider] = partner
            self.adopted(provider)

    @rule(provider=providers, reason=st.sampled_from(ChallengeReason))
    def the_school_challenges(self, provider, reason):
        row = self.row(provider)
        if row is None:
            return
        if self.partner != provider:
            with pytest.raises(DoesNotFit):
                challenge_partnership(self.later(), row.id, reason)
            return
        challenge_partnership(self.later(), row.id, reason)
        self.partner = None
        if reason is ChallengeReason.NO_ECTS:
            self.default, self.on_default = None, False

    @rule(choice=st.sampled_from(ProgrammeChoice))
    def the_school_chooses(self, choice):
        change_programme_choice(self.later(), an_id("school", "abbey"), 2024, choice)
        if choice not in TRAINS:
            self.default, self.on_default = None, False
            return
        self.default = (choice, self.partner if choice is FIP else None)
        if self.on_default:
            self.anns = self.default

    @invariant()
    def ann_has_one_record_in_force_and_a_history_without_gaps(self):
        records = history(self.turn)
        assert [it.end_date is None for it in records] == [*(False for _ in records[1:]), True]
        assert all(one.end_date <= next.start_date for one, next in pairwise(records))

    @invariant()
    def ann_follows_the_programme_that_the_model_says(self):
        records = self.turn.records
        programme = records.programmes[history(self.turn)[-1].programme_id]
        partnership = records.partnerships.get(programme.partnership_id)
        whose = next((it for it in PROVIDERS if partnership and partnership.provider_id == an_id("provider", it)), None)
        assert (programme.kind, whose) == self.anns

    @invariant()
    def the_school_follows_the_programme_that_the_model_says(self):
        records = self.turn.records
        (school_cohort,) = records.school_cohorts
        programme = records.programmes.get(school_cohort.default_programme_id)
        assert (programme.kind if programme else None) == (self.default[0] if self.default else None)

    @invariant()
    def each_provider_has_one_row_with_its_delivery_partner_and_only_the_partners_stands(self):
        rows = {it.provider_id: it for it in self.turn.records.partnerships}
        assert len(rows) == len(self.turn.records.partnerships) == len(self.delivered_by)
        for provider, partner in self.delivered_by.items():
            row = rows[an_id("provider", provider)]
            assert row.delivery_partner_id == an_id("delivery partner", partner)
            assert row.challenged == (self.partner != provider)

    @invariant()
    def a_provider_sees_ann_in_force_only_while_it_is_her_partner(self):
        for provider in PROVIDERS:
            shown = shown_to(self.turn.records, history(self.turn), an_id("provider", provider))
            in_force = any(it.end_date is None for it in shown)
            assert in_force == (self.anns[1] == provider == self.partner)


TestStories = Stories.TestCase
TestStories.settings = settings(max_examples=examples(60), stateful_step_count=20)
