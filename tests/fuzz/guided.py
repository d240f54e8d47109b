"""The same by coverage: atheris draws what reaches lines that nothing reached before."""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

from tests.fuzz.request import LONGEST, read
from tests.tool_cache import importable


def there() -> bool:
    """Whether atheris is there, or can be had; it has no wheel for some machines."""
    return importable("atheris")


def guided(requests: int, seed: int, progress: Any, end: Any) -> None:
    """Send so many requests, and hand what was found to `end`. Does not come back: the fuzzer ends the process."""
    import atheris  # type: ignore[import-not-found]

    # It names each of several hundred modules.
    with redirect_stderr(io.StringIO()), atheris.instrument_imports(include=["ecf_sandbox"]):
        from tests.fuzz.campaign import ROUND, Found, Round
        from tests.fuzz.corpus import corpus
        from tests.fuzz.mutation import mutated_bytes

    found = Found()
    others = corpus()
    rounds = [Round(found, seed=seed)]

    def one(raw: bytes) -> None:
        if found.requests < requests:
            rounds[-1].ask(read(raw))
            if len(rounds[-1].sent) >= ROUND or found.requests == requests:
                rounds[-1].end()
                rounds[:] = [Round(found, seed=seed + found.requests)]
                progress(found)
        if found.requests >= requests:
            shutil.rmtree(folder)
            end(found)

    def mutate(raw: bytes, longest: int, chance: int) -> bytes:
        # The library's own mutations know no request, but which values the code compared with.
        if chance % 4 == 0:
            return bytes(atheris.Mutate(raw, longest))
        return mutated_bytes(raw, others, chance, longest)

    folder = Path(tempfile.mkdtemp(prefix="ecf-sandbox-fuzz-"))
    for n, it in enumerate(others):
        (folder / f"{n:05}").write_bytes(it.written())
    # One more for each of the corpus, which is read before anything is drawn.
    options = [f"-seed={seed}", f"-max_len={LONGEST}", f"-runs={requests + 10 * len(others)}", "-print_final_stats=0"]
    # The last request of a round takes as long as reading all that is kept, which is not slow.
    limits = ["-timeout=3600", "-report_slow_units=3600", f"-artifact_prefix={folder}/", "-rss_limit_mb=0"]
    quiet = ["-verbosity=0", "-len_control=0"]
    atheris.Setup([sys.argv[0], *options, *limits, *quiet, str(folder)], one, custom_mutator=mutate)
    atheris.Fuzz()
