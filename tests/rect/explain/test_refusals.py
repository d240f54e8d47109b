"""Every rule of the service is explained, and what is offered in its place passes when it is sent."""

from __future__ import annotations

import pytest

from ecf_sandbox.rect.rules.catalogue import RULEBOOKS
from ecf_sandbox.tools.explain.text import as_text
from tests.rect.explain.asking import Explained, given, rules
from tests.rect.explain.refusals import NEVER_BROKEN, OAKFIELD, REFUSALS, SINCE_2025, Refusal

pytestmark = pytest.mark.slow


def test_there_is_a_refusal_by_each_rule():
    assert {it.id for book in RULEBOOKS for it in book.rules} == REFUSALS.keys() | NEVER_BROKEN


@pytest.mark.parametrize(("rule", "refusal"), REFUSALS.items(), ids=list(REFUSALS))
class TestEachRule:
    def test_is_named_with_its_policy_and_its_source(self, rule: str, refusal: Refusal):
        it = refusal.ask(Explained())

        assert rule in rules(it)
        assert it.status in (400, 422)
        (broken,) = [ruling for judging in it.judgings for ruling in judging.broken if ruling.rule == rule]
        assert broken.policy.endswith(".")
        assert "rect.md#" in broken.source

    def test_says_why_and_offers_what_passes_if_anything_does(self, rule: str, refusal: Refusal):
        client = Explained()
        it = refusal.ask(client)

        told = " ".join([*it.reasons, *(each.words for each in it.suggestions), it.no_suggestion or ""])
        assert refusal.says in told
        passing = [each for each in it.suggestions if each.passes]
        assert bool(passing) is refusal.passes, told
        assert [client.tried(*each.first, each.request) for each in passing] == [200] * len(passing)

    def test_is_plain_text(self, rule: str, refusal: Refusal):
        text = as_text(refusal.ask(Explained()), "http://localhost:8000")

        assert rule in text
        assert not {"None", "<", "Record("} & {word for word in ("None", "<", "Record(") if word in text}


class TestWhatIsOffered:
    def test_a_declaration_out_of_sequence_is_dated_when_the_earlier_one_was(self):
        it = Explained().declare("Hannah Boyle", "retained-1", "2025-10-01T10:00:00Z")

        assert given(it.suggestions[0].request)["declaration_date"] == "2025-10-06T09:30:00Z"

    def test_the_first_moment_of_a_milestone_is_midnight_in_the_united_kingdom(self):
        it = Explained().declare("Wendy Bright", "retained-2", "2024-03-31T22:59:59Z")

        assert given(it.suggestions[0].request)["declaration_date"] == "2024-03-31T23:00:00Z"

    def test_who_waits_for_a_partnership_is_declared_for_after_it_is_made(self):
        first = Explained().declare("Rosa Dell", "started", SINCE_2025).suggestions[0]

        assert (first.first[0].path, given(first.first[0])["cohort"]) == ("/api/v3/partnerships", "2025")

    def test_a_partnership_with_another_delivery_partner_is_updated_instead(self):
        first = Explained().partner("2025", OAKFIELD, "Harbour Alliance").suggestions[0]

        assert first.request.method == "PUT"

    def test_a_future_cohort_waits_until_it_has_begun(self):
        it = Explained().partner("2026", "Waitworth School", "Kestrel Teaching School Hub")

        dates = {each.request.headers.get("X-With-Server-Date") for each in it.suggestions}
        assert "2026-06-01T12:00:00Z" in dates

    def test_a_body_without_a_known_attribute_is_told_them(self):
        it = Explained().act("Hannah Boyle", "defer", course_identifier=[])

        assert it.reasons == (
            "None of the attributes of this operation stands in data.attributes: reason, course_identifier.",
        )
        assert given(it.suggestions[0].request)["course_identifier"] == "ecf-induction"

    def test_what_is_refused_when_it_is_saved_has_its_reason_though_the_answer_gives_none(self):
        client = Explained()
        client.act("Hannah Boyle", "defer", reason="other", at="2026-07-01T12:00:00Z")
        it = client.act("Hannah Boyle", "resume")

        assert it.summary == "The request to resume a participant was refused by one rule: training.overlaps."
        assert it.reasons[0].startswith("Other training of this participant at the school lasts from 2025-09-01")
        assert it.suggestions[0].request.headers["X-With-Server-Date"] == "2026-07-02T12:00:00Z"


class TestAnAcceptedWrite:
    def test_tells_on_which_statement_a_declaration_is(self):
        told = Explained().declare("Hannah Boyle", "retained-1", SINCE_2025).changed

        assert "was recorded as eligible" in told[0]
        assert told[1].startswith("It is paid by the statement August 2026 of 2025")

    def test_tells_what_a_submitted_declaration_waits_for(self):
        told = Explained().declare("Idris Cole", "started", SINCE_2025).changed

        assert "no appropriate body has recorded an induction" in told[1]

    def test_tells_that_a_resumption_is_new_training(self):
        told = Explained().act("Greta Pike", "resume").changed

        assert told[0].startswith("Greta Pike (ECT) goes on with new training from 2026-05-12 on")

    def test_tells_that_the_training_ends_with_a_deferral(self):
        told = Explained().act("Hannah Boyle", "defer", reason="other").changed

        assert "The training of Hannah Boyle (ECT) that began on 2025-09-01 ends on 2026-05-12." in told

    def test_tells_whom_a_partnership_was_waited_for_by(self):
        told = Explained().partner("2025", "Waitworth School", "Harbour Alliance").changed

        assert any(it.startswith("Rosa Dell (ECT) waited for the partnership") for it in told)

    def test_tells_where_a_payment_is_taken_back(self):
        told = Explained().void("Hannah Boyle.started").changed

        assert told[0].endswith("went from paid to awaiting-clawback.")
        assert told[1].startswith("The money is taken back on the statement August 2026 of 2025")


