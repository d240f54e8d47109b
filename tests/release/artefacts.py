"""The files of a release: an sdist and a wheel, and what must be in them."""

from __future__ import annotations

import sys
import tarfile
import zipfile
from hashlib import sha256
from pathlib import Path

from tests.release.failed import NotFit, run

ROOT = Path(__file__).resolve().parents[2]
# What an installation cannot do without, and a wheel loses without anybody noticing in a checkout.
NEEDED = (
    "ecf_sandbox/py.typed",
    "ecf_sandbox/scenarios/default.yaml",
    "ecf_sandbox/openapi/v1.yaml",
    "ecf_sandbox/openapi/v2.yaml",
    "ecf_sandbox/openapi/v3.yaml",
    "ecf_sandbox/openapi/control.yaml",
)


def build(what: str, source: Path, to: Path) -> Path:
    """Build the `sdist` or the `wheel` of a source folder; answers the file. Raises NotFit."""
    run([sys.executable, "-m", "build", f"--{what}", "--outdir", to, source], ROOT)
    return next(to.glob("*.whl" if what == "wheel" else "*.tar.gz"))


def unpacked(sdist: Path, to: Path) -> Path:
    """The folder that an sdist holds, unpacked below `to`."""
    with tarfile.open(sdist) as it:
        it.extractall(to, filter="data")
    return to / sdist.name.removesuffix(".tar.gz")


def contents(wheel: Path) -> dict[str, str]:
    """The files of a wheel, each with its digest; RECORD, which lists them, is left out."""
    with zipfile.ZipFile(wheel) as it:
        return {
            name: sha256(it.read(name)).hexdigest() for name in it.namelist() if not name.endswith("dist-info/RECORD")
        }


def whole(found: dict[str, str]) -> None:
    """Insist that a wheel holds what an installation needs, and every file of the checkout's; raises NotFit."""
    data = [
        f"ecf_sandbox/{folder}/{it.relative_to(ROOT / folder)}"
        for folder in ("scenarios", "openapi")
        for it in (ROOT / folder).rglob("*")
        if it.is_file()
    ]
    modules = [str(it.relative_to(ROOT / "sandbox")) for it in (ROOT / "sandbox").rglob("*.py")]
    missing = sorted({*NEEDED, *data, *modules} - set(found))
    foreign = sorted(it for it in found if it.split("/")[0] != "ecf_sandbox" and ".dist-info/" not in it)
    if missing or foreign:
        raise NotFit(f"the wheel lacks {missing or 'nothing'}, and has what is not its own: {foreign or 'nothing'}")


def the_same(one: dict[str, str], other: dict[str, str]) -> None:
    """Insist that two wheels hold the same files with the same bytes; raises NotFit."""
    differing = sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
    if differing:
        raise NotFit(f"the wheel of the checkout and the wheel of the sdist differ in: {', '.join(differing)}")
