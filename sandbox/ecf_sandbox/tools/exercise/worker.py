"""A process that plays histories: told what to do in lines of JSON on standard input, it answers in such."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from queue import Queue
from threading import Thread
from time import monotonic
from typing import Any

import msgspec
from hypothesis.configuration import set_hypothesis_home_dir

from ecf_sandbox.scenario import BadScenario
from ecf_sandbox.tools.exercise.beginning import BadBeginning, Settings
from ecf_sandbox.tools.exercise.client import CannotStart, Client, NoKnowledge
from ecf_sandbox.tools.exercise.explore import Explorer, Judged
from ecf_sandbox.tools.exercise.history import BadHistory, History, as_data, of_data
from ecf_sandbox.tools.exercise.player import Player

Json = dict[str, Any]


def main() -> None:
    """Do what is asked until nobody is there to ask any more."""
    set_hypothesis_home_dir(sys.argv[1])  # rather than a folder `.hypothesis` beside the client
    asked: Queue[Json] = Queue()
    out = sys.stdout
    sys.stdout = sys.stderr  # what is printed by mistake is no answer
    client = Client(())
    _end_with_whoever_asks(asked, client.end)

    def say(**told: object) -> None:
        out.write(json.dumps(told) + "\n")
        out.flush()

    settings = msgspec.convert(asked.get(), Settings)
    client.command, client.more, client.limit = settings.command, settings.more, settings.run_limit
    with Player(settings, client) as player:
        worker = _Worker(player, say)
        while True:
            try:
                say(done=worker.do(asked.get()))
            except (CannotStart, NoKnowledge, BadBeginning, BadScenario, BadHistory) as wrong:
                say(failed=str(wrong))


class _Worker:
    def __init__(self, player: Player, say: Callable[..., None]) -> None:
        self._player = player
        self._say = say
        self._explorer = Explorer(player.play, self._heard, shrinking=player.settings.shrinking)

    def do(self, told: Json) -> Json:
        """One thing: try the client, explore a block, play a history, or play it and make it shorter."""
        if "try" in told:
            return {"said": self._player.try_it()}
        if "explore" in told:
            block = told["explore"]
            until = None if block["seconds"] is None else monotonic() + block["seconds"]
            found = self._explorer.explore(
                self._player.draw,
                seed=f"{self._player.settings.seed}/{block['block']}",
                histories=block["histories"],
                until=until,
            )
            return {"failure": None if found is None else self._failure(found)}
        history = of_data(told["replay"])
        judged = self._player.play(history)
        self._heard(judged, shrinking=False)
        return {"failure": self._failure(history) if judged.complaints else None}

    def _failure(self, history: History) -> Json:
        """The history, how the client breaks invariants in it, and the story of it."""
        story = self._player.tell(history)
        judged = self._explorer.judged.get(history.key, story.judged)
        return {
            "history": as_data(history),
            "complaints": msgspec.to_builtins(judged.complaints),
            "again": bool(story.judged.complaints),
            "story": msgspec.to_builtins(story.told),
        }

    def _heard(self, judged: Judged, shrinking: bool) -> None:
        self._say(played={"runs": judged.runs, "client_seconds": judged.client_seconds, "shrinking": shrinking})


def _end_with_whoever_asks(asked: Queue[Json], end: Callable[[], None]) -> None:
    def gone(*_signal: object) -> None:
        end()
        os._exit(0)

    def listen() -> None:
        for line in sys.stdin:
            asked.put(json.loads(line))
        gone()

    signal.signal(signal.SIGTERM, gone)
    Thread(target=listen, daemon=True).start()


if __name__ == "__main__":
    main()
