"""The same by coverage: atheris draws what reaches lines that nothing reached before."""

from __future__ import annotations

import io
import random
import sys
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

from tests.fuzz.request import LONGEST, Request, read
from tests.tool_cache import importable


def there() -> bool:
    """Whether atheris is there, or can be had; it has no wheel for some machines."""
    return importable("atheris")


def guided(requests: int, seed: int, folder: Path, progress: Any, end: Any) -> None:
    """Send so many requests, write those that reached something new to `folder`, and hand what was found to `end`.

    Does not come back: the fuzzer ends the process. What is instrumented stays so in this process, and is slow.
    """
    import atheris  # type: ignore[import-not-found]

    # It names each of several hundred modules.
    with redirect_stderr(io.StringIO()), atheris.instrument_imports(include=["ecf_sandbox"]):
        from ecf_sandbox.services import SERVICES
        from tests.fuzz.campaign import ROUND, Found, Round
        from tests.fuzz.corpus import corpus
        from tests.fuzz.mutation import Lent, mutated_bytes
        from tests.fuzz.subject import known_ids

    found = Found()
    services = tuple(SERVICES)
    others = [it for service in services for it in corpus(service)]
    lent = Lent(others, [it for service in services for it in known_ids(service)])
    rounds = [Round(found, services[0], seed=seed)]

    def one(raw: bytes) -> None:
        if found.requests < requests:
            rounds[-1].ask(read(raw))
            if len(rounds[-1].sent) >= ROUND or found.requests == requests:
                rounds[-1].end()
                service = services[found.requests // ROUND % len(services)]
                rounds[:] = [Round(found, service, seed=seed + found.requests)]
                progress(found)
        if found.requests >= requests:
            end(found)

    def mutate(raw: bytes, longest: int, chance: int) -> bytes:
        # The library's own mutations know no request, but which values the code compared with.
        if chance % 4 == 0:
            return bytes(atheris.Mutate(raw, longest))
        return mutated_bytes(raw, lent, chance, longest)

    # The whole corpus is sent without instruments: here a part of it is read, so that the rest is drawn.
    begin_with = random.Random(seed).sample(others, min(len(others), requests // 4))
    for n, it in enumerate(begin_with):
        (folder / f"{n:05}").write_bytes(it.written())
    # One more for each of the corpus, which is read before anything is drawn.
    options = [f"-seed={seed}", f"-max_len={LONGEST}", f"-runs={2 * requests + 10 * len(begin_with)}"]
    # The last request of a round takes as long as reading all that is kept, which is not slow.
    limits = ["-timeout=3600", "-report_slow_units=3600", f"-artifact_prefix={folder}/", "-rss_limit_mb=0"]
    quiet = ["-verbosity=0", "-len_control=0", "-print_final_stats=0"]
    atheris.Setup([sys.argv[0], *options, *limits, *quiet, str(folder)], one, custom_mutator=mutate)
    atheris.Fuzz()


def grown(folder: Path) -> list[Request]:
    """What a guided campaign kept there, in a fixed order."""
    return [read(it.read_bytes()) for it in sorted(folder.iterdir())]
