#!/usr/bin/env python3
"""Replay what was recorded of the real service, and say which answers differ.

Without --cases, the project's own recordings are replayed and known.md says which of them may differ: the command
ends with 1 when a case differs that is not listed, or one that is listed does not. With --cases, any recordings in
the same format (recorded/FORMAT.md) are, compressed as .xz or not, and it ends with 1 below --at-least.

--target names a Python file that defines open_target(world); player.py says what a target must offer.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

if not __package__:  # run as a file, which has its own folder on the path and not the project's
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ecf_sandbox.files import atomic_write
from tests.conformance.known import LIST, BadList, Reasons, known
from tests.conformance.outcomes import Figures, Outcome, rows_for_the_list
from tests.conformance.player import Player, Target
from tests.conformance.recordings import Case, Recording, recorded, recording

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = parser_of()
    options = parser.parse_args(arguments)
    try:
        recordings = recordings_for(options, parser)
        if options.contract:
            from tests.conformance.contract import judge  # needs a library that replaying does not

            return judge(recordings, options.only, options.show)
        return Replay(options).run(recordings)
    except BadList as wrong:
        parser.error(str(wrong))
    except KeyboardInterrupt:
        tell("")
        print("Interrupted.", file=sys.stderr)
        return INTERRUPTED


def parser_of() -> argparse.ArgumentParser:
    """What can be asked."""
    names = ", ".join(it.name for it in recorded())
    parser = argparse.ArgumentParser(
        prog="python -m tests.conformance",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog='With make, options go in ARGS: make conformance ARGS="--world 2024-11 --only journeys-a/0007 --steps"',
    )
    which = parser.add_argument_group("which cases")
    which.add_argument("--only", default="", metavar="PREFIX", help="cases whose id begins so: journeys/, schools")
    which.add_argument("--reads", action="store_true", help="cases of which every step is a GET or a HEAD")
    which.add_argument("--no-events", action="store_true", help="cases without events of schools and the DfE")
    which.add_argument("--world", metavar="NAME|FILE", help=f"one world: {names}, or a file; without it, all of these")
    which.add_argument("--cases", nargs="+", type=existing, metavar="PATH", help="folders or files of other cases")
    which.add_argument("--target", type=existing, metavar="FILE", help="what is judged, in place of the sandbox")
    told = parser.add_argument_group("what is told")
    told.add_argument("--show", type=int, default=10, metavar="N", help="tell so many differences in full (10)")
    told.add_argument("--steps", action="store_true", help="with the steps that led to each")
    told.add_argument("--report", type=writable, metavar="FILE", help="write all that differ to a file, as JSON")
    told.add_argument(
        "--list-differing", action="store_true", help="print nothing but the cases that differ, as rows of known.md"
    )
    judged = parser.add_argument_group("what counts as right")
    judged.add_argument("--known", type=existing, metavar="FILE", help="the cases that may differ (known.md)")
    judged.add_argument("--at-least", type=float, metavar="PERCENT", help="judge by this share instead of a list")
    judged.add_argument(
        "--contract", action="store_true", help="hold the recorded answers against the OpenAPI documents instead"
    )
    return parser


def existing(path: str) -> Path:
    """A file or folder that is there."""
    if not Path(path).exists():
        raise argparse.ArgumentTypeError(f"there is no {path}")
    return Path(path)


def writable(path: str) -> Path:
    """A file in a folder that is there; better known before a long run than after it."""
    if not Path(path).parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {Path(path).parent}")
    return Path(path)


def recordings_for(options: argparse.Namespace, parser: argparse.ArgumentParser) -> list[Recording]:
    """The recordings that are asked for."""
    own = {it.name: it for it in recorded()}
    if options.cases:
        if not options.world:
            parser.error("--cases needs --world: the state that they start from")
        file = own[options.world].world_file if options.world in own else Path(options.world)
        if not file.is_file():
            parser.error(f"--world: there is no {file}")
        return [recording(file, options.cases)]
    if options.world and options.world not in own:
        parser.error(f"--world: {options.world} is none of {', '.join(own)}; for a file, name its --cases too")
    return [it for name, it in own.items() if options.world in (None, name)]


class Replay:
    """One run: plays cases, tells what differs as it goes, and answers what the command ends with."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        list_file = options.known or (None if options.cases else LIST)
        self.known: Mapping[str, Reasons] = known(list_file) if list_file else {}
        self.by_list = list_file is not None and options.at_least is None
        self.figures = Figures()
        self.outcomes: list[Outcome] = []  # those that differ, and those that are listed
        self.told = 0

    def run(self, recordings: Sequence[Recording]) -> int:
        """Play everything."""
        began = time.perf_counter()
        for it in recordings:
            self._world(it)
        if self.options.report:
            report = [it.as_json() for it in self.outcomes if it.differs]
            atomic_write(self.options.report, json.dumps(report, indent=1, ensure_ascii=False) + "\n")
        self._say(*self._verdict(), f"same answers: {self.figures} in {time.perf_counter() - began:.1f} s")
        return 0 if self.right else 1

    @property
    def wrong(self) -> list[Outcome]:
        """Those that are not as the list says."""
        return [it for it in self.outcomes if it.wrong]

    @property
    def right(self) -> bool:
        """Whether something was played, and came out as it should."""
        if not self.figures.played:
            return False
        return not self.wrong if self.by_list else self.figures.percent >= (self.options.at_least or 0)

    def _world(self, it: Recording) -> None:
        cases = list(self._wanted(it))
        if not cases:
            return
        player, figures = Player(target_in(self.options.target or it.target), it.world()), Figures()
        reasons = self.known.get(it.name, {})
        differing = []
        for case in cases:
            tell(f"{it.name} {case['id']} ({figures.played.total() + 1} of {len(cases)})")
            played = player.play(case)
            outcome = Outcome(world=it.name, case=case, played=played, reason=reasons.get(case["id"]))
            figures.count(outcome)
            if outcome.differs or outcome.wrong:
                differing.append(outcome)
                self._show(outcome)
        tell("")
        self.figures.add(figures)
        self.outcomes += differing
        self._say(*figures.by_family(), f"{it.name}: {figures}\n")
        if self.options.list_differing:
            print(f"## {it.name}\n", *rows_for_the_list(differing), "", sep="\n", flush=True)

    def _wanted(self, it: Recording) -> Iterator[Case]:
        for case in it.cases():
            reads = all(step.get("request", {}).get("method") in ("GET", "HEAD") for step in case["steps"])
            events = any("event" in step for step in case["steps"])
            left_out = (self.options.reads and not reads) or (self.options.no_events and events)
            if case["id"].startswith(self.options.only) and not left_out:
                yield case

    def _show(self, outcome: Outcome) -> None:
        """Tell of a case; of one that differs as listed only where somebody looks for some cases."""
        if (outcome.wrong or not self.by_list or self.options.only) and self.told < self.options.show:
            self.told += 1
            tell("")
            self._say(outcome.as_text(self.options.steps))

    def _verdict(self) -> list[str]:
        if not self.figures.played:
            return ["There is no such case."]
        if not self.by_list:
            return []
        new = [it.id for it in self.wrong if it.differs]
        gone = [it.id for it in self.wrong if not it.differs]
        listed = sum(not it.wrong for it in self.outcomes)
        return [
            *([f"{len(new)} differ and are not listed: {' '.join(new)}"] if new else []),
            *([f"{len(gone)} are the same now, take them off the list: {' '.join(gone)}"] if gone else []),
            *([f"{listed} differ as listed"] if listed else []),
        ]

    def _say(self, *lines: str) -> None:
        if not self.options.list_differing:
            print(*lines, sep="\n", flush=True)


def target_in(file: Path) -> Callable[[Mapping[str, Any]], Target]:
    """`open_target` of a file, which may import what lies in the folder where the command was given."""
    if "." not in sys.path:
        sys.path.insert(0, ".")
    spec = importlib.util.spec_from_file_location("conformance_target", file)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{file} is no Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    open_target: Callable[[Mapping[str, Any]], Target] = module.open_target
    return open_target


def tell(what: str) -> None:
    """Progress, on one line, where somebody looks on."""
    if sys.stderr.isatty():
        print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
