"""`make container`: builds the image of examples/ci/ without a container engine, runs it, and checks what is promised.

It takes root, buildah and debootstrap. The image stays, as `ecf-sandbox`, in the storage that buildah is set to use.
"""

from __future__ import annotations

import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from tests.release.__main__ import step
from tests.release.artefacts import ROOT
from tests.release.failed import NotFit, environment, run

NAME = "localhost/ecf-sandbox"
BUILD = ROOT / "examples" / "ci" / "build-image.sh"
NO_BASE = 3  # what build-image.sh ends with where Debian's packages cannot be had
AT_ONCE = 2.0  # seconds; an engine waits ten before it kills


class CannotTry(Exception):
    """The image cannot be built on this machine. Says what it lacks."""


def lacking() -> str:
    """What this machine lacks for building an image; nothing if it has all."""
    tools = [it for it in ("buildah", "debootstrap", "unshare") if shutil.which(it) is None]
    if tools:
        return f"{' and '.join(tools)} not installed"
    return "" if os.geteuid() == 0 else "only root can make a base with debootstrap"


def main() -> int:
    """Do every step and say how long it took; answers 0, 1 when something is wrong, 2 when it cannot be tried."""
    with tempfile.TemporaryDirectory(prefix="ecf-sandbox-container-") as name:
        try:
            check(Path(name))
        except CannotTry as why:
            print(f"cannot build an image: {why}", file=sys.stderr)
            return 2
        except NotFit as wrong:
            print(f"\nwrong: {wrong}", file=sys.stderr)
            return 1
    print(f"The image {NAME} is fit to be used.")
    return 0


def check(folder: Path) -> None:
    """Build the image and use it; raises NotFit or CannotTry."""
    if why := lacking():
        raise CannotTry(why)
    wheels = folder / "wheels"
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--wheel-dir", wheels, ROOT]
    step("make the wheels", lambda: run(command, folder))
    step("build the image", lambda: _build(wheels))
    told = json.loads(run(["buildah", "inspect", "--type", "image", NAME], folder))["Docker"]["config"]
    step("it names a user who is not root, a port and a health check", lambda: _configured(told))
    with _container() as container:
        step("it serves, answers, is well, and ends on SIGTERM", lambda: _serves(container, told))
        step("it ends on SIGTERM as process 1", lambda: _ends_as_process_1(container, told))


def _build(wheels: Path) -> None:
    done = subprocess.run(
        ["sh", BUILD, wheels, NAME], env=environment(), capture_output=True, text=True, timeout=1200, check=False
    )
    if done.returncode == NO_BASE:
        raise CannotTry(done.stderr.strip())
    if done.returncode:
        raise NotFit(f"build-image.sh ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def _configured(told: dict) -> None:
    command, port = told["Cmd"], next(iter(told["ExposedPorts"]), "")
    if told["User"] in ("", "0", "root") or "Healthcheck" not in told or port != f"{command[-1]}/tcp":
        raise NotFit(f"the image is not as its file says: {told}")


@contextmanager
def _container() -> Iterator[str]:
    name = run(["buildah", "from", "--pull-never", NAME], ROOT).strip()
    try:
        yield name
    finally:
        run(["buildah", "rm", name], ROOT)


def _serves(container: str, told: dict) -> None:
    """Run what the image runs, at a free port, since without an engine its ports are the machine's."""
    port = _free_port()
    inside = ["buildah", "run", "--isolation", "chroot", container, "--"]
    well = [*inside, *_at(port, told["Healthcheck"]["Test"][1:])]
    with _running([*inside, *_at(port, told["Cmd"])]) as (process, greeting):
        url = f"http://127.0.0.1:{port}"
        run([*inside, "ecf-sandbox", "wait", "--url", url, "--timeout", "30"], ROOT)
        token = re.search(r"^  token +(\S+)", greeting, re.MULTILINE)[1]
        control = re.search(r"^  control +(\S+)", greeting, re.MULTILINE)[1]
        _answers(f"{url}/api/v3/statements", 200, Authorization=f"Bearer {token}")
        _answers(f"{url}/api/v3/statements", 401)
        _answers(f"{url}/_sandbox/worlds", 401)
        _answers(f"{url}/_sandbox/worlds", 200, **{"X-Sandbox-Token": control})
        run(well, ROOT)
        server = _server_below(process.pid)
        uid = Path(f"/proc/{server}").stat().st_uid
        if str(uid) != told["User"]:
            raise NotFit(f"it serves as {pwd.getpwuid(uid).pw_name}, not as {told['User']}")
        _ends(process, server)
        run(well, ROOT, code=3)


def _ends_as_process_1(container: str, told: dict) -> None:
    """In a namespace of its own it is process 1, for which signals have no effect unless it handles them."""
    root = run(["buildah", "mount", container], ROOT).strip()
    variables = [it for it in told["Env"] if it.startswith("PATH=")]
    chroot = ["chroot", f"--userspec={told['User']}:{told['User']}", root, "/usr/bin/env", "-i", *variables]
    command = ["unshare", "--pid", "--fork", "--kill-child", *chroot, *_at(_free_port(), told["Cmd"])]
    with _running(command) as (process, _):
        _ends(process, _server_below(process.pid))


@contextmanager
def _running(command: list[str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that serves, and the greeting that it printed; it is gone when the block ends."""
    with subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout is not None
            greeting = ""
            for line in process.stdout:
                greeting += line
                if line.startswith("Ctrl-C stops it"):
                    break
            else:
                raise NotFit(f"the image does not serve:\n{greeting}")
            yield process, greeting
        finally:
            for it in [*_below(process.pid), process.pid]:
                _kill(it)


def _ends(process: subprocess.Popen[str], server: int) -> None:
    began = time.monotonic()
    os.kill(server, signal.SIGTERM)
    try:
        code = process.wait(timeout=AT_ONCE)
    except subprocess.TimeoutExpired:
        raise NotFit(f"it has not ended {AT_ONCE:g} s after SIGTERM") from None
    if code:
        raise NotFit(f"SIGTERM ended it with {code}")
    print(f"({(time.monotonic() - began) * 1000:.0f} ms after SIGTERM) ", end="", flush=True)


def _answers(url: str, status: int, **headers: str) -> None:
    try:
        with build_opener(ProxyHandler({})).open(Request(url, headers=headers), timeout=30) as answer:
            got = answer.status
    except HTTPError as error:
        got = error.code
    if got != status:
        raise NotFit(f"{url} with {', '.join(headers) or 'no header'} is answered {got}, not {status}")


def _at(port: str, command: list[str]) -> list[str]:
    """A command of the image's, which knows the port 8000, for another one."""
    return [re.sub(r"\b8000$", port, it) for it in command]


def _below(pid: int) -> list[int]:
    """The processes below one, the farthest first."""
    # buildah starts processes in any of its threads.
    children = [int(it) for thread in Path(f"/proc/{pid}/task").glob("*/children") for it in _read(thread).split()]
    return [found for child in children for found in (*_below(child), child)]


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:  # it ended meanwhile
        return ""


def _server_below(pid: int) -> int:
    return _below(pid)[0]


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as it:
        return str(it.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
