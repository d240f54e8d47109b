"""Every mutant of every service: its module, its name, and the reasons for those that no test should notice."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tests.mutants.mutation import Mutation, mutations

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "sandbox" / "ecf_sandbox"
SERVICES = ("ecf", "rect")
AREAS = ("rules", "actions")
ACCEPTED = Path(__file__).with_name("accepted.toml")


@dataclass(frozen=True)
class Mutant:
    """A mutation of a module."""

    module: str
    number: int
    mutation: Mutation

    @property
    def key(self) -> str:
        """What it is known by from run to run."""
        return f"{short(self.module)}:{self.mutation.key}"

    @property
    def told(self) -> str:
        """In a line."""
        return f"{short(self.module)}: {self.mutation.told}"

    @property
    def name(self) -> str:
        """How it is named where reasons are listed: without the line, which moves."""
        it = self.mutation
        again = f"  ({it.nth})" if it.nth > 1 else ""
        return f"{short(self.module)}.{it.function}: {it.before}  →  {it.after}{again}"


def short(module: str) -> str:
    """The name of a module without that of the package."""
    return module.removeprefix("ecf_sandbox.")


def folders(services: Sequence[str] = SERVICES) -> list[Path]:
    """Where the mutated modules lie."""
    return [PACKAGE / service / area for service in services for area in AREAS]


def modules(only: Sequence[str] = (), services: Sequence[str] = SERVICES) -> Iterator[str]:
    """The modules that are mutated, or those whose name has one of the words."""
    for folder in folders(services):
        for file in sorted(folder.glob("*.py")):
            name = ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts)
            if file.name != "__init__.py" and (not only or any(it in name for it in only)):
                yield name


@lru_cache
def mutants(module: str) -> tuple[Mutant, ...]:
    """All of a module."""
    found = mutations(source_of(module).read_text(encoding="utf-8"))
    return tuple(Mutant(module, n, it) for n, it in enumerate(found))


def source_of(module: str) -> Path:
    """The file of a module."""
    return PACKAGE.parent.joinpath(*module.split(".")).with_suffix(".py")


def accepted() -> dict[str, str]:
    """The reasons for those that no test should notice, by name."""
    listed = tomllib.loads(ACCEPTED.read_text(encoding="utf-8"))["accepted"]
    return {it["mutant"]: it["reason"] for it in listed}


def drawn(found: Sequence[Mutant], number: int | None, seed: int) -> list[Mutant]:
    """So many of them, spread over all, or all in their order."""
    if number is None or number >= len(found):
        return list(found)
    return random.Random(seed).sample(list(found), number)
