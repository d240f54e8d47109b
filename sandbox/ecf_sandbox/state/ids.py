"""Ids and chance: derived from a seed and a counter, so that equal runs give equal ids and equal luck."""

from __future__ import annotations

from collections.abc import Container
from hashlib import blake2b
from secrets import token_urlsafe

# Characters of a seed that comes with a request: every id takes as long as it is, and every world keeps it.
LONGEST_SEED = 1000
_FREE = 1000


def nth_id(seed: str, n: int) -> str:
    """The id number `n` (from 0) of a seed: a lower-case uuid of version 8, the version for home-made ones."""
    return _uuid(blake2b(f"{seed}/{n}".encode(), digest_size=16).hexdigest())


def least_taken(seed: str, ids: Container[str]) -> int:
    """How many ids of a seed have been taken at least, if these are there: from then on none of them is given again.

    Not every id that was given is still there, so the search ends only after a thousand in a row that are not.
    """
    taken = n = 0
    while n < taken + _FREE:
        n += 1
        if nth_id(seed, n - 1) in ids:
            taken = n
    return taken


def free_id(seed: str, taken: Container[str], n: int) -> str:
    """The id number `n` of a seed, another for one that is taken already, wherever that came from."""
    while (id := nth_id(seed, n)) in taken:
        seed += "'"
    return id


def named_id(seed: str, kind: str, name: str) -> str:
    """The id of something that a scenario calls by a name: the same name always gives the same id."""
    return _uuid(blake2b(f"{seed}/{kind}/{name}".encode(), digest_size=16).hexdigest())


def share(seed: str, n: int) -> float:
    """The nth draw of a seed: a number from 0 up to 1, spread evenly."""
    return int.from_bytes(blake2b(f"{seed}/{n}".encode(), digest_size=7).digest()) / 2**56


def new_secret() -> str:
    """A token that nobody can guess: the one thing here that is by chance."""
    return token_urlsafe(24)


def _uuid(digits: str) -> str:
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
