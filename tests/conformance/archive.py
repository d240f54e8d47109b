"""Compresses a recording into `recorded/`, in the same way each time.

    python -m tests.conformance.archive FOLDER NAME

FOLDER has `world.json` and `cases/*.jsonl`; `recorded/NAME` gets each of them compressed, and `recorded/SHA256SUMS`
the digests of what they say.
"""

from __future__ import annotations

import argparse
import hashlib
import lzma
import sys
from pathlib import Path

from tests.conformance.recordings import COMPRESSED, RECORDED

SUMS = "SHA256SUMS"
# The smallest of the usual settings; its dictionary of 8 MiB is larger than any file here.
PRESET = 6 | lzma.PRESET_EXTREME


def main() -> int:
    """Compress one recording and write the digests of all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="has world.json and cases/*.jsonl")
    parser.add_argument("name", help="the folder in recorded/ that it becomes")
    options = parser.parse_args()
    made = pack(options.folder, RECORDED / options.name)
    (RECORDED / SUMS).write_text(sums(RECORDED))
    print(f"{len(made)} files, {sum(it.stat().st_size for it in made):,} bytes in {RECORDED / options.name}")
    return 0


def pack(source: Path, to: Path) -> list[Path]:
    """Compress the world and the cases of one recording into a folder."""
    to.mkdir(parents=True, exist_ok=True)
    made = []
    for file in [source / "world.json", *sorted((source / "cases").glob("*.jsonl"))]:
        made.append(to / f"{file.name}{COMPRESSED}")
        made[-1].write_bytes(compressed(file.read_bytes()))
    return made


def compressed(raw: bytes) -> bytes:
    """The same bytes for the same content: an .xz file has neither name nor time in it."""
    return lzma.compress(raw, preset=PRESET)


def sums(folder: Path) -> str:
    """The digest of what each file says, in the format of `sha256sum`, by its name without `.xz`."""
    return "".join(
        f"{hashlib.sha256(lzma.decompress(it.read_bytes())).hexdigest()}  {it.relative_to(folder).with_suffix('')}\n"
        for it in sorted(folder.rglob(f"*{COMPRESSED}"))
    )


if __name__ == "__main__":
    sys.exit(main())
