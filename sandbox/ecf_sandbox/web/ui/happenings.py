"""What the journal tells of somebody, as rows of a timeline."""

from __future__ import annotations

from collections.abc import Sequence

from ecf_sandbox.state.journal import Exchange, RowChange
from ecf_sandbox.state.record import replace
from ecf_sandbox.state.service import Subject
from ecf_sandbox.web.ui.model import Change
from ecf_sandbox.web.ui.sections import Happening, Look


def exchanges_about(look: Look, subject: Subject) -> list[Exchange]:
    """What was done about somebody and not taken back, refusals included."""
    return [it for it in look.happened if not it.undone and _concerns(it, subject)]


def _concerns(it: Exchange, subject: Subject) -> bool:
    if it.method == "GET":
        return False
    if any(_about(change, subject) for change in it.changes):
        return True
    sent = it.target + it.request_body.decode("utf-8", "replace")
    return it.status >= 400 and any(id in sent for id in subject.ids)


def _about(change: RowChange, subject: Subject) -> bool:
    return change.key in subject.ids or subject.has(change.after or change.before)


def own_part(it: Exchange, subject: Subject) -> Exchange:
    """An exchange with only those of its changes that are somebody's."""
    return replace(it, changes=tuple(change for change in it.changes if _about(change, subject)))


def happening(it: Exchange, lane: int, deed: str, changes: Sequence[Change]) -> Happening:
    """An exchange of the journal as a row, with what it changed or why it was refused."""
    notes = [f"{change.thing}: {change.before or 'nothing'} → {change.after}" for change in changes]
    refusals = [refusal.detail for refusal in it.refusals]
    who = f"{it.provider}: " if it.provider else ""
    return Happening(
        at=it.moment,
        lane=lane,
        text=f"{who}{deed}",
        note="; ".join(refusals or notes),
        refused=it.status >= 400,
        number=it.number,
    )


def in_order(rows: Sequence[Happening]) -> tuple[Happening, ...]:
    """The rows in time: what the journal has after what it has not, and the present last of its moment."""
    return tuple(sorted(rows, key=lambda it: (it.at, it.now, it.number)))
