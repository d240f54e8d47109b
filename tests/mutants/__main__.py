"""`make mutants`: makes small mistakes in rules and actions, and tells which of them no test notices."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence

from tests.mutants.catalogue import SERVICES, Mutant, accepted, drawn, modules, mutants, short
from tests.mutants.judge import judge
from tests.mutants.reach import Reach
from tests.mutants.results import KILLED, Results
from tests.mutants.session import TESTS


def main() -> int:
    """Go on where the last run ended, print shares by module, and answer 1 if one survives that is not accepted."""
    options = _parser().parse_args()
    known = accepted()
    names = modules(options.module, options.service or SERVICES)
    chosen = drawn(
        [it for name in names for it in mutants(name) if options.only in it.told], options.sample, options.seed
    )
    reach = Reach(options.tests or TESTS, quick=options.quick)
    results = Results(reach.digest)
    todo = [it for it in chosen if it.name not in known and (options.again or results.of(it) is None)]
    print(f"{len(chosen)} mutants, {len(todo)} to try", flush=True)
    if todo:
        print("Tracing which tests reach which line, unless that is known", flush=True)
        traced = reach.trace()
        print(f"{traced} files of tests traced", flush=True)
        judge(todo, reach, results, _progress(len(todo)), options.jobs)
    return _report(chosen, results, known)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--service", action="append", choices=SERVICES, help="only this service; repeatable")
    parser.add_argument("--module", action="append", default=[], help="only modules whose name has this; repeatable")
    parser.add_argument("--only", default="", help="only mutants whose description has this text")
    parser.add_argument("--sample", type=int, help="try so many, drawn from all; without it, all")
    parser.add_argument("--seed", type=int, default=1, help="which are drawn")
    parser.add_argument("--again", action="store_true", help="try those again that are known, too")
    parser.add_argument("--quick", action="store_true", help="only by quick tests: what survives is not kept")
    parser.add_argument("--jobs", type=int, default=1, help="so many at once")
    parser.add_argument("--tests", action="append", help="judge by these files or folders of tests only; repeatable")
    return parser


class _progress:
    def __init__(self, number: int) -> None:
        self.number, self.done = number, 0

    def __call__(self, it: Mutant, outcome: str) -> None:
        self.done += 1
        if outcome != KILLED:
            print(f"{self.done}/{self.number} {outcome}: {it.told}", flush=True)
        elif self.done % 50 == 0:
            print(f"{self.done}/{self.number}", flush=True)


def _report(chosen: Sequence[Mutant], results: Results, known: dict[str, str]) -> int:
    print("\n| module | mutants | killed | accepted | killed of all | killed of those not accepted |")
    print("| --- | --- | --- | --- | --- | --- |")
    by_module: dict[str, Counter[str]] = {}
    left = []
    for it in chosen:
        counts = by_module.setdefault(short(it.module), Counter())
        counts["all"] += 1
        result = results.of(it)
        if it.name in known:
            counts["accepted"] += 1
        elif result and result.outcome == KILLED:
            counts["killed"] += 1
        else:
            left.append(f"{result.outcome if result else 'not tried'}: {it.name}  (line {it.mutation.line})")
    whole = sum(by_module.values(), Counter())
    for name, n in [*sorted(by_module.items()), ("all", whole)]:
        own = n["all"] - n["accepted"]
        shares = f"{n['killed'] / (n['all'] or 1):.1%} | {n['killed'] / own if own else 1:.1%}"
        print(f"| {name} | {n['all']} | {n['killed']} | {n['accepted']} | {shares} |")
    print(*["", *sorted(left)], sep="\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
