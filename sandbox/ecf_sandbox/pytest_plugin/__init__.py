"""The pytest plugin `ecf_sandbox`: a world for each test, and at the end which rules were put to the test."""

from __future__ import annotations

import warnings
from collections.abc import Generator
from typing import Any

import pytest

from ecf_sandbox.pytest_plugin.fixtures import RUN, WORLD, ecf_client, ecf_env, ecf_server, ecf_world, ecf_worlds
from ecf_sandbox.pytest_plugin.run import Run
from ecf_sandbox.pytest_plugin.settings import add_options, marked, read_settings

__all__ = ["ecf_client", "ecf_env", "ecf_server", "ecf_world", "ecf_worlds"]

_FIXTURES = frozenset(__all__)
STRAY = pytest.StashKey[list[Any]]()


class EcfStrayRequestWarning(UserWarning):
    """A test asked a world that is not its own: main, which all share, or that of another test."""


_MARKER = (
    "ecf(scenario, service, now, edition, observer, expect_findings, stray_requests): what the test's ecf_world begins"
    " as: the name or file of a scenario, whose API it is (ecf or rect), the moment at which its clock stands still,"
    " whose behaviour it shows, what is done with findings (off, note, refuse); the codes of findings that do not fail"
    " the test; and what is done about requests to other worlds (ignore, warn, fail)"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options whose names begin with --ecf."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Read the settings."""
    config.addinivalue_line("markers", _MARKER)
    config.stash[RUN] = Run(config, read_settings(config))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Load the sandbox if any test will need it, while time is what it is."""
    if session.config.option.collectonly:
        return
    if any(not _FIXTURES.isdisjoint(getattr(it, "fixturenames", ())) for it in session.items):
        session.config.stash[RUN].prepare()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A marker that is wrong is the test's error, whether or not it has a world."""
    run = item.config.stash[RUN]
    run.item, run.is_running, run.begun = item, True, run.begun + 1
    try:
        marked(item)
    except ValueError as wrong:
        raise pytest.fail.Exception(f"ecf-sandbox: {wrong}", pytrace=False) from None


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(request: pytest.FixtureRequest) -> Generator[None, Any, Any]:
    """Know which fixture asks for a world that is to live as long as it does."""
    asking = request.config.stash[RUN].asking
    asking.append(request)
    try:
        return (yield)
    finally:
        asking.pop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """After its own assertions a test fails for errors that the observer found, unless it expects them."""
    try:
        yield
    except BaseException:
        _take_stray_requests(item)  # told below the failed test
        raise
    _look_for_stray_requests(item)
    if found := _findings(item):
        from ecf_sandbox.pytest_plugin.failure import unexpected

        if problem := unexpected(found, marked(item).get("expect_findings", ())):
            pytest.fail(problem, pytrace=False)


def _findings(item: pytest.Item) -> list[Any]:
    """What the observer found in the requests of a test, of its own world and of those that it shares."""
    world, run = item.stash.get(WORLD, None), item.config.stash[RUN]
    run.take_shared()
    shared = run.shared.values()
    found = [
        one for it in shared for each in it.asked_by_the_test for one in each.findings if one.code not in it.expected
    ]
    return [*(world.findings if world else ()), *found]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """What a test asked of other worlds as it ended counts as well."""
    item.config.stash[RUN].is_running = False
    yield
    item.config.stash[RUN].take_shared()
    _look_for_stray_requests(item)


def _take_stray_requests(item: pytest.Item) -> list[Any]:
    found = item.config.stash[RUN].stray_requests(item)
    item.stash[STRAY] = [*item.stash.get(STRAY, []), *found]
    return found


def _look_for_stray_requests(item: pytest.Item) -> None:
    """Warn, or fail the test, for requests to a world that is not its own, as the settings say."""
    found = _take_stray_requests(item)
    if not found:
        return
    wanted = marked(item).get("stray_requests", item.config.stash[RUN].settings.stray_requests)
    if wanted == "ignore":
        return
    from ecf_sandbox.pytest_plugin.failure import stray_text

    if wanted == "fail":
        pytest.fail(stray_text(found), pytrace=False)
    warnings.warn(EcfStrayRequestWarning(stray_text(found)), stacklevel=2)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell below a failed test what it asked and what it was answered."""
    report = yield
    world, stray = item.stash.get(WORLD, None), item.stash.get(STRAY, [])
    if report.when == "call" and report.failed and world is not None:
        from ecf_sandbox.pytest_plugin.failure import exchanges_text, title

        report.sections.append((title(world), exchanges_text(world)))
    if report.when == "call" and report.failed:
        report.sections += _of_shared_worlds(item)
    if report.when == "call" and report.failed and stray:
        from ecf_sandbox.pytest_plugin.failure import stray_text

        report.sections.append(("ecf-sandbox: other worlds", stray_text(stray)))
    if report.when == "teardown" and world is not None:
        del item.stash[WORLD]  # pytest keeps every item to the end of the run
    return report


def _of_shared_worlds(item: pytest.Item) -> list[tuple[str, str]]:
    run = item.config.stash[RUN]
    run.take_shared()
    asked = [(it.world, journal) for it in run.shared.values() if (journal := it.asked_by_the_test)]
    if not asked:
        return []
    from ecf_sandbox.pytest_plugin.failure import exchanges_text, title

    return [(title(world), exchanges_text(world, journal)) for world, journal in asked]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker of pytest-xdist has ended: take over what it has learnt."""
    handed_over = getattr(node, "workeroutput", {}).get("ecf_sandbox")
    if handed_over:
        node.config.stash[RUN].coverage.merge(handed_over)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand over as a worker; else insist on what the settings ask for.

    pytest may end fixtures in this hook as well (`--exitfirst`), which still need their worlds.
    """
    run = session.config.stash[RUN]
    run.close()
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["ecf_sandbox"] = run.coverage.plain()
    elif run.too_few and session.exitstatus == pytest.ExitCode.OK and not session.config.option.collectonly:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """One line of rule coverage, and what is wrong with it."""
    run = config.stash[RUN]
    if run.is_worker:
        return
    if run.coverage:
        terminalreporter.write_line(run.coverage.line())
    if run.too_few:
        terminalreporter.write_line(run.too_few, red=True)
    if path := run.merged_report():
        terminalreporter.write_line(f"ecf-sandbox: the requests and answers are in {path}")
