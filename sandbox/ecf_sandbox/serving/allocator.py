"""How the process takes memory from the system, where the C library is told how: glibc, which most of Linux has."""

from __future__ import annotations

import ctypes
import sys

# `M_ARENA_MAX` of <malloc.h>.
_ARENAS = -8


def share_one_arena() -> bool:
    """Have all threads that start from now on allocate from one arena; whether the C library knows how.

    glibc gives each thread an arena of its own, so that threads need not wait for each other. Python's threads run one
    at a time anyway, and what one of them leaves free the others can't use: with four clients in 200 worlds resident
    memory was 276 MB after four minutes, and is 243 MB with one arena, for the same that is kept.
    """
    if sys.platform != "linux":
        return False
    try:
        return bool(ctypes.CDLL(None).mallopt(_ARENAS, 1))
    except (OSError, AttributeError):  # musl has neither arenas nor a way to say so
        return False
