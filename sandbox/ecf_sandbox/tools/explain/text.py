"""An explanation for a terminal: what happened, why, what would pass, and every rule that was asked."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Sequence
from textwrap import indent, wrap

from ecf_sandbox.printing import in_docs
from ecf_sandbox.state.findings import Finding
from ecf_sandbox.state.journal import Verdict
from ecf_sandbox.tools.explain.explanation import Evaluation, Explanation, Request, RuleResult, Suggestion

WIDTH = 110
_GLOB = re.compile(r"[\[\]{}]")


def as_text(it: Explanation, url: str) -> str:
    """The explanation in lines of at most 110 columns where words allow; requests as curl sends them to `url`."""
    tried = it.number is None
    asked = f"{it.method} {_legible(it.target)}" if it.method else it.operation
    parts = [
        f"{asked} {'would be' if tried else 'was'} answered {it.status}\n{it.summary}",
        _listed(None, it.reasons),
        _listed("What it would change:" if tried else "What it changed:", it.changed),
        _listed("What the observer found:", [finding_text(finding) for finding in it.findings]),
        *(_broken(ruling) for judging in it.judgings for ruling in judging.broken),
        "\n\n".join(_passing(it, url)),
        *(judging_text(judging) for judging in it.judgings),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def judging_text(it: Evaluation) -> str:
    """Every rule of an action on a line: its verdict, and why it was not asked."""
    lines = [f"All rules to {it.action}, in order:"]
    for ruling in it.rulings:
        why = f" - {ruling.why_not}" if ruling.why_not else ""
        lines += wrap(
            f"{ruling.verdict.value:<9} {ruling.rule}{why}",
            WIDTH,
            initial_indent="  ",
            subsequent_indent=" " * 14,
            break_on_hyphens=False,
        )
    return "\n".join(lines)


def ruling_text(it: RuleResult) -> str:
    """One rule with all that is known of the verdict."""
    rows = [("field", it.field), ("message", it.message), *((f"read {fact.name}", fact.value) for fact in it.facts)]
    rows.append(("source", in_docs(it.source)))
    width = max(len(name) for name, _ in rows)
    lines = [f"{it.rule} ({it.verdict.value})", *wrap(it.policy, WIDTH, initial_indent="  ", subsequent_indent="  ")]
    for name, value in rows:
        start = f"  {name:<{width}}  "
        lines += wrap(
            value, WIDTH, initial_indent=start, subsequent_indent=" " * len(start), break_on_hyphens=False
        ) or [start.rstrip()]
    return "\n".join(lines)


def finding_text(it: Finding) -> str:
    """One finding of the observer in a line."""
    return f"{it.severity} {it.code} ({it.where}): {it.message} {it.fix}"


def curl(it: Request, url: str) -> str:
    """A request as a command line."""
    # Unless told not to, curl takes brackets and braces for a range or a choice of addresses; a body it sends by POST.
    implied = it.method == "GET" and it.body is None
    parts = ["curl", *(["-g"] if _GLOB.search(it.path) else []), *([] if implied else ["-X", it.method])]
    parts += [part for name, value in it.headers.items() for part in ("-H", f"{name}: {value}")]
    if it.body is not None:
        parts += ["-d", json.dumps(it.body, ensure_ascii=False)]
    return shlex.join([*parts, url + it.path])


def _legible(target: str) -> str:
    """A target as it was typed: WSGI has a character for each byte of UTF-8."""
    try:
        return target.encode("latin-1").decode()
    except UnicodeError:
        return target


def _listed(heading: str | None, items: Sequence[str]) -> str:
    lines = [heading] if heading and items else []
    for it in items:
        lines += wrap(it, WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)
    return "\n".join(lines)


def _broken(it: RuleResult) -> str:
    return ruling_text(it) if it.verdict is Verdict.BROKEN else ""


def _passing(it: Explanation, url: str) -> Iterator[str]:
    if it.suggestions:
        works = "What would pass:" if it.status == 422 else "What would work:"
        yield works if it.suggestions[0].passes else "What would remove some of the reasons:"
    for number, suggestion in enumerate(it.suggestions, 1):
        yield _suggestion(number, suggestion, url)
    if it.no_suggestion:
        yield "\n".join(wrap(it.no_suggestion, WIDTH))


def _suggestion(number: int, it: Suggestion, url: str) -> str:
    still = "" if it.passes else f" Still refused by {', '.join(it.still)}."
    words = wrap(f"{number}. {it.words}{still}", WIDTH, subsequent_indent="   ", break_on_hyphens=False)
    return "\n".join([*words, *(indent(curl(request, url), "   ") for request in (*it.first, it.request))])
