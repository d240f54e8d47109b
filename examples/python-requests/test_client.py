"""What the client does when all is well, and when it is not."""

from __future__ import annotations

import pytest
import requests

from declare import submit
from lead_provider_api import Refused
from register import Register

CHALLENGED = "partnerships.Oakfield Academy.2025.Ambition Institute"
JANE = "people.Jane Smith"


@pytest.fixture
def started(world):
    """A started declaration that is sound for Jane Smith."""
    return {
        "participant_id": world.names[JANE],
        "declaration_type": "started",
        "declaration_date": "2025-10-06T09:00:00Z",
        "course_identifier": "ecf-induction",
        "evidence_held": "other",
    }


@pytest.fixture
def register(world):
    """Everybody, an hour ago."""
    register = Register()
    register.full_sync(world.api(), world.now)
    world.pass_time(hours=1)
    return register


class TestReadingEverybody:
    def test_goes_on_until_a_page_is_empty(self, world):
        everybody = [it["id"] for it in world.api().participants()]
        in_pieces = [it["id"] for it in world.api(per_page=10).participants()]

        assert in_pieces == everybody
        assert len(set(everybody)) == len(everybody) > 40
        assert len(world.asked(path="/api/v3/participants/ecf")) == 2 + -(-len(everybody) // 10) + 1

    def test_is_kept_in_a_file_and_read_again(self, register, tmp_path):
        register.save(tmp_path / "register.json")

        assert Register.load(tmp_path / "register.json") == register

    def test_says_so_when_the_token_is_wrong(self, world):
        api = world.api()
        api.session.headers["Authorization"] = f"Bearer mistaken~{world.name}"

        with pytest.raises(requests.HTTPError, match="401"):
            list(api.participants())


class TestReadingWhatChanged:
    def test_asks_from_an_hour_before_the_last_time_on(self, world, register):
        register.update(world.api(), world.now)

        assert "filter%5Bupdated_since%5D=2026-10-12T08%3A00%3A00%2B00%3A00" in world.asked()[-1]

    def test_takes_over_what_changed(self, world, register):
        world.happens("change_name", participant_id=world.names[JANE], full_name="Jane Jones")

        register.update(world.api(), world.now)

        assert register.participants[world.names[JANE]].attributes["full_name"] == "Jane Jones"

    def test_reads_everybody_if_there_was_no_last_time(self, world):
        register = Register()

        register.update(world.api(), world.now)

        assert world.names[JANE] in register.participants


class TestDeclaring:
    def test_answers_the_declaration(self, world, started):
        declaration = world.api().declare(**started)

        assert declaration["attributes"]["participant_id"] == started["participant_id"]
        assert declaration["attributes"]["state"] == "eligible"

    def test_says_why_it_was_refused_and_does_not_try_again(self, world, started):
        with pytest.raises(Refused) as refused:
            world.api().declare(**started | {"declaration_date": "2024-01-01T09:00:00Z"})

        assert [it["title"] for it in refused.value.errors] == ["declaration_date"]
        assert "on or after the milestone start" in str(refused.value)
        assert len(world.asked(method="POST")) == 1

    def test_goes_on_after_one_that_was_refused(self, world, started):
        accepted, refused = submit(world.api(), [started | {"course_identifier": "ecf-mentor"}, started])

        assert [it["attributes"]["declaration_type"] for it in accepted] == ["started"]
        assert [sent["course_identifier"] for sent, _ in refused] == ["ecf-mentor"]


class TestAskingTooOften:
    def test_waits_and_asks_again(self, world):
        world.limit(requests=3, window=10)

        everybody = list(world.api(per_page=10).participants())

        assert len(everybody) == len({it["id"] for it in everybody}) > 40
        assert world.asked(status="429")

    def test_sends_a_declaration_again_that_was_not_looked_at(self, world, started):
        world.limit(requests=1, window=300)
        api = world.api()
        next(api.participants())

        assert api.declare(**started)["attributes"]["state"] == "eligible"


class TestAChallengedPartnership:
    def test_leaves_the_participants_on_record_and_marks_them(self, world, register):
        world.happens("challenge_partnership", partnership_id=world.names[CHALLENGED], reason="mistake")

        register.update(world.api(), world.now)

        jane = register.participants[world.names[JANE]]
        assert jane.attributes["full_name"] == "Jane Smith"
        assert jane.missing_since == "2026-10-12T10:00:00+00:00"

    def test_takes_the_mark_away_when_they_are_back(self, world, register):
        partnership = next(it for it in world.api().partnerships() if it["id"] == world.names[CHALLENGED])["attributes"]
        world.happens("challenge_partnership", partnership_id=world.names[CHALLENGED], reason="mistake")
        register.update(world.api(), world.now)
        world.pass_time(hours=1)

        world.api().confirm_partnership(
            **{it: partnership[it] for it in ("cohort", "school_id", "delivery_partner_id")}
        )
        register.update(world.api(), world.now)

        assert register.participants[world.names[JANE]].missing_since is None
