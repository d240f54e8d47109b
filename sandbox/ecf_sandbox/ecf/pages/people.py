"""The people of a world: everybody in training, by name, provider, status and cohort."""

from __future__ import annotations

from collections.abc import Mapping

from ecf_sandbox.ecf.domain.participants import InductionRecord, TrainingRecord, User
from ecf_sandbox.ecf.pages.words import cohorts, course, person, provider_of, providers, school, standing
from ecf_sandbox.ecf.queries.training import newest, school_of, user_of
from ecf_sandbox.ecf.records import Records
from ecf_sandbox.state.record import Record
from ecf_sandbox.web.ui.cells import choice, has_words, search, text
from ecf_sandbox.web.ui.sections import Cell, Listing, Look, Table, page_of

STATUSES = ("active", "deferred", "withdrawn", "training completed", "removed by the school")
_COLUMNS = ("Name", "TRN", "Trains as", "School", "Lead provider", "Schedule", "Status")


class Enrolled(Record, frozen=True, kw_only=True):
    """A training record with whose it is, and its newest induction record."""

    user: User
    training: TrainingRecord
    induction: InductionRecord | None


def listing(look: Look) -> Listing:
    """Those who match the query, by name; somebody with two training records has two rows."""
    records, query = look.turn.records, look.query
    found = [it for it in records.cached(everybody) if _matches(records, it, query)]
    rows, page, pages = page_of(found, query)
    return Listing(
        title="People",
        table=Table(
            title="People",
            columns=_COLUMNS,
            rows=tuple(_row(records, it) for it in rows),
            empty="Nobody matches.",
        ),
        found=len(found),
        page=page,
        pages=pages,
        filters=(
            search("Name or TRN", query),
            choice("provider", "Lead provider", query, providers(records)),
            choice("status", "Status", query, STATUSES),
            choice("cohort", "Cohort", query, cohorts(records)),
        ),
    )


def everybody(records: Records) -> tuple[Enrolled, ...]:
    found = (
        Enrolled(user=user_of(records, it), training=it, induction=newest(records, it))
        for it in records.training_records
    )
    return tuple(sorted(found, key=lambda it: (it.user.full_name.lower(), it.user.id, it.training.created_at)))


def _matches(records: Records, it: Enrolled, query: Mapping[str, str]) -> bool:
    return (
        has_words(query, it.user.full_name, it.user.trn)
        and query.get("provider", "") in ("", provider_of(records, it.induction))
        and query.get("status", "") in ("", standing(it.training))
        and query.get("cohort", "") in ("", _cohort(records, it))
    )


def _cohort(records: Records, it: Enrolled) -> str:
    return str(records.schedules[(it.induction or it.training).schedule_id].cohort)


def _row(records: Records, it: Enrolled) -> tuple[Cell, ...]:
    schedule = records.schedules[(it.induction or it.training).schedule_id]
    return (
        person(it.user),
        text(it.user.trn),
        text(course(it.training)),
        school(school_of(records, it.induction)) if it.induction else text(None),
        text(provider_of(records, it.induction)),
        text(f"{schedule.identifier}, {schedule.cohort}"),
        text(standing(it.training)),
    )
