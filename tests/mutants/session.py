"""Plugins of pytest: one notes what each test reaches, one has a mutant judged in a fork of the loaded tests."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.mutants.catalogue import ROOT, Mutant
from tests.mutants.forks import forked
from tests.mutants.switch import loaded_functions, make_wrong

# Which tests judge rules and actions.
TESTS = (
    *("tests/ecf", "tests/rect", "tests/guidance", "tests/api", "tests/machine", "tests/scenario/test_stories.py"),
    *("tests/control/test_events.py", "tests/control/test_clock.py", "tests/conformance/test_recorded.py"),
    "tests/cli/test_catalogues.py",
)
# Those that take long, and so have their turn last, and of which some are enough.
LAST = ("tests/conformance", "tests/machine", "tests/rect/machine")
SLOW = 0.1  # seconds of a processor from which a test is left out of a quick run
EVERY = 16  # of the replays of recordings every so-manieth
ENDLESS = 120  # seconds of a processor after which a test counts as failed

STUCK = 900  # seconds of a clock after which it does

# The same for each mutant, with nothing remembered from one to the next; what fails need not be made small.
settings.register_profile(
    "mutants",
    max_examples=15,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.generate),
)


def run(arguments: Sequence[str], *plugins: object) -> int:
    """A session of pytest in this process, in which only plugins write."""
    options = ["-qq", "-s", "-n", "0", "-p", "no:cacheprovider", "--no-header", "--no-summary", "--assert=plain"]
    os.chdir(ROOT)
    return pytest.main([*options, "--hypothesis-profile=mutants", *arguments], plugins=list(plugins))


class Chosen:
    """What is slow is left out but for the state machines, and so are most replays."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        replays = [it for it in items if it.nodeid.startswith("tests/conformance")]
        dropped = {id(it) for n, it in enumerate(replays) if n % EVERY}
        dropped |= {id(it) for it in items if it.get_closest_marker("slow") and not it.nodeid.startswith(LAST)}
        items[:] = [it for it in items if id(it) not in dropped]


class Tracer:
    """Notes for each line below some folders which tests reach it, and how long each test takes."""

    def __init__(self, folders: Sequence[str]) -> None:
        self.lines: dict[str, dict[str, list[int]]] = {}
        self.seconds: dict[str, float] = {}
        self._folders = tuple(folders)
        self._reached: dict[str, set[int]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._reached = {}
        began = time.process_time()
        sys.settrace(self._trace)
        threading.settrace(self._trace)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            threading.settrace(None)  # type: ignore[arg-type]
            self.seconds[item.nodeid] = time.process_time() - began
            self.lines[item.nodeid] = {file: sorted(lines) for file, lines in self._reached.items()}

    def _trace(self, frame: FrameType, event: str, _: Any) -> Any:
        name = frame.f_code.co_filename
        if not name.startswith(self._folders):
            return None
        reached = self._reached.setdefault(name, set())

        def line(frame: FrameType, event: str, _: Any) -> Any:
            if event == "line":
                reached.add(frame.f_lineno)
            return line

        return line


class Judge:
    """Instead of running the tests, runs for each mutant some of them in a fork, until one fails."""

    def __init__(
        self,
        mutants: Sequence[Mutant],
        tests_for: Callable[[Mutant], Iterable[str]],
        report: Callable[[Mutant, str | None], None],
        at_once: int,
    ) -> None:
        self.mutants, self.tests_for, self.report, self.at_once = mutants, tests_for, report, at_once

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        functions = loaded_functions(sorted({it.module for it in self.mutants}))
        items = {it.nodeid: it for it in session.items}

        def work(it: Mutant) -> Callable[[], str]:
            chosen = [items[test] for test in self.tests_for(it) if test in items]

            def judge() -> str:
                assert make_wrong(it, functions), f"{it.told}: no function changes"
                be_quiet()
                return first_failure(session, chosen)

            return judge

        for it, answer in forked(((it, work(it)) for it in self.mutants), self.at_once):
            self.report(it, answer)
        return True


class FirstFailure:
    """Which test failed first, or that none could be loaded."""

    test = ""

    def pytest_runtest_logstart(self) -> None:
        _limit()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.test = self.test or report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.test = self.test or f"{report.nodeid} as it is loaded"


def be_quiet() -> None:
    """Nothing that is written in this process is seen from now on."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def first_failure(session: pytest.Session, items: Sequence[pytest.Item]) -> str:
    """The name of the first test that fails, or nothing. One that doesn't end is ended, and this process with it."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        _limit()
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return item.nodeid
    return ""


def _limit() -> None:
    for timer, number, seconds in (
        (signal.ITIMER_VIRTUAL, signal.SIGVTALRM, ENDLESS),
        (signal.ITIMER_REAL, signal.SIGALRM, STUCK),
    ):
        signal.signal(number, signal.SIG_DFL)
        signal.setitimer(timer, seconds)
