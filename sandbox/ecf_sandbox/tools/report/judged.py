"""What became of every rule, and what the observer found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ecf_sandbox.ecf.rules.catalogue import Entry, catalogue
from ecf_sandbox.tools.report.exchanges import Heard, Noted
from ecf_sandbox.tools.report.personal import Masks
from ecf_sandbox.tools.report.report import FindingSeen, RuleSeen, Standing

NAMED = 5
_SEVERITIES = ("error", "warning", "advice")


def rules(heard: Sequence[Heard]) -> tuple[RuleSeen, ...]:
    """Every rule of the catalogue with its verdicts, and rules that only the journals know."""
    counted: Counter[tuple[str, str]] = Counter()
    broken_by: dict[str, list[str]] = {}
    for it in heard:
        for rule, verdict in it.rules.items():
            counted[rule, verdict] += 1
            if verdict == "broken":
                broken_by.setdefault(rule, []).append(it.name)
    entries = {it.id: it for it in catalogue()}
    strangers = sorted({rule for rule, _ in counted} - set(entries))
    return tuple(_rule(id, entries.get(id), counted, broken_by.get(id, ())) for id in (*entries, *strangers))


def findings(heard: Sequence[Heard], files: dict[str, str | None], masks: Masks) -> tuple[FindingSeen, ...]:
    """What was found, the worst first, each once for an operation and a place."""
    groups: dict[tuple[str, str, str, str], list[tuple[Heard, Noted]]] = {}
    for it in heard:
        for found in it.findings:
            groups.setdefault((found.severity, found.code, it.operation, found.where), []).append((it, found))
    ordered = sorted(groups.items(), key=lambda pair: (_rank(pair[0][0]), pair[0]))
    return tuple(_finding(group, files, masks) for _, group in ordered)


def _rule(id: str, entry: Entry | None, counted: Counter[tuple[str, str]], broken_by: Sequence[str]) -> RuleSeen:
    kept, broken = counted[id, "kept"], counted[id, "broken"]
    standing: Standing = "broken" if broken else "judged" if kept else "never"
    return RuleSeen(
        id=id,
        standing=standing,
        policy=entry.policy if entry else "This ecf-sandbox has no such rule.",
        actions=entry.actions if entry else (),
        editions=entry.editions if entry else (),
        message=entry.message if entry else "",
        kept=kept,
        broken=broken,
        not_asked=counted[id, "not asked"],
        exchanges=tuple(broken_by[:NAMED]),
    )


def _finding(group: Sequence[tuple[Heard, Noted]], files: dict[str, str | None], masks: Masks) -> FindingSeen:
    it, found = group[0]
    mask = masks.of(it)
    return FindingSeen(
        code=found.code,
        severity=found.severity,
        operation=it.operation,
        where=mask.text(found.where),
        count=len(group),
        received=mask.text(found.received),
        expected=mask.text(found.expected),
        message=mask.text(found.message),
        fix=mask.text(found.fix),
        link=found.link,
        exchanges=tuple(each.name for each, _ in group[:NAMED]),
        file=files.get(it.journal),
        line=it.line,
    )


def _rank(severity: str) -> int:
    return _SEVERITIES.index(severity) if severity in _SEVERITIES else len(_SEVERITIES)
