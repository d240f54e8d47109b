"""Worlds that several tests share: made by `ecf_worlds`, closed with the fixture that asked, told of test by test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from ecf_sandbox.pytest_plugin.run import Run, test_of
from ecf_sandbox.pytest_plugin.settings import marked, read_marked

if TYPE_CHECKING:
    from ecf_sandbox.pytest_plugin.run import NamedTest
    from ecf_sandbox.state.journal import Exchange
    from ecf_sandbox.testing.world import EcfWorld

_AS_SET: Any = object()  # None is a moment that can be asked for: the machine's time
Key = tuple[int, int]


class SharedWorld:
    """A world with what each test asked of it. `expected` are the codes of findings that fail no test.

    An exchange may be taken back after the test that it belongs to, so it is written once the world closes, or its
    journal lets it go.
    """

    def __init__(self, world: EcfWorld, run: Run, file: str, expected: frozenset[str]) -> None:
        self.world = world
        self.expected = expected
        self._run = run
        self._file = file
        self._kept: dict[Key, tuple[Exchange, NamedTest | None, int]] = {}

    def take(self, item: pytest.Item | None) -> None:
        """Take over what was asked since the last call, which belongs to a test."""
        present = dict(_keyed(self.world.whole_journal))
        new = [key for key in present if key not in self._kept]
        test = test_of(item) if item is not None and new else None
        for key in new:
            self._kept[key] = present[key], test, self._run.begun
        for key, (before, of_test, begun) in list(self._kept.items()):
            self._kept[key] = present.get(key, before), of_test, begun
        self._run.coverage.add((present[key] for key in new), self.world.world.service)
        self._write([key for key in self._kept if key not in present])

    @property
    def asked_by_the_test(self) -> list[Exchange]:
        """What the test that runs has asked, and the fixtures that were made for it first."""
        return [it for it, _, begun in self._kept.values() if begun == self._run.begun]

    def close(self, item: pytest.Item | None) -> None:
        """Write what is left, and let the world go."""
        self.take(item)
        self._write(list(self._kept))
        self._run.stage.forget(self.world.name)

    def _write(self, keys: Iterable[Key]) -> None:
        for key in keys:
            it, test, _ = self._kept.pop(key)
            self._run.write(test, self.world.name, [it], explain=self.world.explanation, file=self._file)


def _keyed(journal: Iterable[Exchange]) -> Iterator[tuple[Key, Exchange]]:
    """The exchanges by their numbers and how often those were there before: a world made anew counts from 1."""
    before: Counter[int] = Counter()
    for it in journal:
        yield (it.number, before[it.number]), it
        before[it.number] += 1


class EcfWorlds:
    """Makes worlds that several tests share: `ecf_worlds("orders")` in a fixture of any scope.

    The world lives as long as the fixture that asks, and its name stands in its tokens and in the report.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._made = 0

    def __call__(
        self,
        name: str,
        *,
        scenario: str = _AS_SET,
        service: str = _AS_SET,
        edition: str = _AS_SET,
        now: Any = _AS_SET,
        observer: str = _AS_SET,
        expect_findings: str | Iterable[str] = (),
    ) -> EcfWorld:
        """A fresh world; what is not said is as the markers of the class or module have it, or the settings.

        Asked by a test itself, it lives as long as the test.
        """
        told = {"scenario": scenario, "service": service, "edition": edition, "now": now, "observer": observer}
        chosen = {key: value for key, value in told.items() if value is not _AS_SET}
        node, at_end = self._asking(name)
        try:
            shared = self._share(name, node, {**chosen, "expect_findings": expect_findings})
        except ValueError as wrong:
            raise pytest.fail.Exception(f"ecf-sandbox: {wrong}", pytrace=False) from None
        self._run.shared[name] = shared
        at_end(lambda: self._run.close_shared(name))
        return shared.world

    def _asking(self, name: str) -> tuple[pytest.Item | pytest.Collector, Callable[[Callable[[], object]], None]]:
        """Where the fixture that asks belongs, or the test, and what closes the world with it."""
        if self._run.asking:
            request = self._run.asking[-1]
            return request.node, request.addfinalizer
        if self._run.is_running and self._run.item is not None:
            return self._run.item, self._run.item.addfinalizer
        pytest.fail(
            f"ecf-sandbox: the world {name!r} is asked for as things end: nothing would close it", pytrace=False
        )

    def _share(self, name: str, node: pytest.Item | pytest.Collector, told: dict[str, Any]) -> SharedWorld:
        if name == self._run.stage.worlds.main.name:
            raise ValueError(f"the world {name!r} is there for all tests: give yours another name")
        if name in self._run.shared:
            raise ValueError(f"another fixture has a world {name!r} at the moment: give one of them another name")
        chosen = {**marked(node), **read_marked(told, "ecf_worlds")}
        world = self._run.stage.world(name, self._run.setting(chosen))
        self._made += 1
        return SharedWorld(world, self._run, f"{self._run.worker}-{self._made:06}", chosen["expect_findings"])
