"""Makes what fails small: the fewest requests, and the least of the last one, that still fail in the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tests.fuzz.request import Request

Fails = Callable[[Sequence[Request]], bool]
MOST_TRIES = 400


def minimal(requests: Sequence[Request], fails: Fails) -> tuple[Request, ...]:
    """A short sequence that `fails` as the given one does. What is tried is bounded, so it may not be the shortest."""
    tries = iter(range(MOST_TRIES))

    def still(candidate: Sequence[Request]) -> bool:
        return next(tries, None) is not None and fails(candidate)

    kept = tuple(requests)
    if len(kept) > 1 and still(kept[-1:]):
        kept = kept[-1:]
    kept = _fewer(kept, still)
    for place in range(len(kept)):
        kept = _smaller(kept, place, still)
    return kept


def _fewer(kept: tuple[Request, ...], still: Fails) -> tuple[Request, ...]:
    """Leave out halves, then quarters, down to single requests."""
    width = len(kept) // 2
    while width:
        start = 0
        while start < len(kept) and len(kept) > 1:
            without = kept[:start] + kept[start + width :]
            if without and still(without):
                kept = without
            else:
                start += width
        width //= 2
    return kept


def _smaller(kept: tuple[Request, ...], place: int, still: Fails) -> tuple[Request, ...]:
    """Leave out headers, parts of the query and parts of the body of one request."""
    again = True
    while again:
        again = False
        for it in _less(kept[place]):
            candidate = (*kept[:place], it, *kept[place + 1 :])
            if still(candidate):
                kept, again = candidate, True
                break
    return kept


def _less(it: Request) -> Iterator[Request]:
    for n in range(len(it.headers)):
        yield Request(it.method, it.target, it.headers[:n] + it.headers[n + 1 :], it.body)
    path, mark, query = it.target.partition(b"?")
    if mark:
        yield Request(it.method, path, it.headers, it.body)
        pairs = query.split(b"&")
        for n in range(len(pairs) if len(pairs) > 1 else 0):
            yield Request(it.method, path + b"?" + b"&".join(pairs[:n] + pairs[n + 1 :]), it.headers, it.body)
    width = len(it.body)
    while width:
        for start in range(0, len(it.body), width):
            yield Request(it.method, it.target, it.headers, it.body[:start] + it.body[start + width :])
        width //= 2
        if len(it.body) > 64 * max(width, 1):
            return  # by small steps a long body would take all the tries
