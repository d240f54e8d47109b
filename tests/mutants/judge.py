"""Judges mutants: in forks of loaded tests, or, where that can't be, in forks that load all anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from tests.mutants.catalogue import Mutant
from tests.mutants.forks import forked, in_fork
from tests.mutants.reach import Reach
from tests.mutants.results import KILLED, SURVIVED, UNREACHED, Results
from tests.mutants.session import Chosen, FirstFailure, Judge, be_quiet, run
from tests.mutants.switch import is_switchable, make_wrong_at_import

# What tests load besides the package: loaded once, before any fork.
LOADED = "flask hypothesis.stateful immutables jinja2 jsonschema_rs msgspec waitress werkzeug.test xdist yaml".split()
FIRST = 150  # with so many tests first, which are in few files: to load those of all takes longer


def judge(
    mutants: Sequence[Mutant], reach: Reach, results: Results, told: Callable[[Mutant, str], None], at_once: int = 1
) -> None:
    """Judge all of them, keep what came of each, and tell it."""

    def report(it: Mutant, test: str | None) -> None:
        outcome = SURVIVED if test == "" else KILLED
        kept = outcome == KILLED or not reach.quick
        results.add(it, outcome, "a test that did not end" if test is None else test, kept=kept)
        if test:
            reach.noticed(it, test)
        told(it, outcome)

    reached = []
    for it in mutants:
        if reach.of(it):
            reached.append(it)
        else:
            results.add(it, UNREACHED)
            told(it, UNREACHED)
    for name in LOADED:
        import_module(name)
    anew = [it for it in reached if not is_switchable(it)]
    for it, test in forked(((it, _loads_anew(it, reach.of(it))) for it in anew), at_once):
        report(it, test)
    switched = [it for it in reached if is_switchable(it)]
    if switched:
        run(reach.tests, Chosen(), Judge(switched, reach.of, report, at_once))


def _loads_anew(it: Mutant, tests: Sequence[str]) -> Callable[[], str | None]:
    def work() -> str | None:
        be_quiet()
        make_wrong_at_import(it)
        for some in (tests[:FIRST], tests[FIRST:]):
            failure = in_fork(lambda some=some: _failure(some)) if some else ""
            if failure != "":
                return failure
        return ""

    return work


def _failure(tests: Sequence[str]) -> str:
    failure = FirstFailure()
    return failure.test or "the loading of tests" if run(["-x", *tests], failure) else ""
