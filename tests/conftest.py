"""What `pytest` runs, how much it draws, and what holds for all tests.

While one edits: `pytest -n auto` (`make test`) leaves out what is slow. Before a merge: `pytest -n auto --all`
(`make test-all`) is everything.

A test is slow if it starts a process, or if what it draws, plays or loads takes more than about a second. Its module
says `pytestmark = pytest.mark.slow`, or it alone has the marker. One that starts a process without it fails and says
so. What is named on the command line runs, slow or not: `pytest tests/examples`, `pytest tests/cli/test_main.py`, a
node id; so does what is chosen by its marker, `pytest -m slow`.

How much a property test draws is the profile's to say (`--hypothesis-profile`): `quick` is that of a short run and
draws a seventh, elsewhere each time; `ci` is that of `--all`, and draws the same each time, so that it turns red by a
change only; `long`, by hand, draws twenty times as much, elsewhere each time. A test that wants more than others says
`@settings(max_examples=examples(600))`, which is 600 in `ci` (`tests/effort.py`).

A machine that is busy with something else makes no test fail: none has a deadline.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Workers have one, and what a command prints where it is no terminal depends on it.
os.environ.pop("COLUMNS", None)

TESTS = Path(__file__).resolve().parent
ALL_SLOW = "\npytestmark = pytest.mark.slow\n"
UNHURRIED: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("quick", max_examples=15, **UNHURRIED)
settings.register_profile("ci", max_examples=100, derandomize=True, print_blob=True, **UNHURRIED)
settings.register_profile("long", max_examples=2000, **UNHURRIED)

# How wide tables are; pytest-xdist sets it for its workers.
os.environ.pop("COLUMNS", None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="Run what is slow, too.")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: starts processes, or takes long; only with --all or when it is named")
    if not config.getoption("--hypothesis-profile"):
        settings.load_profile("ci" if config.getoption("--all") else "quick")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    # What is slow as a whole is not even loaded: half a second of schemathesis, for one.
    slow = collection_path.suffix == ".py" and ALL_SLOW in collection_path.read_text(encoding="utf-8")
    return True if slow and not _wanted(config, collection_path) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = {it: it.get_closest_marker("slow") is None or _wanted(config, it.path) for it in items}
    config.hook.pytest_deselected(items=[it for it in items if not chosen[it]])
    items[:] = [it for it in items if chosen[it]]


def _wanted(config: pytest.Config, file: Path) -> bool:
    """Whether the slow tests of a file run: all do, it or a folder around it is named, or their marker is."""
    if config.getoption("--all") or "slow" in config.option.markexpr:
        return True
    named = [(config.invocation_params.dir / it.partition("::")[0]).resolve() for it in config.args]
    around = [it for it in (file.resolve(), *file.resolve().parents) if TESTS in it.parents]
    return any(it in named for it in around)


# Whatever starts a process tells so by one of these events of the interpreter.
STARTS = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system"}
_running: list[pytest.Item] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    _running.append(item)
    try:
        return (yield)
    finally:
        _running.pop()


def _only_slow_tests_start_processes(event: str, _: object, starts: set[str] = STARTS) -> None:
    # A default, since at the end of the interpreter names of the module are gone.
    if event in starts and _running and _running[-1].get_closest_marker("slow") is None:
        raise RuntimeError(f"{_running[-1].nodeid} starts a process, which is slow: mark it with @pytest.mark.slow")


sys.addaudithook(_only_slow_tests_start_processes)
