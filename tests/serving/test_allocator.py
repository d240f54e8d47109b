"""The threads of a server share what they have taken from the system."""

from __future__ import annotations

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from tests.served import Served, served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="arenas are counted in /proc"),
]

# An arena of a thread is a mapping of so many bytes, of which it may use a first part: as glibc reserves it.
ARENA = 64 * 2**20
MAPPING = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ 00:00 0 *$", re.MULTILINE)


def arenas_of_threads(server: Served) -> int:
    maps = Path(f"/proc/{server.process.pid}/maps").read_text()
    found = [(int(begin, 16), int(end, 16), access) for begin, end, access in MAPPING.findall(maps)]
    pairs = pairwise(found)
    return sum(
        used == "rw-p" and unused == "---p" and end == begins and ends - begin == ARENA
        for (begin, end, used), (begins, ends, unused) in pairs
    )


def test_however_many_threads_answer_they_allocate_from_one_arena():
    with served("--quiet") as server:
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(lambda _: server.send("GET", "/_sandbox/worlds"), range(200)))
        assert arenas_of_threads(server) == 0
