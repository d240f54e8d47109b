"""`make release-check`: builds what would be released, installs it where nothing else is, and uses it."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tests.release import artefacts
from tests.release.checkout import set_up_after_ctrl_c, set_up_no_more_than_it_takes
from tests.release.exercising import exercises_a_node_client, exercises_a_shell_client
from tests.release.failed import NotFit
from tests.release.installation import CHECKS, install

T = TypeVar("T")


def main() -> int:
    """Do every step and say how long it took; answers 0, or 1 when a step shows that something is wrong."""
    with tempfile.TemporaryDirectory(prefix="ecf-sandbox-release-") as name:
        try:
            check(Path(name))
        except NotFit as wrong:
            print(f"\nwrong: {wrong}", file=sys.stderr)
            return 1
    print("The release is fit to go out.")
    return 0


def check(folder: Path) -> None:
    """Build, compare, install and use, all below a folder; raises NotFit."""
    sdist = step("build the sdist", lambda: artefacts.build("sdist", artefacts.ROOT, folder / "sdist"))
    wheel = step("build the wheel", lambda: artefacts.build("wheel", artefacts.ROOT, folder / "wheel"))
    source = artefacts.unpacked(sdist, folder / "unpacked")
    again = step("build the wheel from the sdist", lambda: artefacts.build("wheel", source, folder / "again"))
    found = artefacts.contents(wheel)
    step(f"the wheel is whole ({len(found)} files)", lambda: artefacts.whole(found))
    step("both wheels hold the same", lambda: artefacts.the_same(found, artefacts.contents(again)))
    step("the source sets itself up, after a Ctrl-C too", lambda: set_up_after_ctrl_c(source))
    step("and no more than it takes", lambda: set_up_no_more_than_it_takes(source))
    it = step("install it into an empty environment", lambda: install(wheel, folder))
    for one in (*CHECKS, exercises_a_node_client, exercises_a_shell_client):
        step(f"it {one.__name__.replace('_', ' ')}", lambda one=one: one(it))  # type: ignore[misc]


def step(name: str, do: Callable[[], T]) -> T:
    """Do one step, and say so."""
    print(f"{name} … ", end="", flush=True)
    began = time.perf_counter()
    done = do()
    print(f"ok ({time.perf_counter() - began:.1f} s)", flush=True)
    return done


if __name__ == "__main__":
    sys.exit(main())
