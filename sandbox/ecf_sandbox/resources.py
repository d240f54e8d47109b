"""Where the files are that come with the sandbox: at the top of a checkout, inside it in an installation."""

from __future__ import annotations

from pathlib import Path


def folder(name: str) -> Path:
    """The folder `scenarios` or `openapi`."""
    package = Path(__file__).resolve().parent
    installed = package / name
    return installed if installed.is_dir() else package.parents[1] / name
