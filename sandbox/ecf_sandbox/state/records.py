"""Everything known at one moment: a value made of tables, in which saving rows makes new records."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache
from typing import Any, ClassVar, Self, TypeVar

from ecf_sandbox.state.memory import KeptAnswer, Memory, weight_of
from ecf_sandbox.state.record import Record

T = TypeVar("T")

_NOTHING: dict[Any, Any] = {}
_KEPT = 400  # bytes of a view beside its answer
_MOST_ITEMS = 10_000  # that one view keeps, some twenty megabytes of documents: they are on the account of memory
View = tuple[frozenset[str], Any]  # the tables that were read, and what was answered


class Records:
    """The tables of one world at one moment. Never changed: `save` and `remove` answer new records.

    Whatever did not change is shared with the records before, views included.

    The tables are those of a subclass, which a service has: `TABLES` names each by the type of its rows, and its
    constructor makes them empty. `REFERS_TO` says which table a member of a row names a key of, wherever it has one:
    every such row must exist. `COUNTED` are the tables whose lengths say how much a world holds. `SERVICE` is the name
    of the service, for those who have nothing but records.
    """

    SERVICE: ClassVar[str] = ""
    TABLES: ClassVar[Mapping[type[Record], str]] = {}
    REFERS_TO: ClassVar[Mapping[str, str]] = {}
    COUNTED: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> None:
        self._views: dict[Hashable, KeptAnswer] = {}
        self._origin: Self | None = None
        self._is_origin = False
        self._memory: Memory | None = None

    def save(self, *rows: Record) -> Self:
        """These records with the rows added, or in place of those with their keys."""
        return self._changed({name: getattr(self, name).put(group) for name, group in self._by_table(rows).items()})

    def remove(self, *rows: Record) -> Self:
        """These records without the rows."""
        return self._changed(
            {
                name: (table := getattr(self, name)).drop([table._key(row) for row in group])
                for name, group in self._by_table(rows).items()
            }
        )

    def with_tables(self, tables: Mapping[str, Any]) -> Self:
        """These records with whole tables exchanged, by their names."""
        return self._changed(dict(tables))

    def cached(self, compute: Callable[..., T], *arguments: Hashable) -> T:
        """What `compute(self, *arguments)` answers, computed once for as long as the tables that it read stay the same.

        Which these are is seen as it computes. So it is a function of a module, which knows nothing but its arguments
        and whose answer reads nothing later; nobody changes the answer.
        """
        kept = self._views.get((compute, *arguments))
        # Read once: another thread may let it go.
        view = None if kept is None else kept.view
        answer: T = (view or self._view(compute, arguments))[1]
        return answer

    def cached_each(self, compute: Callable[..., T], item: Hashable, *arguments: Hashable) -> T:
        """The same of `compute(self, item, *arguments)` for one of many items, which are kept and dropped as one.

        A write looks through every view, so that a view for each item would make it slow.
        """
        key = (compute, *arguments)
        kept = self._found(key)
        tables, answers = (kept and kept.view) or (None, _NOTHING)
        try:
            found: T = answers[item]
            return found
        except KeyError:
            reading = _reading(self, tables or ())
            answer = compute(reading, item, *arguments)
        if kept is None or tables is None or reading.tables:
            # Whoever shares the view has its tables in common, but perhaps not those that this item read as well.
            answers, before = dict(answers), kept
            kept = KeptAnswer((frozenset((*(tables or ()), *reading.tables)), answers))
            kept.each = weight_of(answer) if before is None else before.each
            self._keep(key, kept, kept.each * len(answers))
        if len(answers) < _MOST_ITEMS:
            answers[item] = answer
            kept.weigh(kept.each, self._memory)
        return answer

    def cached_all(self, compute: Callable[..., T], items: Iterable[Hashable], *arguments: Hashable) -> list[T]:
        """What `cached_each` answers for each of the items."""
        kept = self._found((compute, *arguments))
        _, answers = (kept and kept.view) or (None, _NOTHING)
        items = list(items)
        try:
            return [answers[item] for item in items]
        except KeyError:
            return [self.cached_each(compute, item, *arguments) for item in items]

    def join(self, memory: Memory, *, anew: bool = False) -> None:
        """What is kept with these records, and all that is made from them, is on this account from now on.

        On the first that they join, unless they are to join `anew`.
        """
        if self._memory is not memory and (self._memory is None or anew):
            self._memory = memory
            for it in list(self._views.values()):
                it.weigh(0, memory)

    def as_baseline(self) -> Self:
        """These records, whose views everything made from them shares from now on, whenever they are computed.

        A world settles what it begins as: so a hundred forks that each declare something work out once who is listed.
        """
        self._is_origin = True  # rather than being its own origin, a cycle that only the collector could free
        self._origin = None  # else every fork of a fork would keep all that it ever came from
        return self

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Records)
            and self.TABLES is other.TABLES
            and all(getattr(self, name) == getattr(other, name) for name in self.TABLES.values())
        )

    def __hash__(self) -> int:
        raise TypeError("records are compared, not hashed")

    def _view(self, compute: Callable[..., Any], arguments: tuple[Hashable, ...]) -> View:
        key = (compute, *arguments)
        kept = self._found(key)
        view = None if kept is None else kept.view
        if view is None:
            reading = _reading(self)
            answer = compute(reading, *arguments)
            view = frozenset(reading.tables), answer
            self._keep(key, KeptAnswer(view), weight_of(answer))
        return view

    def _found(self, key: Hashable) -> KeptAnswer | None:
        """The view of these records, or that of the records that they were made from if it holds for both."""
        found = self._views.get(key)
        if (found is None or found.view is None) and self._origin is not None:
            found = self._origin._views.get(key)
            view = None if found is None else found.view
            if found is None or view is None or not self._shares(view[0]):
                return None
            self._views[key] = found
        return found

    def _keep(self, key: Hashable, kept: KeptAnswer, weight: int) -> None:
        view = kept.view
        self._views[key] = kept
        origin = self._origin
        if origin is not None and view is not None and self._shares(view[0]):
            there = origin._views.get(key)
            before = None if there is None else there.view
            if before is None or before[0] <= view[0]:  # else one that holds items of more kinds would be lost
                origin._views[key] = kept
        kept.weigh(weight + _KEPT, self._memory)

    def _shares(self, tables: Iterable[str]) -> bool:
        """Whether these tables are those of the records that these were made from."""
        return all(getattr(self, name) is getattr(self._origin, name) for name in tables)

    def _by_table(self, rows: Iterable[Record]) -> dict[str, list[Record]]:
        tables = self.TABLES
        groups: dict[str, list[Record]] = {}
        for row in rows:
            groups.setdefault(tables[type(row)], []).append(row)
        return groups

    def _changed(self, changed: dict[str, Any]) -> Self:
        it = type(self).__new__(type(self))
        # list() because another thread may be adding a view to the same records
        views = {
            key: kept
            for key, kept in list(self._views.items())
            if (view := kept.view) is not None and view[0].isdisjoint(changed)
        }
        # Far cheaper than assigning each attribute, and every save of every write does it.
        origin = self if self._is_origin else self._origin
        it.__dict__ = {**self.__dict__, **changed, "_views": views, "_origin": origin, "_is_origin": False}
        return it


class _Reading(Records):
    """Records that note which of their tables are read, other than those that are known to be.

    What computes on them sees records of the service: `_reading` makes them of its class as well.
    """

    def __init__(self, records: Records, known: Iterable[str] = ()) -> None:
        self._views = {}
        self._records = records
        self.tables: set[str] = set()
        held = records.__dict__
        self.__dict__.update({name: held[name] for name in known})

    def __getattr__(self, name: str) -> Any:
        # Asked only for what is not there: each table once, and then never again.
        if name not in self.TABLES.values():
            raise AttributeError(f"what is kept with records is computed of their tables, not of {name!r}")
        self.tables.add(name)
        table = self.__dict__[name] = self._records.__dict__[name]
        return table

    def _view(self, compute: Callable[..., Any], arguments: tuple[Hashable, ...]) -> View:
        found = self._records._view(compute, arguments)
        self.tables |= found[0]
        return found

    def _changed(self, changed: dict[str, Any]) -> Self:
        raise TypeError(f"what is kept with records changes nothing, not even {', '.join(changed)}")


@cache
def _class_of_readings(records: type[Records]) -> type[_Reading]:
    return type(f"_{records.__name__}Reading", (_Reading, records), {})


def _reading(records: Records, known: Iterable[str] = ()) -> _Reading:
    # mypy takes the class for its instances, which are not hashed
    return _class_of_readings(type(records))(records, known)  # type: ignore[arg-type]
