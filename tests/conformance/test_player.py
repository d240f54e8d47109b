"""How a recorded case is put to a target."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from tests.conformance.player import Player

AT = datetime(2026, 2, 10, 12, tzinfo=UTC)


class Recorder:
    """A target that keeps what it is asked, and answers with the number of what it was asked before."""

    def __init__(self):
        self.seen = []

    def reset(self, rate_limit):
        self.limit = rate_limit
        self.seen = []

    def request(self, method, target, headers, body):
        self.seen.append((method, target, headers, body))
        return 200, [("Content-Type", "application/json"), ("X", "y")], json.dumps({"n": len(self.seen)}).encode()

    def event(self, name, arguments, at):
        self.seen.append((name, arguments, at))


class RecorderWithEffects(Recorder):
    def event_with_effects(self, name, arguments, at, effects, refused):
        self.seen.append((name, arguments, at, effects, refused))


def exchange(number=1, **request):
    response = {"status": 200, "headers": {"content-type": "application/json"}, "json": {"n": number}}
    return {"request": {"method": "GET", "path": "/a"} | request, "response": response}


def played(*steps, target=None, **case):
    """What a target was asked in a case, and what came of it."""
    target = target or Recorder()
    player = Player(lambda world: target, {"tokens": {"alpha": {"token": "secret"}}, "tables": {}})
    outcome = player.play({"id": "a/1", "steps": steps} | case)
    return target.seen, outcome


class TestARequest:
    def test_is_sent_with_the_token_the_query_and_the_headers_that_were_recorded(self):
        step = exchange(token="alpha", query="filter[cohort]=2023", headers={"X-One": "1"})

        (asked,), outcome = played(step)

        assert asked == ("GET", "/a?filter[cohort]=2023", [("X-One", "1"), ("Authorization", "Bearer secret")], None)
        assert outcome.differences == []

    def test_with_json_says_that_it_is_json_unless_it_was_recorded_with_another_type(self):
        bare, typed = exchange(json={"a": 1}), exchange(2, json={}, headers={"content-type": "text/plain"})

        (one, other), _ = played(bare, typed)

        assert one[2:] == ([("Content-Type", "application/json")], b'{"a": 1}')
        assert other[2:] == ([("content-type", "text/plain")], b"{}")

    def test_with_a_text_is_sent_as_it_is(self):
        (asked,), _ = played(exchange(text="{é"))

        assert asked[2:] == ([], "{é".encode())

    def test_refers_to_values_of_earlier_answers_and_to_nothing_where_there_are_none(self):
        step = exchange(
            2, path="/a/{{0.json.n}}/{{0.headers.x}}", query="b={{0.json.data.0.id}}", json={"n": ["{{0.json.n}}"]}
        )

        (_, asked), _ = played(exchange(), step)

        assert (asked[1], asked[3]) == ("/a/1/y?b=", b'{"n": ["1"]}')


class TestAnEvent:
    def test_happens_at_its_moment(self):
        seen, _ = played({"event": "freeze_cohort", "with": {"cohort": 2023}, "at": "2026-02-10T12:00:00Z"})

        assert seen == [("freeze_cohort", {"cohort": 2023}, AT)]

    def test_comes_with_its_effects_to_a_target_that_wants_them(self):
        event = {"event": "freeze_cohort", "at": "2026-02-10T12:00:00Z", "effects": [{"row": 1}], "refused": "no"}

        seen, _ = played(event, target=RecorderWithEffects())

        assert seen == [("freeze_cohort", {}, AT, [{"row": 1}], "no")]

    def test_without_a_moment_differs(self):
        _, outcome = played({"event": "freeze_cohort", "at": "soon"})

        assert "the event of step 0 is at 'soon', which is no moment" in outcome.differences[0]


class TestACase:
    def test_is_played_up_to_the_first_difference(self):
        seen, outcome = played(exchange(1), exchange(7), exchange(3))

        assert len(seen) == 2
        assert outcome.differences == ["step 1 GET /a: body/n: expected 7, got 2"]
        assert outcome.steps == ["0 GET /a → 200, recorded 200", "1 GET /a → 200, recorded 200"]

    def test_is_played_with_the_rate_limit_that_it_was_recorded_with(self):
        limited, unlimited = Recorder(), Recorder()

        played(exchange(), target=limited, tags=["v3", "limit-3"])
        played(exchange(), target=unlimited, tags=["v3"])

        assert (limited.limit, unlimited.limit) == (3, None)
