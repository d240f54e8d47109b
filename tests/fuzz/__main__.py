"""`make fuzz`: so many requests to the application, guided by coverage where atheris can be had."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from tests.fuzz import guided

SEED = 20261130


def main() -> int:
    """Draw, print what was found, and answer 1 if that is anything but slow."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000, help="how many are sent (100,000)")
    parser.add_argument("--seed", type=int, default=SEED, help="what is drawn depends on it")
    parser.add_argument("--plain", action="store_true", help="without coverage, by what is answered anew")
    parser.add_argument("--request", type=Path, help="send the request of this file, and say what is wrong with it")
    options = parser.parse_args()
    if options.request is not None:
        return _one(options.request)
    if not options.plain and guided.there():
        print("guided by coverage (atheris)", flush=True)
        guided.guided(options.requests, options.seed, _progress, _end)
    print("guided by answers", flush=True)
    from tests.fuzz.campaign import campaign

    found = campaign(options.requests, options.seed, progress=_progress)
    print(found.told())
    return 1 if found.failures else 0


def _one(file: Path) -> int:
    from tests.fuzz.campaign import Found, Round
    from tests.fuzz.request import read

    found = Found()
    round = Round(found)
    reply = round.ask(read(file.read_bytes()))
    round.end()
    print(reply, found.told(), sep="\n")
    return 1 if found.failures else 0


_told = [0]


def _progress(found: Any) -> None:
    if found.requests // 10_000 > _told[0]:
        _told[0] = found.requests // 10_000
        print(f"… {found.requests:,} requests, {len(found.failures)} kinds of failure", flush=True)


def _end(found: Any) -> None:
    print(found.told(), flush=True)
    sys.stdout.flush()
    os._exit(1 if found.failures else 0)  # the fuzzer would go on


if __name__ == "__main__":
    sys.exit(main())
