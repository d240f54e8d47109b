"""Files: where those are that come with the sandbox, and how others are read and written, whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from itertools import count
from pathlib import Path
from threading import get_ident
from typing import IO, BinaryIO

_MOST_LINKS = 40  # as Linux has it
_LONGEST_NAME = 190  # characters of a name that another is made of, which may have 255 bytes
_WRITER = re.compile(r"(\d+)-\d+-\d+")
_written = count()


# As much as an import of a world may have; and a journal, which has many answers.
MOST, MOST_OF_A_JOURNAL = 128 * 2**20, 512 * 2**20


def read(file: Path | IO[bytes], most: int = MOST) -> bytes:
    """What a file has in it, which somebody named; raises OSError, so if that is more than so many bytes.

    It may be a device, of which nothing is the end.
    """
    with open(file, "rb") if isinstance(file, Path) else nullcontext(file) as opened:
        content = opened.read(most + 1)
    if len(content) > most:
        name = str(file) if isinstance(file, Path) else None
        raise OSError(errno.EFBIG, f"it has more than {most // 2**20} MB", name)
    return content


def atomic_write(path: Path, text: str, *, private: bool = False) -> None:
    """Write a file so that whoever looks finds the old one or the new one, never half, even if the process is killed.

    What is no regular file, such as a pipe, a device or `/dev/stdout`, is written to where it stands; a link is
    followed. What is `private` only its owner may read. Raises OSError, which leaves the old file as it was.
    """
    content, place = text.encode(), _behind_links(path)
    if _is_stream(place):
        _write_through(place, content)
        return
    mode = _mode(place) & (0o700 if private else 0o777)
    with _opened(place.parent) as folder:
        descriptor = _unnamed(folder)
        if descriptor is None:
            _replace_by_named(place, content, mode)
            return
        with open(descriptor, "wb") as file:
            _fill(file, content, mode)
            _put_in_place(file.fileno(), folder, place)


def _behind_links(path: Path) -> Path:
    """Where a path leads. Links of the system stay: behind `/dev/stdout` would be a file that somebody else writes."""
    for _ in range(_MOST_LINKS):
        if not path.is_symlink() or _is_of_the_system(path):
            return path
        path = path.parent / path.readlink()
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))


def _is_of_the_system(path: Path) -> bool:
    return path.absolute().parts[:2] in (("/", "dev"), ("/", "proc")) and path.exists()


def _is_stream(path: Path) -> bool:
    try:
        return not stat.S_ISREG(path.stat().st_mode) or (_is_of_the_system(path) and path.is_symlink())
    except FileNotFoundError:
        return False


def _write_through(path: Path, content: bytes) -> None:
    # At its end: what the process has printed so far stands before it.
    descriptor = os.open(path, os.O_WRONLY | getattr(os, "O_APPEND", 0) | getattr(os, "O_BINARY", 0))
    with open(descriptor, "wb") as stream:
        stream.write(content)


@contextmanager
def _opened(folder: Path) -> Iterator[int | None]:
    """A descriptor of a folder, where the system has such; raises OSError where there is no folder."""
    if os.link not in os.supports_dir_fd:
        yield None
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _unnamed(folder: int | None) -> int | None:
    """A file in a folder that has no name yet, so that nothing of it is left when the process is killed."""
    if folder is None or not hasattr(os, "O_TMPFILE"):
        return None
    try:
        return os.open(".", os.O_TMPFILE | os.O_WRONLY, 0o600, dir_fd=folder)
    except OSError:  # the file system has none, or the folder cannot be written, which the other way finds as well
        return None


def _put_in_place(descriptor: int, folder: int | None, place: Path) -> None:
    # A file that is there cannot be linked over, so for the moment between two calls it has a name of its own. Whoever
    # is killed in that moment leaves it behind, unlocked, for the next writer to clear away.
    _lock(descriptor)
    _clear_away(place)
    between = place.parent / f"{_between(place)}{os.getpid()}-{get_ident()}-{next(_written)}"
    # Only with a descriptor of a folder does Python follow the link that /proc has.
    os.link(f"/proc/self/fd/{descriptor}", between, src_dir_fd=folder, follow_symlinks=True)
    try:
        os.replace(between, place)
    except BaseException:
        between.unlink()
        raise


def _between(place: Path) -> str:
    return f".{place.name[:_LONGEST_NAME]}."


def _clear_away(place: Path) -> None:
    """Remove what writers of this file have left who were killed; nothing of one who is still at work."""
    begin = _between(place)
    for name in os.listdir(place.parent):
        writer = _WRITER.fullmatch(name.removeprefix(begin)) if name.startswith(begin) else None
        # A lock is the process's own: of another thread it would be had.
        if writer is not None and int(writer[1]) != os.getpid():
            with suppress(OSError):  # somebody else's, or just gone
                _remove_if_left(place.parent / name)


def _remove_if_left(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
    try:
        if _lock(descriptor):
            path.unlink()
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Whether the file is this process's now, which the system sees to until it is closed; by whatever end."""
    try:
        os.lockf(descriptor, os.F_TLOCK, 0)
    except OSError:  # another has it, or the file system knows no locks
        return False
    return True


def _replace_by_named(path: Path, content: bytes, mode: int) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:_LONGEST_NAME]}.")
    try:
        with open(descriptor, "wb") as file:
            _fill(file, content, mode)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _fill(file: BinaryIO, content: bytes, mode: int) -> None:
    file.write(content)
    file.flush()
    os.fsync(file.fileno())
    if hasattr(os, "fchmod"):
        os.fchmod(file.fileno(), mode)


def _mode(path: Path) -> int:
    """The permissions of the file that is there, or those that a new one gets (mkstemp gives it to its owner only)."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def folder(name: str) -> Path:
    """The folder `scenarios` or `openapi`."""
    package = Path(__file__).resolve().parent
    installed = package / name
    return installed if installed.is_dir() else package.parents[1] / name
