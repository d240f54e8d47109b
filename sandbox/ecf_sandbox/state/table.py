"""A table: frozen rows by key, with named indexes that are always in step. A value: every change is a new table."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from operator import attrgetter
from typing import Any, Generic, TypeVar

from immutables import Map

from ecf_sandbox.state.record import Record

K = TypeVar("K", bound=Hashable)
R = TypeVar("R", bound=Record)

_NOTHING: tuple[Any, ...] = ()
# A group of keys is kept in pieces that are powers of two in length, each shorter than the one before: of 13 keys 8, 4
# and 1. Adding a key copies the few short ones that grow together, rather than all keys, which was most of the time
# that a write took; equal groups have equal pieces.

Pieces = tuple[tuple[K, ...], ...]


class Table(Generic[K, R]):
    """Rows by key and, for each index, the keys of the rows with a value, in the order they were added.

    An index is an attribute or several (`"provider_id"`, `"cohort,identifier"`); rows whose value is None are
    left out of it.
    """

    __slots__ = ("_getters", "_groups", "_key", "_rows")

    def __init__(self, key: str, *indexes: str) -> None:
        self._key: Callable[[R], K] = attrgetter(key)
        self._getters: Mapping[str, Callable[[R], Hashable]] = {name: attrgetter(*name.split(",")) for name in indexes}
        self._rows: Map[K, R] = Map()
        self._groups: Map[tuple[str, Hashable], Pieces[K]] = Map()

    def get(self, key: K | None) -> R | None:
        """The row with that key, or None."""
        return None if key is None else self._rows.get(key)

    def key_of(self, row: R) -> K:
        """The key that the row has, or would have, in this table."""
        return self._key(row)

    def __getitem__(self, key: K) -> R:
        return self._rows[key]

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[R]:
        """All rows in the order of their keys, so that equal tables are walked equally."""
        rows = self._rows
        return (rows[key] for key in sorted(rows))  # type: ignore[type-var]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and self._rows == other._rows and self._groups == other._groups

    def __hash__(self) -> int:
        raise TypeError("tables are compared, not hashed")

    def by(self, index: str, value: Hashable) -> tuple[R, ...]:
        """The rows with that value in the index, in the order they were added; raises KeyError for no such index."""
        pieces = self._groups.get((index, value)) or self._group(index, value)
        rows = self._rows
        if len(pieces) == 1 and len(pieces[0]) == 1:  # as most groups are
            return (rows[pieces[0][0]],)
        return tuple([rows[key] for piece in pieces for key in piece])

    def one(self, index: str, value: Hashable) -> R | None:
        """The first row with that value in the index, or None."""
        pieces = self._group(index, value)
        return self._rows[pieces[0][0]] if pieces else None

    def put(self, rows: Iterable[R]) -> Table[K, R]:
        """A table in which each of these rows is added, or replaces the row with its key."""
        kept, groups = self._rows.mutate(), self._groups.mutate()
        added: dict[tuple[str, Hashable], list[K]] = {}
        for row in rows:
            key = self._key(row)
            old = kept.get(key)
            kept[key] = row
            for index, getter in self._getters.items():
                before, after = None if old is None else getter(old), getter(row)
                if before == after:
                    continue
                if before is not None:
                    self._extend(groups, added)
                    self._leave(groups, (index, before), key)
                if after is not None:
                    added.setdefault((index, after), []).append(key)
        self._extend(groups, added)
        return self._with(kept.finish(), groups.finish())

    def drop(self, keys: Iterable[K]) -> Table[K, R]:
        """A table without the rows of these keys; unknown keys are no error."""
        kept, groups = self._rows.mutate(), self._groups.mutate()
        for key in keys:
            old = kept.get(key)
            if old is not None:
                del kept[key]
                for index, getter in self._getters.items():
                    if (value := getter(old)) is not None:
                        self._leave(groups, (index, value), key)
        return self._with(kept.finish(), groups.finish())

    def groups(self) -> Iterator[tuple[str, tuple[K, ...]]]:
        """Every group of every index: the index and the keys, in the order they were added."""
        return ((index, _joined(pieces)) for (index, _), pieces in self._groups.items())

    def arranged(self, index: str, keys: Sequence[K]) -> Table[K, R]:
        """A table in which a group of that index has its keys in this order; raises ValueError if it is no group."""
        found = (index, self._getters[index](self._rows[keys[0]])) if keys and keys[0] in self._rows else None
        if found is None or sorted(_joined(self._groups.get(found, _NOTHING))) != sorted(keys):  # type: ignore[type-var]
            raise ValueError(f"these are not the keys of a group of {index!r}")
        return self._with(self._rows, self._groups.set(found, _in_pieces(tuple(keys))))

    def _group(self, index: str, value: Hashable) -> Pieces[K]:
        found: Pieces[K] | None = self._groups.get((index, value))
        if found is None and index not in self._getters:
            raise KeyError(f"no index {index!r}; there are {', '.join(self._getters)}")
        return found or ()

    @staticmethod
    def _extend(groups: Any, added: dict[tuple[str, Hashable], list[K]]) -> None:
        """Put the keys at the end of their groups, each group once, so that loading many rows stays linear."""
        for group, keys in added.items():
            before = groups.get(group, _NOTHING)
            groups[group] = _longer(before, keys[0]) if len(keys) == 1 else _in_pieces((*_joined(before), *keys))
        added.clear()

    @staticmethod
    def _leave(groups: Any, group: tuple[str, Hashable], key: K) -> None:
        rest = tuple(it for piece in groups[group] for it in piece if it != key)
        if rest:
            groups[group] = _in_pieces(rest)
        else:
            del groups[group]

    def _with(self, rows: Map[K, R], groups: Map[tuple[str, Hashable], Pieces[K]]) -> Table[K, R]:
        it: Table[K, R] = Table.__new__(Table)
        it._key, it._getters, it._rows, it._groups = self._key, self._getters, rows, groups
        return it


def _longer(pieces: Pieces[K], key: K) -> Pieces[K]:
    """The pieces with one more key: those that are as long as what comes after them grow together with it."""
    last: tuple[K, ...] = (key,)
    end = len(pieces)
    while end and len(pieces[end - 1]) == len(last):
        end -= 1
        last = pieces[end] + last
    return (*pieces[:end], last)


def _in_pieces(keys: tuple[K, ...]) -> Pieces[K]:
    lengths = [1 << place for place in reversed(range(len(keys).bit_length())) if len(keys) >> place & 1]
    ends = [*accumulate(lengths)]
    return tuple([keys[end - length : end] for end, length in zip(ends, lengths, strict=True)])


def _joined(pieces: Pieces[K]) -> tuple[K, ...]:
    return tuple(key for piece in pieces for key in piece)
