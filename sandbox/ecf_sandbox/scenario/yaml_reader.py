"""YAML to plain values, by the core schema of YAML 1.2, with every problem of a file and its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import yaml

Path = tuple[str | int, ...]

# More than any file needs, and little enough to be read, judged and written about at once.
SHOWN = 50
DEEPEST = 100
MOST_REPEATED = 100_000
LONGEST_NUMBER = 100


class ScenarioProblem(NamedTuple):
    """One thing to correct: where in the file, and what is wrong there."""

    path: Path
    message: str

    @property
    def place(self) -> str:
        """The path as people write it: `people.3.ect.schedule`."""
        return ".".join(map(str, self.path))


class BadScenario(Exception):
    """A scenario that cannot be used. Names the file and the problems in it, as many as somebody reads.

    `lines` are those of the first problems, or of all.
    """

    def __init__(self, file: str, problems: Sequence[ScenarioProblem], lines: Sequence[int | None] = ()) -> None:
        self.file = file
        self.problems = tuple(problems)
        self.lines = (*lines, *(None for _ in self.problems[len(lines) :]))
        more = [f"and {len(self.problems) - SHOWN:,} more"] if len(self.problems) > SHOWN else []
        super().__init__("\n".join([*map(self._line, self.problems[:SHOWN], self.lines), *more]))

    def _line(self, problem: ScenarioProblem, line: int | None) -> str:
        where = self.file if line is None else f"{self.file}:{line}"
        return f"{where}: {problem.place}: {problem.message}" if problem.path else f"{where}: {problem.message}"


# libyaml reads a scenario of 600 lines in 2 ms; without it the same takes a fifth of a second.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)\Z")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+\Z")


def parse(text: str, file: str) -> Any:
    """The one document of a YAML text. Raises BadScenario for what is not YAML, and for a key that is given twice."""
    reading = _Reading()
    try:
        value = reading.document(yaml.parse(text, Loader=_LOADER))
    except _Unreadable as wrong:
        raise BadScenario(file, [ScenarioProblem((), wrong.message)], [wrong.line]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise BadScenario(file, [ScenarioProblem((), f"this is not YAML: {error.problem}")], [line]) from None
    except yaml.YAMLError as error:
        raise BadScenario(file, [ScenarioProblem((), f"this is not YAML: {error}")]) from None
    if reading.repeated:
        problems = [ScenarioProblem(path, "is given twice") for path, _ in reading.repeated]
        raise BadScenario(file, problems, [line for _, line in reading.repeated])
    return value


def lines_of(text: str, paths: Iterable[Path]) -> list[int | None]:
    """For each path the line on which its value begins, or that of the nearest of its parents that is there."""
    root: Any = yaml.compose(text, Loader=_LOADER)
    return [_line(root, path) for path in paths]


def _line(node: Any, path: Path) -> int | None:
    line = None
    for step in path:
        found = _step(node, step)
        if found is None:
            break
        line, node = found
    return line


def _step(node: Any, step: str | int) -> tuple[int, Any] | None:
    if isinstance(node, yaml.MappingNode):
        pairs = ((key, value) for key, value in node.value if key.value == str(step))
        return next(((key.start_mark.line + 1, value) for key, value in pairs), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line + 1, node.value[step]
    return None


class _Unreadable(Exception):
    """YAML that is not read any further."""

    def __init__(self, message: str, event: Any) -> None:
        super().__init__(message)
        self.message = message
        self.line: int = event.start_mark.line + 1


class _Reading:
    """Builds values from the parser's events, which is several times quicker than from its nodes."""

    def __init__(self) -> None:
        self.repeated: list[tuple[Path, int]] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.values = self.aliased = 0

    def document(self, events: Iterator[Any]) -> Any:
        next(events)  # the stream's start
        if isinstance(next(events), yaml.StreamEndEvent):
            return None
        value = self.value(next(events), events, ())
        next(events)  # the document's end
        following = next(events)
        if not isinstance(following, yaml.StreamEndEvent):
            raise _Unreadable("a second document begins here, and a scenario is one", following)
        return value

    def value(self, event: Any, events: Iterator[Any], path: Path) -> Any:
        if isinstance(event, yaml.AliasEvent):
            return self.repeated_value(event)
        value: Any
        before = self.values
        self.values += 1
        if len(path) > DEEPEST:
            raise _Unreadable(f"this is nested more than {DEEPEST} deep", event)
        if isinstance(event, yaml.ScalarEvent):
            value = _scalar(event)
        elif isinstance(event, yaml.MappingStartEvent):
            value = self.mapping(events, path)
        else:
            value = self.sequence(events, path)
        if event.anchor is not None:
            self.anchors[event.anchor] = value, self.values - before
        return value

    def repeated_value(self, event: Any) -> Any:
        """What an alias stands for. Aliases of aliases soon stand for more than fits into any machine."""
        if event.anchor not in self.anchors:
            raise _Unreadable(f"the alias '{event.anchor}' stands for nothing before it", event)
        value, size = self.anchors[event.anchor]
        self.values += size
        self.aliased += size
        if self.aliased > MOST_REPEATED:
            raise _Unreadable(f"the aliases up to here stand for more than {MOST_REPEATED:,} values", event)
        return value

    def mapping(self, events: Iterator[Any], path: Path) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            # A key is what is written: 2025 and '2025' are the same year.
            named = isinstance(event, yaml.ScalarEvent)
            if not named:
                raise _Unreadable("a key is a text, not names and values, a list or an alias", event)
            key = str(event.value)
            if key in members:
                self.repeated.append(((*path, key), event.start_mark.line + 1))
            members[key] = self.value(next(events), events, (*path, key))
        return members

    def sequence(self, events: Iterator[Any], path: Path) -> list[Any]:
        items: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self.value(event, events, (*path, len(items))))
        return items


def _scalar(event: Any) -> Any:
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    whole = _INTEGER.match(text)
    if not whole and not _DECIMAL.match(text):
        return text
    if len(text) > LONGEST_NUMBER:
        raise _Unreadable(f"a number of {sum(map(str.isdigit, text)):,} digits is longer than any here", event)
    return int(text) if whole else float(text)
