"""What was declared has the state that follows from its dates, on the statements that were open."""

from datetime import date

import pytest

from ecf_sandbox.ecf.domain.declarations import DeclarationState
from ecf_sandbox.scenario import BadScenario
from ecf_sandbox.state.ids import named_id
from tests.scenario.small import read, small

JANE = named_id("s", "training record", "Jane Smith/ect")
EVIDENCE = {"retained-1": "other", "retained-2": "75-percent-engagement-met", "retained-3": "other"}


def declare(type, date, **changes):
    entry = {"type": type, "date": date, **({"evidence": EVIDENCE[type]} if type in EVIDENCE else {})}
    known = {it: changes.pop(it) for it in list(changes) if "__" not in it}
    return {"people__0__ect__declarations": [entry | known], **changes}


def declared(type, date, **changes):
    records = read(small(**declare(type, date, **changes))).records()
    (declaration,) = records.declarations.by("training_record_id", JANE)
    lines = [
        (records.statements[it.statement_id].name, it.state)
        for it in records.line_items.by("declaration_id", declaration.id)
    ]
    return declaration, lines


def problems(type, date, **changes):
    with pytest.raises(BadScenario) as refused:
        read(small(**declare(type, date, **changes)))
    return [f"{it.place.removeprefix('people.0.ect.declarations.0.')}: {it.message}" for it in refused.value.problems]


class TestState:
    @pytest.mark.parametrize(
        ("type", "date", "state", "lines"),
        [
            pytest.param(
                "started",
                "2025-12-31T10:00:00Z",
                DeclarationState.PAID,
                [("January 2026", DeclarationState.PAID)],
                id="the day of the cut-off",
            ),
            pytest.param(
                "retained-1",
                "2026-01-01T00:00:00Z",
                DeclarationState.PAID,
                [("April 2026", DeclarationState.PAID)],
                id="the day after",
            ),
            pytest.param(
                "retained-3",
                "2026-09-30T22:00:00Z",
                DeclarationState.PAYABLE,
                [("October 2026", DeclarationState.PAYABLE)],
                id="cut off",
            ),
            pytest.param(
                "retained-3",
                "2026-10-01T00:00:00Z",
                DeclarationState.ELIGIBLE,
                [("January 2027", DeclarationState.ELIGIBLE)],
                id="open",
            ),
        ],
    )
    def test_follows_the_statement_that_takes_it(self, type, date, state, lines):
        declaration, found = declared(type, date)

        assert (declaration.state, found) == (state, lines)

    def test_of_somebody_who_is_not_funded_is_submitted(self):
        declaration, lines = declared("started", "2025-10-06", people__0__ect__eligibility="manual_check")

        assert (declaration.state, lines) == (DeclarationState.SUBMITTED, [])

    def test_waits_for_the_eligibility(self):
        declaration, lines = declared("started", "2025-10-06", people__0__ect__eligible_from="2026-10-05")

        assert (declaration.state, lines) == (DeclarationState.ELIGIBLE, [("January 2027", DeclarationState.ELIGIBLE)])

    def test_voided_before_the_payment_is_voided(self):
        declaration, lines = declared("started", "2025-10-06", voided="2026-01-20")

        assert (declaration.state, lines) == (DeclarationState.VOIDED, [("January 2026", DeclarationState.VOIDED)])

    def test_voided_before_the_eligibility_has_no_line(self):
        declaration, lines = declared(
            "started", "2025-10-06", voided="2025-11-20", people__0__ect__eligibility="matched"
        )

        assert (declaration.state, lines) == (DeclarationState.VOIDED, [])

    def test_voided_after_the_payment_awaits_the_clawback_on_the_next_statement(self):
        declaration, lines = declared("started", "2025-10-06", voided="2026-10-02")

        assert declaration.state is DeclarationState.AWAITING_CLAWBACK
        assert lines == [("January 2026", DeclarationState.PAID), ("January 2027", DeclarationState.AWAITING_CLAWBACK)]

    def test_and_is_clawed_back_once_that_is_paid(self):
        declaration, lines = declared("started", "2025-10-06", voided="2026-05-01")

        assert declaration.state is DeclarationState.CLAWED_BACK
        assert lines == [("January 2026", DeclarationState.PAID), ("August 2026", DeclarationState.CLAWED_BACK)]

    def test_that_the_file_names_must_be_the_one_that_follows(self):
        assert problems("started", "2025-10-06", state="eligible") == [
            "state: 'eligible' does not follow from the dates, which make it 'paid'"
        ]

    def test_of_a_duplicate_is_ineligible_and_names_the_original(self):
        scenario = small(people__0__ect__declarations=[{"type": "started", "date": "2025-10-06"}])
        twin = {"type": "started", "date": "2025-10-20", "duplicate_of": "Jane Smith"}
        again = {"school": "oakfield", "cohort": 2025, "declarations": [twin]}
        scenario["people"].append({"name": "Jane Smyth", "trn": 2500001, "ect": again})
        records = read(scenario).records()
        (original,) = records.declarations.by("training_record_id", JANE)
        (copy,) = [it for it in records.declarations if it.id != original.id]

        assert (copy.state, copy.state_reason, copy.superseded_by_id) == (
            DeclarationState.INELIGIBLE,
            "duplicate",
            original.id,
        )


