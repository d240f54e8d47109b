"""`make mutants`: makes small mistakes in rules and actions, and tells which of them no test notices."""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from tests.mutants.run import KILLED, Mutant, Reach, Results, accepted, drawn, modules, mutants, name_of, try_one


def main() -> int:
    """Go on where the last run ended, print shares by module, and answer 1 if one survives that is not accepted."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--module", action="append", default=[], help="only modules whose name has this; repeatable")
    parser.add_argument("--sample", type=int, help="try so many, drawn from all; without it, all")
    parser.add_argument("--seed", type=int, default=1, help="which are drawn")
    parser.add_argument("--only", default="", help="only mutants whose description has this text")
    parser.add_argument("--again", action="store_true", help="try those again that survived")
    parser.add_argument("--quick", action="store_true", help="the likeliest tests only: what survives is not kept")
    options = parser.parse_args()
    results, known = Results(), accepted()
    found = [it for name in modules(options.module) for it in mutants(name) if options.only in it.told]
    chosen = drawn(found, options.sample, options.seed)
    todo = [it for it in chosen if results.of(it) is None or (options.again and results.of(it) != KILLED)]
    todo = [it for it in todo if name_of(it) not in known]
    print(f"{len(found)} mutants, {len(chosen)} chosen, {len(todo)} to try", flush=True)
    reach = Reach() if todo else None
    for n, it in enumerate(todo, 1):
        assert reach is not None
        result = try_one(it, reach.of(it), quick=options.quick)
        results.add(it, result, kept=result == KILLED or not options.quick)
        if result != KILLED:
            print(f"{n}/{len(todo)} {result}: {it.told}", flush=True)
        elif n % 25 == 0:
            print(f"{n}/{len(todo)}", flush=True)
    return _report(chosen, results, known)


def _report(chosen: list[Mutant], results: Results, known: dict[str, str]) -> int:
    print("\n| module | tried | killed | share | accepted |\n| --- | --- | --- | --- | --- |")
    by_module: dict[str, Counter[str]] = {}
    left = []
    for it in chosen:
        counts = by_module.setdefault(it.module.removeprefix("ecf_sandbox.ecf."), Counter())
        if name_of(it) in known:
            counts["accepted"] += 1
        elif (result := results.of(it)) is not None:
            counts["tried"] += 1
            counts["killed"] += result == KILLED
            if result != KILLED:
                left.append(f"{result}: {name_of(it)}  (line {it.mutation.line})")
    whole = sum(by_module.values(), Counter())
    for name, counts in [*sorted(by_module.items()), ("all", whole)]:
        share = counts["killed"] / counts["tried"] if counts["tried"] else 1
        print(f"| {name} | {counts['tried']} | {counts['killed']} | {share:.1%} | {counts['accepted']} |")
    print(*["", *sorted(left)], sep="\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
