"""Makes one thing wrong in a module: as it is imported, or in its functions where it is loaded already."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, FunctionType, ModuleType
from typing import Any

from tests.mutants.catalogue import Mutant, source_of
from tests.mutants.mutation import mutated

Place = tuple[str, str, int]  # of a function: its file, its qualified name, its first line


class _WrongLoader(SourceFileLoader):
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
        spec.loader = _WrongLoader(fullname, spec.origin)
        spec.loader.number = self.number
        return spec


def make_wrong_at_import(it: Mutant) -> None:
    """From now on the module is imported with the mutation."""
    assert it.module not in sys.modules, f"{it.module} is imported before it can be made wrong"
    sys.meta_path.insert(0, _Finder(it.module, it.number))


def loaded_functions(modules: Sequence[str]) -> dict[Place, list[FunctionType]]:
    """The functions of these modules, which are imported, by where they are written."""
    files = {str(source_of(it)) for it in modules}
    for it in modules:
        import_module(it)
    found: dict[Place, list[FunctionType]] = {}
    for it in gc.get_objects():
        if isinstance(it, FunctionType) and it.__code__.co_filename in files:
            found.setdefault(_place(it.__code__), []).append(it)
    return found


def is_switchable(it: Mutant) -> bool:
    """Whether it can be made where the module is loaded already: in functions, in a rule, in a rulebook."""
    if it.mutation.at_import:
        return it.mutation.made_by in ("rule", "Rulebook")
    # A method without it does not hold its class, and is not exchanged for one that does.
    return "super()" not in it.mutation.before or "super()" in it.mutation.after


def make_wrong(it: Mutant, functions: dict[Place, list[FunctionType]]) -> int:
    """Give the functions that the mutation changes their changed code, whoever holds them; answers how many.

    A rule or a rulebook gets what makes another of it, with the rules that there are.
    """
    if it.mutation.at_import:
        _make_another(it)
        return 1
    path = str(source_of(it.module))
    source = source_of(it.module).read_text(encoding="utf-8")
    changed = 0
    for code in _codes(compile(mutated(source, it.number), path, "exec", dont_inherit=True)):
        for function in functions.get(_place(code), ()):
            if function.__code__ != code:
                function.__code__ = code
                changed += 1
    return changed


def _make_another(it: Mutant) -> None:
    module = sys.modules[it.module]
    made: dict[str, Any] = {"__name__": it.module}
    source = source_of(it.module).read_text(encoding="utf-8")
    exec(compile(mutated(source, it.number), str(source_of(it.module)), "exec", dont_inherit=True), made)
    old, new = getattr(module, it.mutation.function), made[it.mutation.function]
    present = {id(made[name]): value for name, value in vars(module).items() if name in made}
    for field in fields(old):
        value = getattr(new, field.name)
        if field.name == "rules":
            value = tuple(present.get(id(rule), rule) for rule in value)
        if field.name != "broken_by":
            object.__setattr__(old, field.name, value)


def _place(code: CodeType) -> Place:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _codes(code: CodeType) -> Iterator[CodeType]:
    for it in code.co_consts:
        if isinstance(it, CodeType):
            yield it
            yield from _codes(it)
