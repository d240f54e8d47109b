"""Everything that each provider sees, read through every list and every show, and whether those agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.machine.country import PROVIDERS, Country

Document = dict[str, Any]
# What a training record says in every version.
ALIKE = tuple(
    """
    email mentor_id school_urn participant_type cohort training_status eligible_for_funding
    teacher_reference_number_validated pupil_premium_uplift sparsity_uplift schedule_identifier
    """.split()
)
DECLARED_ALIKE = tuple(
    """
    participant_id declaration_type course_identifier declaration_date updated_at state has_passed
    """.split()
)
# Lists of v3, with what must be asked for, and the path of one of them.
LISTS = {
    "participants/ecf": "participants/ecf/{}",
    "participants/ecf/transfers": "participants/ecf/{}/transfers",
    "unfunded-mentors/ecf": "unfunded-mentors/ecf/{}",
    "participant-declarations": "participant-declarations/{}",
    "partnerships/ecf": "partnerships/ecf/{}",
    "schools/ecf?filter[cohort]=2025": "schools/ecf/{}?filter[cohort]=2025",
    "delivery-partners": "delivery-partners/{}",
    "statements": "statements/{}",
}
OLD_LISTS = ("participants/ecf", "participant-declarations")


@dataclass
class Look:
    """What the lists of v3 say, by provider and id; `rows` are those of v1 and v2."""

    at: datetime
    people: dict[str, dict[str, Document]] = field(default_factory=dict)
    declarations: dict[str, dict[str, Document]] = field(default_factory=dict)
    partnerships: dict[str, dict[str, Document]] = field(default_factory=dict)
    rows: dict[tuple[str, int], list[Document]] = field(default_factory=dict)
    told: dict[tuple[str, int], dict[str, Document]] = field(default_factory=dict)

    def enrolments(self, provider: str) -> dict[str, Document]:
        """By training record id; each with the participant's id and the moment of the last change."""
        return {
            it["training_record_id"]: {**it, "id": person["id"], "updated_at": person["attributes"]["updated_at"]}
            for person in self.people[provider].values()
            for it in person["attributes"]["ecf_enrolments"]
        }


def listed(country: Country, provider: str, version: int, path: str, at: datetime) -> list[Document]:
    """A whole list."""
    join = "&" if "?" in path else "?"
    answer = country.get(provider, version, f"{path}{join}page[per_page]=3000", at)
    assert answer.ok, (path, answer)
    found: list[Document] = answer.data
    return found


def by_id(documents: list[Document]) -> dict[str, Document]:
    """Documents by their ids, each of which is there once."""
    found = {it["id"]: it for it in documents}
    assert len(found) == len(documents), "an id is listed twice"
    return found


def look(country: Country, at: datetime) -> Look:
    """Read every list of participants and declarations, and see that the versions agree."""
    seen = Look(at)
    for provider in PROVIDERS:
        seen.people[provider] = by_id(listed(country, provider, 3, "participants/ecf", at))
        seen.declarations[provider] = by_id(listed(country, provider, 3, "participant-declarations", at))
        seen.partnerships[provider] = by_id(listed(country, provider, 3, "partnerships/ecf", at))
        for version in (1, 2):
            rows = listed(country, provider, version, "participants/ecf", at)
            told = by_id(listed(country, provider, version, "participant-declarations", at))
            seen.rows[provider, version], seen.told[provider, version] = rows, told
            _same_participants(rows, seen.enrolments(provider))
            _same_declarations(told, seen.declarations[provider])
        assert seen.rows[provider, 1] == seen.rows[provider, 2]
        assert list(seen.told[provider, 1]) == list(seen.told[provider, 2])
        made = [it["attributes"]["created_at"] for it in seen.declarations[provider].values()]
        assert made == sorted(made), "declarations are listed the oldest first"
    return seen


def _same_participants(rows: list[Document], enrolments: dict[str, Document]) -> None:
    found = {it["attributes"]["training_record_id"]: it for it in rows}
    assert len(found) == len(rows), "a training record is listed twice"
    assert found.keys() == enrolments.keys()
    for id, row in found.items():
        new, old = enrolments[id], row["attributes"]
        assert row["id"] == new["id"]
        assert {it: old[it] for it in ALIKE} == {it: new[it] for it in ALIKE}
        assert old["updated_at"] <= new["updated_at"]
        # Who has yet to join is `joining` in v3 even after the school has removed them, which v1 and v2 do show.
        if new["participant_status"] in ("active", "withdrawn"):
            assert old["status"] == ("withdrawn" if new["participant_status"] == "withdrawn" else "active")


def _same_declarations(old: dict[str, Document], new: dict[str, Document]) -> None:
    for id, it in old.items():
        assert id in new, "v3 lists what older versions list"
        mine, other = it["attributes"], new[id]["attributes"]
        assert {name: mine[name] for name in DECLARED_ALIKE} == {name: other[name] for name in DECLARED_ALIKE}
        assert mine.get("voided", other["state"] == "voided") == (other["state"] == "voided")
        payable = other["state"] in ("eligible", "payable")
        assert mine.get("eligible_for_payment", payable) == payable


def each_show_is_its_entry(country: Country, seen: Look, ids: set[str]) -> None:
    """In every version each listed thing is shown as it is listed, and nothing else is shown."""
    for provider in PROVIDERS:
        for path, one in LISTS.items():
            entries = by_id(listed(country, provider, 3, path, seen.at))
            _shown(country, provider, 3, one, {id: [it] for id, it in entries.items()}, ids, seen.at)
        for version in (1, 2):
            rows: dict[str, list[Document]] = {}
            for it in seen.rows[provider, version]:
                rows.setdefault(it["id"], []).append(it)
            _shown(country, provider, version, "participants/ecf/{}", rows, ids, seen.at)
            told = {id: [it] for id, it in seen.told[provider, version].items()}
            # v1 and v2 show what v3 lists of others only if they list it themselves
            _shown(country, provider, version, "participant-declarations/{}", told, ids, seen.at)


def _shown(
    country: Country,
    provider: str,
    version: int,
    path: str,
    entries: dict[str, list[Document]],
    ids: set[str],
    at: datetime,
) -> None:
    for id in sorted(entries.keys() | ids):
        answer = country.get(provider, version, path.format(id), at)
        if id in entries:
            assert answer.ok, (provider, version, path, id, answer)
            assert answer.data in entries[id], (provider, version, path, id)
        elif not (path.startswith("schools") and answer.ok):  # a school that cannot be chosen may still be shown
            assert answer.status == 404, (provider, version, path, id, answer)


def each_page_follows(country: Country, provider: str, version: int, path: str, size: int, at: datetime) -> None:
    """Pages one after the other are the whole list once."""
    whole = [_entry(it) for it in listed(country, provider, version, path, at)]
    turned: list[object] = []
    for page in range(1, len(whole) // size + 3):
        answer = country.get(provider, version, f"{path}?page[page]={page}&page[per_page]={size}", at)
        assert answer.ok
        assert len(answer.data) == max(0, min(size, len(whole) - (page - 1) * size))
        turned += [_entry(it) for it in answer.data]
    assert sorted(map(str, turned)) == sorted(map(str, whole))


def _entry(it: Document) -> object:
    return it["id"], it["attributes"].get("training_record_id")
