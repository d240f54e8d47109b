"""Histories are drawn by a seed, and the first that fails is made as short as it gets."""

from __future__ import annotations

from ecf_sandbox.state.properties import Choose, Complaint, Happening
from ecf_sandbox.tools.exercise.explore import Explorer, Judged
from ecf_sandbox.tools.exercise.history import History, Step, of_data, read, written

NAMES = ("a", "b", "c", "d", "e")


def draw(choose: Choose) -> History:
    """A history of up to eight happenings."""
    count = choose(range(9))
    return History(steps=tuple(Step(happens=Happening(kind="event", name=choose(NAMES))) for _ in range(count)))


def names(history: History) -> list[str]:
    return [it.happens.name for it in history.steps if it.happens]


class Client:
    """Does not come through a history in which these names stand in this order."""

    def __init__(self, *order: str) -> None:
        self.order = order
        self.played: list[History] = []

    def play(self, history: History) -> Judged:
        self.played.append(history)
        rest = iter(names(history))
        broken = bool(self.order) and all(it in rest for it in self.order)
        return Judged((Complaint(invariant="order", text="in order"),) if broken else (), runs=1)


def explored(client: Client, seed: str = "0/1", histories: int = 60) -> History | None:
    return Explorer(client.play, lambda *_: None).explore(draw, seed=seed, histories=histories, until=None)


def test_a_client_that_comes_through_everything_has_no_failure():
    client = Client()

    assert explored(client) is None
    assert len(client.played) == 60


def test_what_fails_is_as_short_as_it_gets():
    found = explored(Client("d", "b"))

    assert found is not None
    assert names(found) == ["d", "b"]


def test_equal_seeds_give_equal_histories():
    one, same, other = Client(), Client(), Client()

    explored(one)
    explored(same)
    explored(other, seed="0/2")

    assert [it.key for it in one.played] == [it.key for it in same.played]
    assert [it.key for it in one.played] != [it.key for it in other.played]


def test_no_history_is_played_twice():
    client = Client("d", "b")

    explored(client)

    assert len({it.key for it in client.played}) == len(client.played)


def test_no_history_is_begun_when_the_time_is_up():
    client = Client()

    found = Explorer(client.play, lambda *_: None).explore(draw, seed="0", histories=50, until=0.0)

    assert found is None
    assert client.played == []


def test_a_history_is_the_same_when_it_was_written_and_read():
    history = History(
        provider="Ambition Institute",
        steps=(
            Step(),
            Step(happens=Happening(kind="time", told={"days": 1})),
            Step(happens=Happening(kind="event", name="change_name", told={"full_name": "Ü"}), before=2),
            Step(task={"do": "void", "id": "1"}),
        ),
        broken=("ends-well",),
    )

    assert read(written(history)) == history
    assert history.name.startswith("ends-well-")


def test_the_key_of_a_history_does_not_tell_what_a_client_made_of_it():
    played = of_data({"steps": [{}], "broken": ["ends-well"], "command": ["x"]})

    assert played.key == History(steps=(Step(),)).key
