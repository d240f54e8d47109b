"""Commands of `ecf-sandbox`, run in this process."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

from click.testing import CliRunner


def cli_runner(*, env: Mapping[str, str | None] | None = None) -> CliRunner:
    """A runner that keeps stderr apart from stdout. From 8.2 on click does so by itself, and takes no word for it."""
    mixes = "mix_stderr" in inspect.signature(CliRunner).parameters
    return CliRunner(env=env, **({"mix_stderr": False} if mixes else {}))
