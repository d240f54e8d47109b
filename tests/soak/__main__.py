"""`make soak`: many worlds for many minutes; a line for each minute, and the verdict on the last third."""

from __future__ import annotations

import argparse
import sys

from tests.soak.load import LISTS
from tests.soak.run import CLIENTS, WITHIN, soak


def main() -> int:
    """Soak, and answer 1 if memory is not flat in the end."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--minutes", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"{CLIENTS} clients in {options.worlds} worlds of {' and '.join(LISTS)}\n")
    print("| minute | resident MB | counted MB | requests |\n| --- | --- | --- | --- |", flush=True)
    soaked = soak(
        options.worlds,
        options.minutes,
        options.seed,
        lambda minute, held, counted, requests: print(
            f"| {minute} | {held:.1f} | {counted:.1f} | {requests:,} |", flush=True
        ),
    )
    print(f"\n{soaked.requests:,} requests, {soaked.refused:,} of them refused as they should be")
    verdict = "flat" if soaked.flat else "NOT FLAT"
    print(f"{verdict}: the last third strays by {soaked.stray:.1%}, at most {WITHIN:.0%} is allowed")
    return 0 if soaked.flat else 1


if __name__ == "__main__":
    sys.exit(main())
