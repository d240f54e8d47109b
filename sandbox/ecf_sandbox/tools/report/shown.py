"""What in journals shows that a client does something: one function for each kind of test that a checklist has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ecf_sandbox.state.exchange_codec import JournalEntry
from ecf_sandbox.state.record import Record
from ecf_sandbox.tools.report import sync
from ecf_sandbox.tools.report.report import Outcome
from ecf_sandbox.tools.report.samples import Samples
from ecf_sandbox.tools.report.terminal import plural
from ecf_sandbox.tools.report.usage import attributes, items, parameters, shown

_TOKEN_IN_QUERY = "authorization.token-in-query"


class Seen(Record, frozen=True, kw_only=True):
    """What journals show of one test, in words, and the exchanges that show it, the best first."""

    outcome: Outcome
    note: str
    exchanges: Sequence[JournalEntry] = ()


class Heard(Record, frozen=True, kw_only=True):
    """The exchanges of the journals, and what to send so that they show a test."""

    exchanges: Sequence[JournalEntry]
    samples: Samples
    to_show: str

    def of(self, *subjects: str) -> list[JournalEntry]:
        """Those of some operations."""
        return [it for it in self.exchanges if it.subject in subjects]

    def missing(self) -> Seen:
        """There is nothing to be seen."""
        return Seen(outcome="not shown", note=f"To show it: {self.to_show}.")


def accepted(subject: str | Sequence[str], heard: Heard) -> Seen:
    """Shown by a request for the operation, or one of them, that was accepted."""
    those = heard.of(*([subject] if isinstance(subject, str) else subject))
    sound = [it for it in those if it.accepted]
    if sound:
        return Seen(outcome="shown", note=f"Accepted {plural(len(sound), 'time')}.", exchanges=sound)
    if those:
        statuses = ", ".join(sorted({str(it.response.status) for it in those}))
        note = f"Asked {plural(len(those), 'time')} and never accepted ({statuses}). To show it: {heard.to_show}."
        return Seen(outcome="not shown", note=note, exchanges=those)
    return heard.missing()


def refused(subjects: Sequence[str], heard: Heard) -> Seen:
    """Shown by a request that was refused for what it said, and fully if one of its kind was accepted later."""
    those = heard.of(*subjects)
    wrong = [it for it in those if it.response.status in (400, 422)]
    if not wrong:
        return heard.missing()
    times = f"Refused {plural(len(wrong), 'time')}"
    after = those[those.index(wrong[0]) + 1 :]
    if any(it.accepted and it.provider == wrong[0].provider for it in after):
        return Seen(outcome="shown", note=f"{times}; the client went on and succeeded later.", exchanges=wrong)
    note = f"{times}. That the client goes on is not seen: send a request of this kind that is sound, afterwards."
    return Seen(outcome="partly shown", note=note, exchanges=wrong)


def answered(status: int, heard: Heard) -> Seen:
    """Shown by an operation of the API that answered with that status; a path that is none does not count."""
    those = [it for it in heard.exchanges if it.response.status == status and it.operation != "no route"]
    if not those:
        return heard.missing()
    return Seen(outcome="shown", note=f"Answered with {status} {plural(len(those), 'time')}.", exchanges=those)


def read_to_the_end(subject: str, heard: Heard) -> Seen:
    """Shown by pages from the first to the last."""
    those = heard.of(subject)
    whole = sync.full_reads(those)
    if whole:
        longest = max(whole, key=len)
        note = f"Read to the end {plural(len(whole), 'time')}, over {plural(len(longest), 'page')} at most."
        return Seen(outcome="shown", note=note, exchanges=longest)
    begun = sync.begun_reads(those)
    if begun:
        note = f"Begun, and not read to the end. To show it: {heard.to_show}."
        return Seen(outcome="partly shown", note=note, exchanges=begun)
    return heard.missing()


def read_since_a_moment(subject: str, heard: Heard) -> Seen:
    """Shown by a request for what has changed since a moment."""
    those = sync.partial_reads(heard.of(subject))
    if not those:
        return heard.missing()
    found = [it for it in those if items(it)]
    with_some = f"{plural(len(found), 'answer')} with something in it"
    note = f"Asked for changes {plural(len(those), 'time')}, {with_some}."
    return Seen(outcome="shown", note=note, exchanges=[*found, *(it for it in those if not items(it))])


def several(subject: str, attribute: str, listed_by: str, done: str, heard: Heard) -> Seen:
    """Shown by one caller that was accepted with two values of an attribute or more; `done` says it with a number."""
    made: dict[tuple[object, ...], dict[str, JournalEntry]] = {}
    for it in heard.of(subject):
        if it.accepted:
            made.setdefault((*it.place, it.provider), {})[str(attributes(it).get(attribute))] = it
    most = max(made.values(), key=len, default={})
    if len(most) > 1:
        return Seen(outcome="shown", note=done.format(len(most)), exchanges=list(most.values()))
    listed = [it for it in heard.of(listed_by) if it.accepted and len(items(it) or ()) > 1]
    if most or listed:
        note = f"{'One was confirmed' if most else 'Several were listed'}. To show it: {heard.to_show}."
        return Seen(outcome="partly shown", note=note, exchanges=[*most.values(), *listed])
    return heard.missing()


def every_value(subject: str, attribute: str, values: Sequence[str], heard: Heard) -> Seen:
    """Shown by requests that were accepted with each value of an attribute."""
    sent = {shown(value): it for it in heard.of(subject) if it.accepted and (value := attributes(it).get(attribute))}
    used, left = [it for it in values if it in sent], [it for it in values if it not in sent]
    if not used:
        return heard.missing()
    exchanges = [sent[it] for it in used]
    if not left:
        return Seen(outcome="shown", note=f"Accepted with each of {len(values)} values.", exchanges=exchanges)
    note = f"Accepted with {len(used)} of {len(values)} values. To show it: send {', '.join(left)} too."
    return Seen(outcome="partly shown", note=note, exchanges=exchanges)


def read_with(subjects: Sequence[str], name: str, telling: Callable[[Any], bool], heard: Heard) -> Seen:
    """Shown by an answer in which a member of that name tells something."""
    those = [it for it in heard.of(*subjects) if it.accepted]
    found = [it for it in those if any(telling(value) for value in _named(it.response.body, name))]
    if found:
        return Seen(outcome="shown", note=f"{name} was read {plural(len(found), 'time')}.", exchanges=found)
    if those:
        note = f"{name} was read, but told nothing of the kind. To show it: {heard.to_show}."
        return Seen(outcome="partly shown", note=note, exchanges=those)
    return heard.missing()


def sent_with(subjects: Sequence[str], parameter: str, heard: Heard) -> Seen:
    """Shown by an accepted request with a parameter of the query or one of the headers that say what is wanted."""
    found = [it for it in heard.of(*subjects) if it.accepted and parameters(it).get(parameter)]
    if not found:
        return heard.missing()
    return Seen(outcome="shown", note=f"Sent {plural(len(found), 'time')} with {parameter}.", exchanges=found)


def one_after_the_other(first: str, then: str, heard: Heard) -> Seen:
    """Shown by two operations on the same thing that were accepted in this order."""
    done: dict[tuple[object, ...], JournalEntry] = {}
    for it in heard.of(first, then):
        key = (*it.place, it.provider, it.path.rpartition("/")[0])
        if it.accepted and it.subject == then and key in done:
            return Seen(outcome="shown", note="Both were accepted, in this order.", exchanges=[done[key], it])
        if it.accepted and it.subject == first:
            done[key] = it
    if done:
        note = f"Only the first was accepted. To show it: {heard.to_show}."
        return Seen(outcome="partly shown", note=note, exchanges=list(done.values()))
    return heard.missing()


def _named(body: Any, name: str) -> Iterator[Any]:
    """Every value of a name in JSON."""
    waiting = [body]
    while waiting:
        it = waiting.pop()
        if isinstance(it, dict):
            if name in it:
                yield it[name]
            waiting += it.values()
        elif isinstance(it, list):
            waiting += it


def keys_secured(heard: Heard) -> Seen:
    """Only the contrary can be seen: a key in an address, or not in the header in which it belongs."""
    exposed = [it for it in heard.exchanges if heard.samples.in_clear(it) or _found(it, _TOKEN_IN_QUERY)]
    if exposed:
        note = (
            f"Speaks against it: {plural(len(exposed), 'request')} had a key in the address, where it is logged. "
            "Send it in the header Authorization only."
        )
        return Seen(outcome="not shown", note=note, exchanges=exposed)
    odd = [it for it in heard.exchanges if _found(it, "authorization.")]
    if odd:
        note = f"Speaks against it: {plural(len(odd), 'request')} had an odd Authorization; see the findings."
        return Seen(outcome="not shown", note=note, exchanges=odd)
    none = "No request had a key in its address. " if heard.exchanges else ""
    note = f"{none}How keys are kept cannot be seen from here: {heard.to_show}."
    return Seen(outcome="cannot be shown", note=note)


def _found(it: JournalEntry, code: str) -> bool:
    """Whether the observer found something whose code begins so."""
    return any(each.code.startswith(code) for each in it.findings)


def samples_kept(heard: Heard) -> Seen:
    """Shown by a request and an answer, which have their moments in every journal."""
    if not heard.exchanges:
        return heard.missing()
    whole = [it for it in heard.exchanges if it.request.body is not None and it.accepted] or heard.exchanges
    note = (
        f"{plural(len(heard.exchanges), 'request')} with answers and moments are in the journals; "
        "each test shows one of its own."
    )
    return Seen(outcome="shown", note=note, exchanges=whole)