class TestWhatIsNotFound:
    def test_somebody_who_waits_for_a_partnership_is_found_once_it_is_made(self):
        client = Explained()
        it = client.read(f"participants/{client.id('people.Rosa Dell')}")

        assert it.reasons[0].startswith("Rosa Dell (ECT) at Waitworth School waits for a partnership: the school wants")
        assert client.tried(*it.suggestions[0].first, it.suggestions[0].request) == 200

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("people.Sam Pryce", "is trained by the school itself, without a provider"),
            ("people.Zoe Hart", "is trained by Teach First, not by Ambition Institute"),
            ("people.Ulla Norris", "is trained by nobody"),
        ],
    )
    def test_somebody_whom_the_provider_does_not_train(self, name, said):
        client = Explained()

        assert said in client.read(f"participants/{client.id(name)}").reasons[0]

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ("people.Hannah Boyle.ect", "the training record id of Hannah Boyle (ECT)"),
            ("declarations.Hannah Boyle.started", "the declaration started of Hannah Boyle"),
            ("schools.Oakfield Academy", "the school Oakfield Academy, URN 105001"),
        ],
    )
    def test_what_was_asked_for_by_the_id_of_something_else(self, given, said):
        client = Explained()
        it = client.read(f"participants/{client.id(given)}")

        assert said in it.reasons[0]
        assert client.tried(it.suggestions[0].request) == 200

    @pytest.mark.parametrize("text", ["1500002", "Hannah%20Boyle"])
    def test_a_trn_and_a_name_are_replaced_by_the_id(self, text):
        client = Explained()
        (only,) = client.read(f"participants/{text}").suggestions

        assert only.request.path == f"/api/v3/participants/{client.id('people.Hannah Boyle')}"

    def test_an_id_that_was_given_up(self):
        client = Explained()
        former, present = client.id("people.Idris Cole"), client.id("people.Hannah Boyle")
        client.event("merge_participants", from_id=former, to_id=present)
        it = client.read(f"participants/{former}")

        assert f"was given up for {present}" in it.reasons[0]
        assert it.suggestions[0].request.path.endswith(present)

    @pytest.mark.parametrize(
        ("path", "said"),
        [
            (
                "participant-declarations/${declarations.Yusuf Amin.started}",
                "has never trained the participant as a mentor",
            ),
            ("partnerships/${partnerships.Birchwood High School.2025.Teach First}", "It belongs to Teach First"),
            ("statements/${statements.Teach First.2025.2026-4}", "It belongs to Teach First"),
            ("schools/${schools.Closed Gate School}?filter[cohort]=2025", "is not eligible for funding"),
            ("schools/${schools.Oakfield Academy}?filter[cohort]=2019", "There is no cohort 2019."),
            (
                "delivery-partners/${delivery_partners.Dales Partnership}",
                "does not know Dales Partnership to work with",
            ),
            ("participants/${people.Hannah Boyle}/transfers", "has no transfer between schools"),
            ("unfunded-mentors/${people.Mina Vale}", "who is therefore no unfunded mentor"),
        ],
    )
    def test_other_things_say_why(self, path, said):
        client = Explained()
        start, _, rest = path.partition("${")
        name, _, end = rest.partition("}")

        assert said in " ".join(client.read(f"{start}{client.id(name)}{end}").reasons)

    def test_a_declaration_dated_after_the_training_with_the_provider_ended(self):
        client = Explained()
        client.send("GET", "/api/v3/participants")
        noor = client.id("people.Noor Khan")
        told = {
            "participant_id": noor,
            "declaration_type": "started",
            "declaration_date": "2026-02-02T09:00:00Z",
            "course_identifier": "ecf-induction",
            "evidence_held": "other",
        }
        client.send(
            "POST", "/api/v3/participant-declarations", "participant-declaration", token="teach-first-token", **told
        )
        made = client.id("declarations.Noor Khan.started")

        it = client.read(f"participant-declarations/{made}")

        assert it.reasons[1] == (
            "It is dated 2026-02-02, after the participant's training with Ambition Institute ended on 2026-01-04."
        )


class TestAList:
    def test_schools_need_the_cohort_that_has_begun(self):
        (only,) = Explained().read("schools").suggestions

        assert only.request.path == "/api/v3/schools?filter[cohort]=2025"

    def test_says_what_each_filter_leaves_out_and_what_is_the_matter_with_its_value(self):
        reasons = Explained().read("participants?filter[cohort]=2024,%202025&filter[training_status]=gone").reasons

        assert reasons[0].startswith("Without filter[cohort]=2024, 2025 there would be 0")
        assert "No number, blanks included, and so left out of filter[cohort]: ' 2025'." in reasons
        assert "gone is no training status, and finds nobody; there are active, deferred, withdrawn." in reasons

    def test_names_those_who_wait_for_a_partnership(self):
        assert any("Rosa Dell (ECT) at Waitworth School waits" in it for it in Explained().read("participants").reasons)


def test_an_accept_that_names_no_media_type_is_left_out():
    client = Explained()
    client._send("GET", "/api/v3/participants", [("Authorization", "Bearer ambition-token"), ("Accept", "foo")])
    it = client.why()

    assert it.status == 406
    assert it.reasons == ()
    assert [each.words for each in it.suggestions] == ["Leave the header Accept out, or accept application/json."]
