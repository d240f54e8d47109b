"""The image of examples/ci/ is built where that is possible without a container engine, and does what is promised."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from tests.release import container
from tests.served import ENVIRONMENT

pytestmark = pytest.mark.slow


def test_the_image_is_built_and_serves(tmp_path, monkeypatch, capsys):
    """In a storage of its own, so that nothing is left; two minutes, most of them debootstrap's."""
    if why := container.lacking():
        pytest.skip(f"no image can be built here: {why}")
    storage = f'driver = "vfs"\ngraphroot = "{tmp_path}/graph"\nrunroot = "{tmp_path}/run"\n'
    (tmp_path / "storage.conf").write_text(f"[storage]\n{storage}")
    monkeypatch.setenv("CONTAINERS_STORAGE_CONF", str(tmp_path / "storage.conf"))
    try:
        (tmp_path / "work").mkdir()
        container.check(tmp_path / "work")
    except container.CannotTry as why:
        pytest.skip(f"no image can be built here: {why}")
    finally:
        shutil.rmtree(tmp_path)
    assert capsys.readouterr().out.count("after SIGTERM)") == 2


class TestTheScript:
    @pytest.fixture
    def build(self, tmp_path):
        """Run build-image.sh where these commands do nothing, and do it well, and there are few others."""

        def build(*arguments, there=("buildah", "debootstrap"), uid=0, debootstrap="true"):
            programs = {"id": f"echo {uid}", "debootstrap": debootstrap, "buildah": "[ $1 != inspect ]"}
            folder = tmp_path / "bin"
            folder.mkdir()
            for name, program in programs.items():
                if name == "id" or name in there:
                    (folder / name).write_text(f"#!/bin/sh\n{program}\n")
                    (folder / name).chmod(0o755)
            for name in ("sh", "dirname", "mktemp", "rm", "ls", "tail", "mkdir", "cp"):
                (folder / name).symlink_to(shutil.which(name))
            done = subprocess.run(
                ["sh", container.BUILD, *arguments],
                cwd=tmp_path,
                env=ENVIRONMENT | {"PATH": str(folder)},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            return done.returncode, done.stderr

        (tmp_path / "wheels").mkdir()
        (tmp_path / "wheels" / "ecf_sandbox-0.3.0-py3-none-any.whl").touch()
        return build

    def test_builds_from_the_wheels_where_all_is_there(self, build):
        assert build("wheels") == (0, "")

    @pytest.mark.parametrize(
        ("arguments", "machine", "told"),
        [
            ((), {}, "usage"),
            (("wheels", "name", "more"), {}, "usage"),
            (("wheels",), {"uid": 1000}, "only root"),
            (("wheels",), {"there": ("debootstrap",)}, "there is no buildah"),
            (("wheels",), {"there": ("buildah",)}, "there is no debootstrap"),
            (("elsewhere",), {}, "no ecf_sandbox-*.whl in elsewhere"),
        ],
    )
    def test_says_what_is_missing_before_it_begins(self, build, arguments, machine, told):
        code, said = build(*arguments, **machine)

        assert code == 2
        assert told in said

    def test_ends_with_3_where_debian_cannot_be_reached(self, build):
        code, said = build("wheels", debootstrap="echo E: no such host; exit 1")

        assert code == 3
        assert "no such host" in said

    def test_can_be_run_as_it_is(self):
        assert os.access(container.BUILD, os.X_OK)
