"""The recordings of the real service: worlds, and the cases that were recorded on each."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).with_name("recorded")
COMPRESSED = ".xz"
# A recording that has the name of a service is of that one, any other of the first.
FIRST, OTHERS = "ecf", ("rect",)

Case = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Cases that were all recorded on one world."""

    name: str
    world_file: Path
    case_files: tuple[Path, ...]

    @property
    def target(self) -> Path:
        """The file that opens what answers."""
        return RECORDED.with_name("target.py" if self.service == FIRST else f"{self.service}_target.py")

    @property
    def service(self) -> str:
        """The service that was recorded, by name."""
        return self.name if self.name in OTHERS else FIRST

    def world(self) -> dict[str, Any]:
        """The state that every case starts from."""
        world: dict[str, Any] = json.loads(text_of(self.world_file))
        return world

    def cases(self) -> Iterator[Case]:
        """Every case, in the order of the files."""
        for file in self.case_files:
            yield from cases_in(file)


def recorded() -> tuple[Recording, ...]:
    """The project's own recordings, oldest world first."""
    return tuple(recording(it / f"world.json{COMPRESSED}", [it]) for it in sorted(RECORDED.iterdir()) if it.is_dir())


def recording(world_file: Path, cases: Sequence[Path]) -> Recording:
    """A recording that lies anywhere: its world, and files or folders of cases; named for the world's folder."""
    files = [file for path in cases for file in (_case_files(path) if path.is_dir() else [path])]
    return Recording(name=world_file.resolve().parent.name, world_file=world_file, case_files=tuple(files))


def cases_in(file: Path, which: slice = slice(None)) -> list[Case]:
    """The cases of one file, or some of them."""
    lines = [line for line in text_of(file).split("\n") if line]
    return [json.loads(line) for line in lines[which]]


def text_of(file: Path) -> str:
    """What a file says, compressed or not."""
    raw = file.read_bytes()
    return (lzma.decompress(raw) if file.suffix == COMPRESSED else raw).decode()


def _case_files(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.jsonl"), *folder.glob(f"*.jsonl{COMPRESSED}")])
