"""`make contract`: schemathesis over every document of every service in every edition, long; prints a summary."""

from __future__ import annotations

import argparse
import sys
import time

from tests.tools.contract.findings import Findings
from tests.tools.contract.fuzzing import SEED, fuzz, suites


def main() -> int:
    """Run, print, and answer 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.contract", description=__doc__)
    parser.add_argument("--examples", type=int, default=2000, help="drawn requests for each version and edition")
    parser.add_argument("--stories", type=int, default=100, help="walks along the links of a document, likewise")
    parser.add_argument("--seed", type=int, default=SEED, help="what is drawn depends on this alone")
    for name, its in chosen().items():
        parser.add_argument(f"--{name}", choices=its, action="append", help="only this one (may be repeated)")
    options = parser.parse_args()
    found = 0
    started = time.perf_counter()
    sizes = {"examples": options.examples, "stories": options.stories, "seed": options.seed}
    for service, version, edition in suites():
        named = {"service": service.name, "version": version, "edition": edition.name}
        if all(it in (getattr(options, name) or [it]) for name, it in named.items()):
            findings = fuzz(service, version, edition, progress=tell, **sizes)
            found += len(findings.wrong)
            report(findings)
    print(f"{found} findings in {time.perf_counter() - started:.0f} s")
    return 1 if found else 0


def chosen() -> dict[str, list[str]]:
    """What can be chosen among the suites, by what it is."""
    its = [(service.name, version, edition.name) for service, version, edition in suites()]
    return {name: sorted({it[at] for it in its}) for at, name in enumerate(("service", "version", "edition"))}


def tell(what: str) -> None:
    """Progress, on one line, where somebody looks on."""
    if sys.stderr.isatty():
        print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)


def report(findings: Findings) -> None:
    """What came of one run."""
    tell("")
    print(findings.summary(), flush=True)
    for what, detail in findings.wrong.items():
        print(f"  {what}", *(f"    {line}" for line in detail.splitlines() if line.strip()), sep="\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
