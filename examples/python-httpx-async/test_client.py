"""What the client does when all is well, and when it is not."""

from __future__ import annotations

import httpx
import pytest

from declare import submit
from lead_provider_api import Refused
from register import Register

# anyio, which httpx brings along, runs tests that are coroutines.
pytestmark = pytest.mark.anyio

CHALLENGED = "partnerships.Oakfield Academy.2025.Ambition Institute"
JANE = "people.Jane Smith"


@pytest.fixture
async def api(world):
    async with world.api() as api:
        yield api


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
async def register(world, api):
    """Everybody, an hour ago."""
    register = Register()
    await register.full_sync(api, world.now)
    world.pass_time(hours=1)
    return register


class TestReadingEverybody:
    async def test_goes_on_until_a_page_is_empty(self, world, api):
        everybody = [it["id"] async for it in api.participants()]
        async with world.api(per_page=10) as by_tens:
            in_pieces = [it["id"] async for it in by_tens.participants()]

        assert in_pieces == everybody
        assert len(set(everybody)) == len(everybody) > 40
        assert len(world.asked(path="/api/v3/participants/ecf")) == 2 + -(-len(everybody) // 10) + 1

    async def test_is_kept_in_a_file_and_read_again(self, register, tmp_path):
        register.save(tmp_path / "register.json")

        assert Register.load(tmp_path / "register.json") == register

    async def test_says_so_when_the_token_is_wrong(self, world, api):
        api.http.headers["Authorization"] = f"Bearer mistaken~{world.name}"

        with pytest.raises(httpx.HTTPStatusError, match="401"):
            [it async for it in api.participants()]


class TestReadingWhatChanged:
    async def test_asks_from_an_hour_before_the_last_time_on(self, world, api, register):
        await register.update(api, world.now)

        assert "filter%5Bupdated_since%5D=2026-10-12T08%3A00%3A00%2B00%3A00" in world.asked()[-1]

    async def test_takes_over_what_changed(self, world, api, register):
        world.happens("change_name", participant_id=world.names[JANE], full_name="Jane Jones")

        await register.update(api, world.now)

        assert register.participants[world.names[JANE]].attributes["full_name"] == "Jane Jones"

    async def test_reads_everybody_if_there_was_no_last_time(self, world, api):
        register = Register()

        await register.update(api, world.now)

        assert world.names[JANE] in register.participants


class TestDeclaring:
    async def test_answers_the_declaration(self, api, started):
        declaration = await api.declare(**started)

        assert declaration["attributes"]["participant_id"] == started["participant_id"]
        assert declaration["attributes"]["state"] == "eligible"

    async def test_says_why_it_was_refused_and_does_not_try_again(self, world, api, started):
        with pytest.raises(Refused) as refused:
            await api.declare(**started | {"declaration_date": "2024-01-01T09:00:00Z"})

        assert [it["title"] for it in refused.value.errors] == ["declaration_date"]
        assert "on or after the milestone start" in str(refused.value)
        assert len(world.asked(method="POST")) == 1

    async def test_keeps_what_became_of_each_of_many(self, world, api, started):
        wrong = [started | {"course_identifier": f"course-{n}"} for n in range(6)]

        outcomes = await submit(api, [*wrong, started])

        assert [sent for sent, _ in outcomes] == [*wrong, started]
        assert [isinstance(it, Refused) for _, it in outcomes] == [True] * 6 + [False]
        assert len(world.asked(method="POST")) == 7


class TestAskingTooOften:
    async def test_waits_and_asks_again(self, world):
        world.limit(requests=3, window=10)

        async with world.api(per_page=10) as api:
            everybody = [it["id"] async for it in api.participants()]

        assert len(everybody) == len(set(everybody)) > 40
        assert world.asked(status="429")

    async def test_sends_a_declaration_again_that_was_not_looked_at(self, world, api, started):
        world.limit(requests=1, window=300)
        await anext(api.participants())

        declaration = await api.declare(**started)

        assert declaration["attributes"]["state"] == "eligible"


class TestAChallengedPartnership:
    async def test_leaves_the_participants_on_record_and_marks_them(self, world, api, register):
        world.happens("challenge_partnership", partnership_id=world.names[CHALLENGED], reason="mistake")

        await register.update(api, world.now)

        jane = register.participants[world.names[JANE]]
        assert jane.attributes["full_name"] == "Jane Smith"
        assert jane.missing_since == "2026-10-12T10:00:00+00:00"

    async def test_takes_the_mark_away_when_they_are_back(self, world, api, register):
        [known] = [it["attributes"] async for it in api.partnerships() if it["id"] == world.names[CHALLENGED]]
        world.happens("challenge_partnership", partnership_id=world.names[CHALLENGED], reason="mistake")
        await register.update(api, world.now)
        world.pass_time(hours=1)

        await api.confirm_partnership(**{it: known[it] for it in ("cohort", "school_id", "delivery_partner_id")})
        await register.update(api, world.now)

        assert register.participants[world.names[JANE]].missing_since is None
