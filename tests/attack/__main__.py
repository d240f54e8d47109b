"""`make attack`: every case with a server of its own, in full size; prints what held."""

from __future__ import annotations

import argparse
import sys
import traceback
from fnmatch import fnmatch

from tests.attack.cases import CASES
from tests.attack.target import attacked


def main() -> int:
    """Attack, print a line for each claim, and answer 1 if one does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.attack", description=__doc__)
    parser.add_argument("--size", type=int, default=4, help="how much of each there is; 1 in make test-all (4)")
    parser.add_argument("--only", default="*", help="the cases whose name matches, such as 'long_*'")
    options = parser.parse_args()
    chosen = [it for it in CASES if fnmatch(it.act.__name__, options.only)]
    failed = 0
    for it in chosen:
        with attacked(options.size, *it.options) as target:
            try:
                it.act(target)
                print(f"held    {it.act.__name__}: {it.claim}", flush=True)
            except Exception as error:
                failed += 1
                print(f"FAILED  {it.act.__name__}: {it.claim}", flush=True)
                print("".join(f"        {line}" for line in traceback.format_exception(error)[-3:]), flush=True)
    print(f"{len(chosen) - failed} of {len(chosen)} claims held")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