class TestFacts:
    def test_are_those_of_the_moment(self):
        declaration, _ = declared(
            "started",
            "2025-10-06",
            people__0__ect__history=[{"at": "2026-04-01", "joining": "ashgrove", "from": "2026-04-13"}],
        )

        assert declaration.provider_id == named_id("s", "provider", "alpha")
        assert declaration.delivery_partner_id == named_id("s", "delivery partner", "hub")
        assert declaration.mentor_user_id == named_id("s", "person", "Dan Osei")
        assert declaration.cohort == 2025

    def test_the_new_provider_declares_after_a_transfer(self):
        declaration, _ = declared(
            "retained-2",
            "2026-06-15",
            people__0__ect__history=[{"at": "2026-04-01", "joining": "ashgrove", "from": "2026-04-13"}],
        )

        assert declaration.provider_id == named_id("s", "provider", "beta")

    def test_a_mentors_completed_declaration_ends_their_funding(self):
        done = [{"type": "completed", "date": "2026-07-06", "evidence": "75-percent-engagement-met"}]
        dan = small(people__1__mentor__schedule="ecf-reduced-september", people__1__mentor__declarations=done)
        training = read(dan).records().training_records[named_id("s", "training record", "Dan Osei/mentor")]

        assert training.mentor_completion_date == date(2026, 7, 6)
        assert training.mentor_completion_reason == "completed_declaration_received"


class TestProblems:
    @pytest.mark.parametrize(
        ("entry", "problem"),
        [
            pytest.param(
                {"type": "started", "date": "2026-01-01"},
                "date: is outside the milestone in ecf-standard-september of 2025: 2025-06-01 to 2025-12-31",
                id="outside the milestone",
            ),
            pytest.param(
                {"type": "extended-1", "date": "2026-01-12", "evidence": "other"},
                "type: no milestone 'extended-1'; did you mean 'retained-1'?",
                id="no such milestone",
            ),
            pytest.param(
                {"type": "retained-1", "date": "2026-01-12", "evidence": None}, "evidence: is missing", id="no evidence"
            ),
            pytest.param(
                {"type": "started", "date": "2025-10-06", "sent": "2025-10-01"},
                "sent: is sent before its date",
                id="sent too early",
            ),
            pytest.param(
                {"type": "retained-3", "date": "2026-10-13"},
                "date: is after the moment that the scenario describes (as_of)",
                id="still ahead",
            ),
            pytest.param(
                {"type": "started", "date": "2025-10-06", "voided": "2026-10-13"},
                "voided: is not between sending it and as_of",
                id="voided in the future",
            ),
            pytest.param(
                {"type": "started", "date": "2025-08-01"},
                "date: no provider was training this person when it was sent",
                id="before the registration",
            ),
            pytest.param(
                {"type": "started", "date": "2025-10-06", "duplicate_of": "Dan Osei"},
                "duplicate_of: Dan Osei has no live declaration of this type, or another TRN",
                id="no duplicate",
            ),
        ],
    )
    def test_are_what_a_provider_could_not_have_sent(self, entry, problem):
        assert problem in problems(**entry)

    def test_a_type_is_declared_once(self):
        twice = [{"type": "started", "date": "2025-10-06"}, {"type": "started", "date": "2025-10-07"}]

        with pytest.raises(BadScenario, match=r"declarations\.1\.type: 'started' has been declared already"):
            read(small(people__0__ect__declarations=twice))

    def test_a_contract_that_has_ended_takes_nothing(self):
        late = {"type": "retained-2", "date": "2023-06-05", "sent": "2025-08-01", "evidence": "other"}

        with pytest.raises(BadScenario, match="the contract for 2022 has no statement left"):
            read(small(people__0__ect__cohort=2022, people__0__ect__declarations=[late]))

    def test_mentors_with_funding_have_no_retained_declarations(self):
        retained = [{"type": "retained-1", "date": "2026-01-12", "evidence": "other"}]

        with pytest.raises(BadScenario, match="mentors of 2025 have started and completed only"):
            read(small(people__1__mentor__declarations=retained))
