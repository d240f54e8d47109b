"""What to say when a client's package is not installed."""

from __future__ import annotations


class NotInstalled(ImportError):
    """A package is missing. Says how to install it."""

    def __init__(self, package: str) -> None:
        super().__init__(f"the package {package!r} is not installed; run: pip install {package}")
