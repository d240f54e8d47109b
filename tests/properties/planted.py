"""Measures how soon each planted fault is found: `python -m tests.properties.planted [--seeds 10] [--histories 200]`.

Prints a table: found after how many histories, in how many seconds, and the steps of the story that is told of it,
each the median of the seeds. With `--sound 2000` the client without a fault is played so many histories.
"""

from __future__ import annotations

import argparse
import inspect
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from ecf_sandbox.testing import ClientMachine
from tests.properties.clients import PLANTED, PLANTED_OF_RECT, Sound, SoundOfRect

STEPS = 8


@dataclass
class Found:
    """How a fault was found: after how many histories, in how long, and the story that was told of it."""

    histories: int
    seconds: float
    shrunk: float
    story: tuple[str, ...]
    invariant: str


def machine_for(made, numbered):
    """A machine that counts its histories until the first that fails."""

    class Counting(ClientMachine):
        client = made
        service = made.service
        histories = None
        begun = 0
        failed_at = 0
        first_failure = 0.0
        shortest: tuple[str, ...] = ()

        def __init__(self):
            super().__init__()
            if not Counting.failed_at:
                Counting.begun += 1

        def _fails(self, error):
            if not Counting.failed_at:
                Counting.failed_at, Counting.first_failure = Counting.begun, perf_counter()
            Counting.shortest = tuple(self.story)
            super()._fails(error)

    return seed(numbered)(Counting)


def play(client, *, numbered, histories, shrink=True):
    """How a fault of a client was found; None if it was not."""
    machine = machine_for(client, numbered)
    began = perf_counter()
    try:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=histories,
                stateful_step_count=STEPS,
                database=None,
                deadline=None,
                phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
                suppress_health_check=list(HealthCheck),
                verbosity=Verbosity.quiet,
                report_multiple_bugs=False,
                print_blob=False,
            ),
        )
    except Exception as raised:
        if not machine.failed_at:
            raise
        ended = perf_counter()
        return Found(
            histories=machine.failed_at,
            seconds=machine.first_failure - began,
            shrunk=ended - machine.first_failure,
            story=machine.shortest,
            invariant=getattr(raised, "complaints", (None,))[0].invariant
            if hasattr(raised, "complaints")
            else type(raised).__name__,
        )
    return None


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--histories", type=int, default=200)
    parser.add_argument("--sound", type=int, default=0)
    parser.add_argument("--only", default="")
    parser.add_argument("--unshrunk", action="store_true", help="do not make the stories shorter")
    parser.add_argument("--story", action="store_true")
    parser.add_argument("--service", choices=("ecf", "rect"), default="ecf")
    asked = parser.parse_args()
    sound, planted = (Sound, PLANTED) if asked.service == "ecf" else (SoundOfRect, PLANTED_OF_RECT)
    if asked.sound:
        began = perf_counter()
        found = play(sound, numbered=1, histories=asked.sound)
        print(f"a sound client, {asked.sound} histories in {perf_counter() - began:.0f} s: {found or 'no complaint'}")
    if asked.seeds:
        print("| client | invariant | found | after histories | seconds | to shrink | steps |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
    for client in planted if asked.seeds else ():
        if asked.only in client.__name__:
            how = {"histories": asked.histories, "shrink": not asked.unshrunk}
            report(client, [play(client, numbered=it, **how) for it in range(asked.seeds)], asked)


def report(client, found, asked):
    """A row of the table."""
    did = [it for it in found if it is not None]
    if did:
        which = ", ".join(sorted({it.invariant for it in did}))
        figures = " | ".join(
            [
                f"{median(it.histories for it in did):g} (at most {max(it.histories for it in did)})",
                f"{median(it.seconds for it in did):.1f}",
                f"{median(it.shrunk for it in did):.1f}",
                f"{median(len(it.story) for it in did):g} (at most {max(len(it.story) for it in did)})",
            ]
        )
        print(f"| {client.__name__} | {which} | {len(did)} of {len(found)} | {figures} |", flush=True)
    else:
        print(f"| {client.__name__} | | 0 of {len(found)} | | | | |", flush=True)
    if asked.story and did:
        for line in max(did, key=lambda it: len(it.story)).story:
            print("   ", line)
        print("   ", inspect.getdoc(client))


if __name__ == "__main__":
    main()
