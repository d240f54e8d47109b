"""`make fuzz`: so many requests to the application, a share of them guided by coverage where atheris can be had."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.fuzz.jobs import in_jobs

SEED = 20261201


def main() -> int:
    """Draw, print what was found, and answer 1 if that is anything but slow."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000, help="how many are sent (100,000)")
    parser.add_argument("--seed", type=int, default=SEED, help="what is drawn depends on it")
    parser.add_argument("--jobs", type=int, default=2, help="processes, each with a seed of its own (2)")
    parser.add_argument("--plain", action="store_true", help="without coverage, by what is answered anew")
    parser.add_argument("--request", type=Path, help="send the request of this file, and say what is wrong with it")
    parser.add_argument("--service", default="ecf", help="to a world of this service (ecf)")
    options = parser.parse_args()
    if options.request is not None:
        return _one(options.request, options.service)
    with tempfile.TemporaryDirectory(prefix="ecf-sandbox-fuzz-") as folder:
        found = in_jobs(options.requests, options.seed, options.jobs, Path(folder), plain=options.plain)
    print(found.told())
    return 1 if found.failures or found.requests < options.requests else 0


def _one(file: Path, service: str) -> int:
    from tests.fuzz.campaign import Found, Round
    from tests.fuzz.request import read

    found = Found()
    round = Round(found, service)
    reply = round.ask(read(file.read_bytes()))
    round.end()
    print(reply, found.told(), sep="\n")
    return 1 if found.failures else 0


if __name__ == "__main__":
    sys.exit(main())
