"""Builds the report of journals: what became of each rule, what the observer found, what was known already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import msgspec

from ecf_sandbox import __version__
from ecf_sandbox.api.operation_names import operation_names
from ecf_sandbox.dates.wire import instant_ms
from ecf_sandbox.rulebook.catalogue import catalogue
from ecf_sandbox.services import DEFAULT, service_named, service_names
from ecf_sandbox.state.exchange_codec import JournalEntry, RecordedFinding
from ecf_sandbox.state.parts import RuleEntry
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.service import Service
from ecf_sandbox.suggest import did_you_mean
from ecf_sandbox.tools.report import usage
from ecf_sandbox.tools.report.journal_file import BadJournal, ReadJournal, by_service, with_present_names
from ecf_sandbox.tools.report.operations import known_operations
from ecf_sandbox.tools.report.privacy import Mask, Masks
from ecf_sandbox.tools.report.report import (
    FORMAT,
    VERSION,
    Baseline,
    FindingSeen,
    Item,
    ReasonRead,
    RefusalSeen,
    Report,
    RuleSeen,
    ShownBy,
    Source,
    Standing,
)

Key = tuple[str, str, str]
# What was found of each service, the first of them under None.
Known = Mapping[str | None, frozenset[Key]]


class BadBaseline(Exception):
    """A file that is no report of this format and version. Says what it is instead."""


class _Told(msgspec.Struct):
    code: str
    operation: str
    where: str


class _Of(msgspec.Struct):
    findings: list[_Told]
    service: str | None = None


class _Earlier(_Of):
    format: str = ""
    version: int = 0
    beside: list[_Of] = []


def findings_of(written: bytes, file: str) -> Known:
    """What an earlier report had found; raises BadBaseline."""
    try:
        earlier = msgspec.json.decode(written, type=_Earlier)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        raise BadBaseline(f"{file} is not a report: {wrong}; write one with: ecf-sandbox report --json FILE") from None
    if earlier.format != FORMAT:
        raise BadBaseline(
            f"{file} is not a report but {earlier.format!r}; write one with: ecf-sandbox report --json FILE"
        )
    if earlier.version != VERSION:
        raise BadBaseline(
            f"{file} is version {earlier.version} of the format, and this ecf-sandbox reads version {VERSION}"
        )
    of = {
        it.service: frozenset((each.code, each.operation, each.where) for each in it.findings) for it in earlier.beside
    }
    own = frozenset((it.code, it.operation, it.where) for it in earlier.findings)
    return of | {earlier.service: own} | ({} if earlier.service else {None: own})


def new_against(report: Report, every: Known, file: str) -> Report:
    """The report with only those findings that are not known: another place of an operation is another finding.

    A report that names no service is of an earlier version, and of the first.
    """
    beside = tuple(new_against(it, every, file) for it in report.beside)
    known = every.get(report.service, every.get(None, frozenset()) if report.service == DEFAULT else frozenset())
    names = operation_names(service_named(report.service))
    # A report of an earlier version has the former names, each of which may be one of several now.
    known |= {
        (code, each.name, where)
        for code, operation, where in known
        for each in names.operations
        if each.former == operation
    }
    new = tuple(found for found in report.findings if key(found) not in known)
    baseline = Baseline(file=file, known=len(report.findings) - len(new))
    return replace(report, findings=new, baseline=baseline, beside=beside)


def key(finding: FindingSeen) -> Key:
    """What makes a finding the same in two reports."""
    return finding.code, finding.operation, finding.where


NAMED = 5
_EXPLAINED = 50
_SEVERITIES = ("error", "warning", "advice")


def rules_seen(heard: Sequence[JournalEntry], service: Service) -> tuple[RuleSeen, ...]:
    """Every rule of the catalogue with its verdicts, and rules that only the journals know."""
    counted: Counter[tuple[str, str]] = Counter()
    broken_by: dict[str, list[str]] = {}
    for it in heard:
        for rule, verdict in it.rules.items():
            counted[rule, verdict] += 1
            if verdict == "broken":
                broken_by.setdefault(rule, []).append(it.name)
    entries = {it.id: it for it in catalogue(service)}
    strangers = sorted({rule for rule, _ in counted} - set(entries))
    return tuple(_rule(id, entries.get(id), counted, broken_by.get(id, ())) for id in (*entries, *strangers))


def findings(heard: Sequence[JournalEntry], files: dict[str, str | None], masks: Masks) -> tuple[FindingSeen, ...]:
    """What was found, the worst first, each once for an operation and a place."""
    groups: dict[tuple[str, str, str, str], list[tuple[JournalEntry, RecordedFinding]]] = {}
    for it in heard:
        for found in it.findings:
            groups.setdefault((found.severity, found.code, it.operation, found.where), []).append((it, found))
    ordered = sorted(groups.items(), key=lambda pair: (_rank(pair[0][0]), pair[0]))
    return tuple(_finding(group, files, masks) for _, group in ordered)


def _rule(id: str, entry: RuleEntry | None, counted: Counter[tuple[str, str]], broken_by: Sequence[str]) -> RuleSeen:
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


def _finding(
    group: Sequence[tuple[JournalEntry, RecordedFinding]], files: dict[str, str | None], masks: Masks
) -> FindingSeen:
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
        tests=_tests((each for each, _ in group), masks),
        file=files.get(it.journal),
        line=it.line,
    )


def _tests(heard: Iterable[JournalEntry], masks: Masks) -> tuple[ShownBy, ...]:
    """The first of the tests that sent these exchanges, each once for a world."""
    first: dict[tuple[str, str], JournalEntry] = {}
    for it in heard:
        if it.test:
            first.setdefault((it.test, it.lived_in), it)
    return tuple(_shown_by(it, masks.of(it)) for it in list(first.values())[:NAMED])


def _shown_by(it: JournalEntry, mask: Mask) -> ShownBy:
    return ShownBy(test=mask.text(it.test or ""), world=it.lived_in, file=it.test_file, line=it.test_line)


def refusals(heard: Sequence[JournalEntry], service: Service, masks: Masks) -> tuple[RefusalSeen, ...]:
    """The newest refusals, at most so many that somebody can read them, the oldest first."""
    refused = [it for it in heard if it.asked and it.refusals][-_EXPLAINED:]
    policies = {it.id: it.policy for it in catalogue(service)} if refused else {}
    return tuple(_refusal(it, policies, masks) for it in refused)


def _refusal(it: JournalEntry, policies: Mapping[str, str], masks: Masks) -> RefusalSeen:
    mask, explained = masks.of(it), it.explanation or {}
    facts = {each["rule"]: each.get("facts", ()) for each in explained.get("broken", ())}
    return RefusalSeen(
        exchange=it.name,
        test=None if it.test is None else mask.text(it.test),
        method=it.method,
        target=mask.text(it.target),
        status=it.response.status,
        reasons=tuple(
            ReasonRead(
                rule=each.rule,
                policy=policies.get(each.rule, ""),
                detail=mask.text(each.detail),
                facts=tuple(mask.text(f"{fact['name']}: {fact['value']}") for fact in facts.get(each.rule, ())),
            )
            for each in it.refusals
        ),
        would_pass=tuple(mask.text(each["words"]) for each in explained.get("would_pass", ()) if not each.get("still")),
    )


def _rank(severity: str) -> int:
    return _SEVERITIES.index(severity) if severity in _SEVERITIES else len(_SEVERITIES)


class Checklist(Protocol):
    """What is asked of a client to be tested, each test with what the journals show of it."""

    def __call__(self, journals: Sequence[ReadJournal], masks: Masks) -> tuple[Item, ...]: ...


def checklist_of(service: Service) -> Checklist:
    """The checklist of a service, which has nothing on it if the service has none."""
    return service.part_or("checklist", _nothing_asked)


def _nothing_asked(journals: Sequence[ReadJournal], masks: Masks) -> tuple[Item, ...]:  # noqa: ARG001 - a Checklist
    return ()


def report_of(journals: Sequence[ReadJournal], service: Service) -> Report:
    """What the exchanges of all journals together show, with a report beside for each other service they are of.

    `service` is that of exchanges that name none. Raises BadJournal for a service that is not installed.
    """
    of = {_service(name, service): those for name, those in by_service(journals, service.name).items()}
    # One for all: whoever is in two of the reports has one placeholder.
    kinds: dict[str, str] = {}
    for it in of:
        kinds |= it.part_or("personal_attributes", {})
    masks = Masks(kinds)
    first, *others = (_of_service(those, it, masks) for it, those in of.items())
    return replace(first, beside=tuple(others))


def _service(name: str, default: Service) -> Service:
    if name == default.name:
        return default
    try:
        return service_named(name)
    except KeyError:
        raise BadJournal([f"there are exchanges of the service {did_you_mean(name, service_names())}"]) from None


def _of_service(journals: Sequence[ReadJournal], service: Service, masks: Masks) -> Report:
    journals = [with_present_names(it, service) for it in journals]
    known = known_operations(service)
    heard = [it for journal in journals for it in journal.exchanges]
    operations = usage.operations(heard, known)
    rules = rules_seen(heard, service)
    return Report(
        made_by=f"ecf-sandbox {__version__}",
        service=service.name,
        title=service.title,
        journals=tuple(_source(it) for it in journals),
        missing=sum(it.missing for it in journals),
        totals=usage.totals(heard, known),
        coverage=usage.coverage(operations, rules),
        findings=findings(heard, {it.name: it.file for it in journals}, masks),
        rules=rules,
        operations=operations,
        elsewhere=usage.elsewhere(heard, known, masks),
        refusals=refusals(heard, service, masks),
        events=usage.events(heard),
        checklist=checklist_of(service)(journals, masks),
    )


def _source(journal: ReadJournal) -> Source:
    moments = [each.at for each in journal.exchanges]
    return Source(
        name=journal.name,
        file=journal.file,
        exchanges=len(journal.exchanges),
        missing=journal.missing,
        first_at=instant_ms(min(moments)) if moments else None,
        last_at=instant_ms(max(moments)) if moments else None,
    )
