"""Why a list is empty or shorter than expected, as far as its query tells: what each filter leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from ecf_sandbox.state.service import Service
from ecf_sandbox.tools.explain.dry_run import Trial
from ecf_sandbox.tools.explain.explanation import Request
from ecf_sandbox.tools.explain.target import Asked, json_of, with_query
from ecf_sandbox.tools.observer.expected import expected_of

LARGEST_PAGE = "3000"
_PAGES = ("page[page]", "page[per_page]")
_EVERYTHING = (("page[per_page]", LARGEST_PAGE),)


class AskedList:
    """A list as it was asked for, which is asked again on a copy; `needed` are filters that have to be there."""

    def __init__(
        self, service: Service, trial: Trial, request: Request, asked: Asked, needed: frozenset[str] = frozenset()
    ) -> None:
        self._trial, self._request, self._asked = trial, request, asked
        expected = expected_of(service, asked.version, "GET", asked.path)
        self.filters = [f"filter[{it}]" for it in expected.filters]
        self._kept = tuple(it for it in asked.query if it[0] not in _PAGES)
        self.narrowing = tuple(it for it in asked.query if it[0] in self.filters and it[0] not in needed)

    @cached_property
    def in_all(self) -> int:
        """How many items there are on all pages."""
        return self._count(self._kept)

    def without_effect(self) -> Iterator[str]:
        """A sentence for each parameter that the list does not look at; its OpenAPI document says which those are."""
        asked, known = self._asked, {*self.filters, *_PAGES, "sort", "format"}
        for name, value in asked.query:
            if name not in known:
                filters = ", ".join(sorted(self.filters)) or "none"
                yield f"{name}={value} has no effect: filters of {asked.resource} in v{asked.version} are {filters}."

    def after_the_last(self, shown: int) -> str | None:
        """That the page is beyond the last one; None if it is not, or none was asked for."""
        page = dict(self._asked.query).get("page[page]")
        if shown or not self.in_all or page is None:
            return None
        return f"There are {self.in_all} in all: page {page} is after the last one."

    def counts(self) -> Iterator[str]:
        """How many there would be without each filter, and without any."""
        for name, value in self.narrowing:
            rest = tuple(it for it in self._kept if it != (name, value))
            yield f"Without {name}={value} there would be {self._count(rest)}."
        if len(self.narrowing) > 1:
            rest = tuple(it for it in self._kept if it not in self.narrowing)
            yield f"Without any filter there would be {self._count(rest)}."

    def _count(self, query: tuple[tuple[str, str], ...]) -> int:
        answer = json_of(self._trial.send(with_query(self._request, (*query, *_EVERYTHING))).response_body)
        rows = answer.get("data") if isinstance(answer, dict) else None
        return len(rows) if isinstance(rows, list) else 0
