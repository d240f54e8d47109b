"""A plugin of pytest for one run: makes one thing wrong as a module is imported, or notes what each test reaches."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, FrameType, ModuleType
from typing import Any

import pytest

from tests.mutants.mutation import mutated

MUTANT, REACH, FOLDERS = "MUTANT", "MUTANT_REACH", "MUTANT_FOLDERS"


class _Wrong(SourceFileLoader):
    """Loads a module with a mutation, past what was compiled of it."""

    number = 0

    def get_code(self, fullname: str) -> CodeType:
        with open(self.path, encoding="utf-8") as file:
            tree = mutated(file.read(), self.number)
        return compile(tree, self.path, "exec", dont_inherit=True)


class _Finder(MetaPathFinder):
    def __init__(self, module: str, number: int) -> None:
        self.module, self.number = module, number

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.module:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Wrong(fullname, spec.origin)
        spec.loader.number = self.number
        return spec


_reached: dict[str, set[str]] = {}
_test = [""]
_folders = tuple(filter(None, os.environ.get(FOLDERS, "").split(os.pathsep)))


def _trace(frame: FrameType, event: str, _: Any) -> Any:
    name = frame.f_code.co_filename
    if not name.startswith(_folders):
        return None

    def line(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            _reached.setdefault(f"{name}:{frame.f_lineno}", set()).add(_test[0])
        return line

    return line


if MUTANT in os.environ:
    _module, _, _number = os.environ[MUTANT].partition(":")
    assert _module not in sys.modules, f"{_module} is imported before it can be made wrong"
    sys.meta_path.insert(0, _Finder(_module, int(_number)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    if REACH not in os.environ:
        return (yield)
    _test[0] = item.nodeid
    sys.settrace(_trace)
    threading.settrace(_trace)
    try:
        return (yield)
    finally:
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]


def pytest_sessionfinish() -> None:
    if REACH in os.environ:
        with open(os.environ[REACH], "w", encoding="utf-8") as file:
            json.dump({place: sorted(tests) for place, tests in _reached.items()}, file)
