"""What the DfE asks a provider to test, as data: each test with what in a journal would show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from ecf_sandbox.state.record import Record
from ecf_sandbox.tools.report import sync
from ecf_sandbox.tools.report.journal_file import JournalEntry, ReadJournal
from ecf_sandbox.tools.report.privacy import Masks
from ecf_sandbox.tools.report.report import Item, Outcome
from ecf_sandbox.tools.report.samples import Samples
from ecf_sandbox.tools.report.terminal import plural
from ecf_sandbox.tools.report.usage import attributes, items

_NAMED = 5
_PARTNERSHIPS, _PARTICIPANTS, _DECLARATIONS = "Partnerships", "Participants", "Declarations"
_ERRORS, _SYNC, _KEYS, _SAMPLES = "Error paths", "Keeping data in sync", "Keys", "Samples"


class Seen(Record, frozen=True, kw_only=True):
    """What journals show of one test, in words, and the exchanges that show it, the best first."""

    outcome: Outcome
    note: str
    exchanges: Sequence[JournalEntry] = ()


Judge = Callable[[Sequence[JournalEntry], Samples], Seen]


class Ask(Record, frozen=True, kw_only=True):
    """One test: what is asked, and the question to the journals whether it was done."""

    id: str
    area: str
    asks: str
    judge: Judge


def checklist(journals: Sequence[ReadJournal], masks: Masks) -> tuple[Item, ...]:
    """Every test with what these journals show of it."""
    samples = Samples({it.name: it.secrets for it in journals}, masks)
    heard = [it for journal in journals for it in journal.exchanges if it.asked]
    return tuple(_item(ask, ask.judge(heard, samples), samples) for ask in ASKS)


def _item(ask: Ask, seen: Seen, samples: Samples) -> Item:
    return Item(
        id=ask.id,
        area=ask.area,
        asks=ask.asks,
        outcome=seen.outcome,
        note=seen.note,
        exchanges=tuple(it.name for it in seen.exchanges[:_NAMED]),
        sample=samples.of(seen.exchanges[0]) if seen.exchanges else None,
    )


def _succeeds(subject: str, request: str) -> Judge:
    """Shown by a request that was accepted."""

    def judge(heard: Sequence[JournalEntry], _: Samples) -> Seen:
        those = [it for it in heard if it.subject == subject]
        accepted = [it for it in those if it.accepted]
        if accepted:
            return Seen(outcome="shown", note=f"Accepted {plural(len(accepted), 'time')}.", exchanges=accepted)
        if those:
            statuses = ", ".join(sorted({str(it.response.status) for it in those}))
            note = f"Asked {plural(len(those), 'time')} and never accepted ({statuses}). To show it: {request}."
            return Seen(outcome="not shown", note=note, exchanges=those)
        return _missing(request)

    return judge


def _is_refused(subjects: Iterable[str], request: str) -> Judge:
    """Shown by a request that was refused for what it said, and fully if one of its kind was accepted later."""
    names = frozenset(subjects)

    def judge(heard: Sequence[JournalEntry], _: Samples) -> Seen:
        those = [it for it in heard if it.subject in names]
        refused = [it for it in those if it.response.status in (400, 422)]
        if not refused:
            return _missing(request)
        times = f"Refused {plural(len(refused), 'time')}"
        after = those[those.index(refused[0]) + 1 :]
        if any(it.accepted and it.provider == refused[0].provider for it in after):
            return Seen(outcome="shown", note=f"{times}; the client went on and succeeded later.", exchanges=refused)
        note = f"{times}. That the client goes on is not seen: send a request of this kind that is sound, afterwards."
        return Seen(outcome="partly shown", note=note, exchanges=refused)

    return judge


def _answered(status: int, request: str) -> Judge:
    """Shown by an operation of the API that answered with that status; a path that is none does not count."""

    def judge(heard: Sequence[JournalEntry], _: Samples) -> Seen:
        those = [it for it in heard if it.response.status == status and it.operation != "no route"]
        if not those:
            return _missing(request)
        return Seen(outcome="shown", note=f"Answered with {status} {plural(len(those), 'time')}.", exchanges=those)

    return judge


def _reads_all(subject: str, path: str) -> Judge:
    """Shown by pages from the first to the last."""
    request = f"GET {path}?page[page]=1 and so on without filter[updated_since], until a page is not full"

    def judge(heard: Sequence[JournalEntry], _: Samples) -> Seen:
        those = [it for it in heard if it.subject == subject]
        whole = sync.full_reads(those)
        if whole:
            longest = max(whole, key=len)
            note = f"Read to the end {plural(len(whole), 'time')}, over {plural(len(longest), 'page')} at most."
            return Seen(outcome="shown", note=note, exchanges=longest)
        begun = sync.begun_reads(those)
        if begun:
            note = f"Begun, and not read to the end. To show it: {request}."
            return Seen(outcome="partly shown", note=note, exchanges=begun)
        return _missing(request)

    return judge


def _reads_changes(subject: str, path: str) -> Judge:
    """Shown by a request for what has changed since a moment."""

    def judge(heard: Sequence[JournalEntry], _: Samples) -> Seen:
        those = sync.partial_reads([it for it in heard if it.subject == subject])
        if not those:
            return _missing(f"GET {path}?filter[updated_since]=2026-01-31T09:00:00Z, with a moment two polls back")
        found = [it for it in those if items(it)]
        with_some = f"{plural(len(found), 'answer')} with something in it"
        note = f"Asked for changes {plural(len(those), 'time')}, {with_some}."
        return Seen(outcome="shown", note=note, exchanges=[*found, *(it for it in those if not items(it))])

    return judge


def _several_partnerships(heard: Sequence[JournalEntry], _: Samples) -> Seen:
    """Shown by one provider that confirmed partnerships with two schools or more."""
    confirmed: dict[tuple[object, ...], dict[str, JournalEntry]] = {}
    for it in heard:
        if it.subject == "confirm_partnership" and it.accepted:
            confirmed.setdefault((*it.place, it.provider), {})[str(attributes(it).get("school_id"))] = it
    most = max(confirmed.values(), key=len, default={})
    if len(most) > 1:
        note = f"One provider confirmed partnerships with {len(most)} schools."
        return Seen(outcome="shown", note=note, exchanges=list(most.values()))
    request = "POST /api/v3/partnerships/ecf for two different schools with one key"
    listed = [it for it in heard if it.subject == "list_partnerships" and it.accepted and len(items(it) or ()) > 1]
    if most or listed:
        note = f"{'One was confirmed' if most else 'Several were listed'}. To show it: {request}."
        return Seen(outcome="partly shown", note=note, exchanges=[*most.values(), *listed])
    return _missing(request)


def _keys_secured(heard: Sequence[JournalEntry], samples: Samples) -> Seen:
    """Only the contrary can be seen: a key in an address, or not in the header in which it belongs."""
    exposed = [it for it in heard if samples.in_clear(it) or any(each.code == _TOKEN_IN_QUERY for each in it.findings)]
    if exposed:
        note = (
            f"Speaks against it: {plural(len(exposed), 'request')} had a key in the address, where it is logged. "
            "Send it in the header Authorization only."
        )
        return Seen(outcome="not shown", note=note, exchanges=exposed)
    odd = [it for it in heard if any(each.code.startswith("authorization.") for each in it.findings)]
    if odd:
        note = f"Speaks against it: {plural(len(odd), 'request')} had an odd Authorization; see the findings."
        return Seen(outcome="not shown", note=note, exchanges=odd)
    none = "No request had a key in its address. " if heard else ""
    note = f"{none}How keys are kept cannot be seen from here: say where they are stored, and who can read them."
    return Seen(outcome="cannot be shown", note=note)


def _samples_kept(heard: Sequence[JournalEntry], _: Samples) -> Seen:
    """Shown by a request and an answer, which have their moments in every journal."""
    if not heard:
        return _missing("any request; the sandbox notes it with its answer and the moment")
    whole = [it for it in heard if it.request.body is not None and it.accepted] or list(heard)
    note = (
        f"{plural(len(heard), 'request')} with answers and moments are in the journals; each test shows one of its own."
    )
    return Seen(outcome="shown", note=note, exchanges=whole)


def _missing(request: str) -> Seen:
    return Seen(outcome="not shown", note=f"To show it: {request}.")


def _ask(id: str, area: str, asks: str, judge: Judge) -> Ask:
    return Ask(id=id, area=area, asks=asks, judge=judge)


_TOKEN_IN_QUERY = "authorization.token-in-query"
_PEOPLE, _MADE, _WITH = "/api/v3/participants/ecf", "/api/v3/participant-declarations", "/api/v3/partnerships/ecf"
_CHANGES_OF_PEOPLE = ("defer", "resume", "withdraw", "change_schedule")

ASKS: Final = (
    _ask(
        "partnerships.schools",
        _PARTNERSHIPS,
        "Find schools",
        _succeeds("list_schools", "GET /api/v3/schools/ecf?filter[cohort]=2025"),
    ),
    _ask(
        "partnerships.delivery-partners",
        _PARTNERSHIPS,
        "Find delivery partners",
        _succeeds("list_delivery_partners", "GET /api/v3/delivery-partners?filter[cohort]=2025"),
    ),
    _ask(
        "partnerships.confirm",
        _PARTNERSHIPS,
        "Confirm a partnership",
        _succeeds("confirm_partnership", f"POST {_WITH} with cohort, school_id and delivery_partner_id"),
    ),
    _ask(
        "partnerships.several",
        _PARTNERSHIPS,
        "Handle several partnerships",
        _several_partnerships,
    ),
    _ask(
        "partnerships.update",
        _PARTNERSHIPS,
        "Change the delivery partner of a partnership",
        _succeeds("update_partnership", f"PUT {_WITH}/{{id}} with delivery_partner_id"),
    ),
    _ask(
        "partnerships.list",
        _PARTNERSHIPS,
        "Read partnerships",
        _succeeds("list_partnerships", f"GET {_WITH}"),
    ),
    _ask(
        "participants.list",
        _PARTICIPANTS,
        "Read participants",
        _succeeds("list_participants", f"GET {_PEOPLE}"),
    ),
    _ask(
        "participants.show",
        _PARTICIPANTS,
        "Read one participant",
        _succeeds("show_participant", f"GET {_PEOPLE}/{{id}}"),
    ),
    _ask(
        "participants.defer",
        _PARTICIPANTS,
        "Defer a participant",
        _succeeds("defer", f"PUT {_PEOPLE}/{{id}}/defer with reason and course_identifier"),
    ),
    _ask(
        "participants.resume",
        _PARTICIPANTS,
        "Resume a participant",
        _succeeds("resume", f"PUT {_PEOPLE}/{{id}}/resume with course_identifier, after deferring"),
    ),
    _ask(
        "participants.withdraw",
        _PARTICIPANTS,
        "Withdraw a participant",
        _succeeds("withdraw", f"PUT {_PEOPLE}/{{id}}/withdraw with reason and course_identifier"),
    ),
    _ask(
        "participants.change-schedule",
        _PARTICIPANTS,
        "Change a participant's schedule",
        _succeeds("change_schedule", f"PUT {_PEOPLE}/{{id}}/change-schedule with schedule_identifier and cohort"),
    ),
    _ask(
        "participants.transfers",
        _PARTICIPANTS,
        "Read transfers",
        _succeeds("list_transfers", f"GET {_PEOPLE}/transfers"),
    ),
    _ask(
        "participants.unfunded-mentors",
        _PARTICIPANTS,
        "Read unfunded mentors",
        _succeeds("list_unfunded_mentors", "GET /api/v3/unfunded-mentors/ecf"),
    ),
    _ask(
        "declarations.record",
        _DECLARATIONS,
        "Submit a declaration",
        _succeeds("record_declaration", f"POST {_MADE} with declaration_type started, inside its milestone"),
    ),
    _ask(
        "declarations.list",
        _DECLARATIONS,
        "Read declarations",
        _succeeds("list_declarations", f"GET {_MADE}"),
    ),
    _ask(
        "declarations.void",
        _DECLARATIONS,
        "Void a declaration",
        _succeeds("void_declaration", f"PUT {_MADE}/{{id}}/void"),
    ),
    _ask(
        "declarations.statements",
        _DECLARATIONS,
        "Read financial statements",
        _succeeds("list_statements", "GET /api/v3/statements"),
    ),
    _ask(
        "errors.partnership",
        _ERRORS,
        "Have a partnership refused, and go on",
        _is_refused(("confirm_partnership", "update_partnership"), f"POST {_WITH} without school_id"),
    ),
    _ask(
        "errors.participant",
        _ERRORS,
        "Have a change of a participant refused, and go on",
        _is_refused(_CHANGES_OF_PEOPLE, f"PUT {_PEOPLE}/{{id}}/defer with a reason that is not on the list"),
    ),
    _ask(
        "errors.declaration",
        _ERRORS,
        "Have a declaration refused, and go on",
        _is_refused(("record_declaration",), f"POST {_MADE} with a declaration_date after the milestone"),
    ),
    _ask(
        "errors.key",
        _ERRORS,
        "Be refused for a wrong key",
        _answered(401, "any request with a key that is not known"),
    ),
    _ask(
        "errors.not-found",
        _ERRORS,
        "Ask for what is not there",
        _answered(404, f"GET {_PEOPLE}/{{id}} with an id that nobody has"),
    ),
    *(
        each
        for name, subject, path in (
            ("participants", "list_participants", _PEOPLE),
            ("declarations", "list_declarations", _MADE),
            ("partnerships", "list_partnerships", _WITH),
        )
        for each in (
            _ask(f"sync.full-{name}", _SYNC, f"Full sync of {name}", _reads_all(subject, path)),
            _ask(f"sync.partial-{name}", _SYNC, f"Partial sync of {name}", _reads_changes(subject, path)),
        )
    ),
    _ask("keys.secured", _KEYS, "Keep keys secure", _keys_secured),
    _ask("samples.kept", _SAMPLES, "Provide sample requests and responses with their moments", _samples_kept),
)
