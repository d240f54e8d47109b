"""`make bench-scale`: one process beside several behind nginx, with clients in many worlds."""

from __future__ import annotations

import argparse
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from tests.bench.load import Figures, measure, request
from tests.bench.servers import sandbox_command, serving
from tests.bench.services import TOKEN

CONFIGURATION = Path(__file__).resolve().parents[2] / "examples" / "scale" / "nginx.conf"
PROCESSES, WORLDS, CONNECTIONS, COUNT = 4, 400, 16, 2000
PATHS = {
    "show a list of 10": "/api/v3/statements?page[per_page]=10",
    "list of 100": "/api/v3/participants/ecf?page[per_page]=100",
}


@contextmanager
def behind_nginx(processes: int = PROCESSES) -> Iterator[tuple[str, list[str]]]:
    """The address of nginx before so many sandboxes, configured as the example is, and those of the sandboxes."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        command = sandbox_command()
        urls = [stack.enter_context(serving(command)).url for _ in range(processes)]
        port = _free_port()
        (folder / "nginx.conf").write_text(configured(port, urls))
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        process = subprocess.Popen([nginx, "-p", str(folder), "-c", "nginx.conf"], stderr=subprocess.DEVNULL)
        try:
            _until_it_listens(process, port)
            yield f"http://127.0.0.1:{port}", urls
        finally:
            process.terminate()
            process.wait(30)


def configured(port: int, urls: list[str]) -> str:
    """The example's configuration with other ports."""
    text = CONFIGURATION.read_text(encoding="utf-8").replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    shown = "".join(f"    server 127.0.0.1:800{n};\n" for n in range(1, 5))
    assert shown in text
    return text.replace(shown, "".join(f"    server {url.removeprefix('http://')};\n" for url in urls))


def main() -> int:
    """Measure in turns, and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description=__doc__)
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with ExitStack() as stack:
        one = stack.enter_context(serving(sandbox_command())).url
        several, _ = stack.enter_context(behind_nginx(options.processes))
        print(
            f"| {CONNECTIONS} at once, {WORLDS} worlds | one process, 1/s | {options.processes} behind nginx | times |"
        )
        print("| --- | --- | --- | --- |")
        for name, path in PATHS.items():
            for url in (one, several):  # each world is made
                _burst(url, path)
            pairs = [(_burst(one, path), _burst(several, path)) for _ in range(options.rounds)]
            alone, together = (statistics.median(it.per_second for it in side) for side in zip(*pairs, strict=True))
            times = statistics.median(b.per_second / a.per_second for a, b in pairs)
            print(f"| {name} | {alone:,.0f} | {together:,.0f} | {times:.2f} × |", flush=True)
    return 0


def _burst(url: str, path: str) -> Figures:
    def make(n: int) -> bytes:
        return request(url, path, token=f"{TOKEN}~world-{n % WORLDS}")

    return measure(url, make, connections=CONNECTIONS, count=COUNT)


def _free_port() -> int:
    with closing(socket.socket()) as it:
        it.bind(("127.0.0.1", 0))
        port: int = it.getsockname()[1]
        return port


def _until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            threading.Event().wait(0.02)
    raise RuntimeError(f"nginx does not listen; it ended with {process.poll()}")


if __name__ == "__main__":
    sys.exit(main())
