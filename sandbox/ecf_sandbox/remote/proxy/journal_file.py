"""A file of the exchanges that go through a proxy, which other commands read."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from threading import Lock

from ecf_sandbox.control.writing import as_json_lines
from ecf_sandbox.state.journal import Exchange


class JournalFile:
    """A file to which exchanges are added, one to a line, each whole and at once. Raises OSError if it is there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        self._lock = Lock()
        self._broken = False

    def write(self, exchange: Exchange) -> None:
        """Add an exchange. When the file cannot be written any more that is said once, and the rest is left out."""
        line = as_json_lines([exchange]).encode()
        with self._lock:
            try:
                while line and not self._broken:
                    line = line[os.write(self._descriptor, line) :]
            except OSError as error:
                self._broken = True
                print(f"ecf-sandbox: {self.path} cannot be written any more: {error.strerror}", file=sys.stderr)
