"""Names that stand for ids, in stories, tests and demonstrations."""

from __future__ import annotations

from collections.abc import Mapping

from ecf_sandbox.rect.domain.teachers import Teacher, TeacherType
from ecf_sandbox.rect.queries.training import delivery_partnership_of, teacher_of
from ecf_sandbox.rect.records import Records

UNKNOWN = "Unknown"
# How a row is named, by its table.
NAMED: Mapping[str, str] = {
    "teachers": "${people.NAME}",
    "schools": "${schools.NAME}",
    "lead_providers": "${providers.NAME}",
    "delivery_partners": "${delivery_partners.NAME}",
    "school_partnerships": "${partnerships.SCHOOL.COHORT.PROVIDER}",
    "statements": "${statements.PROVIDER.COHORT.YEAR-MONTH}",
    "declarations": "${declarations.PERSON.TYPE}",
}


def full_name(it: Teacher) -> str:
    """The name that the school corrected, else that of the teaching record (behaviour/rect.md#9)."""
    if it.corrected_name:
        return it.corrected_name
    parts = (part.strip() for part in (it.first_name, it.last_name) if part)
    return " ".join(part for part in parts if part not in ("", ".")) or UNKNOWN


def tokens(records: Records) -> dict[str, str]:
    """A token of each lead provider, by the provider's name, in the order of the names."""
    return {
        it.name: sorted(token.value for token in records.tokens.by("lead_provider_id", it.id))[0]
        for it in sorted(records.lead_providers, key=lambda it: it.name)
        if any(records.tokens.by("lead_provider_id", it.id))
    }


def names(records: Records) -> dict[str, str]:
    """Every name with the id that it stands for.

    `people.Jane Smith` is a participant id, `people.Jane Smith.ect` (or `.mentor`) a training record id;
    `schools.Oakfield Academy`, `delivery_partners.…`, `providers.…` go by name; `statements.Ambition
    Institute.2025.2026-1`, `partnerships.Oakfield Academy.2025.Ambition Institute` and `declarations.Jane
    Smith.started` by what they belong to. Where several share a name it stands for the newest.
    """
    provider = {it.id: it.name for it in records.lead_providers}
    found = {f"providers.{it.name}": it.id for it in records.lead_providers}
    found |= {f"delivery_partners.{it.name}": it.id for it in records.delivery_partners}
    found |= {f"schools.{it.name}": it.id for it in records.schools}
    for partnership in sorted(records.school_partnerships, key=lambda it: it.created_at):
        contract = delivery_partnership_of(records, partnership)
        place, by = records.schools[partnership.school_id].name, provider[contract.lead_provider_id]
        found[f"partnerships.{place}.{contract.contract_period_year}.{by}"] = partnership.id
    for statement in records.statements:
        by = provider[statement.lead_provider_id]
        found[f"statements.{by}.{statement.contract_period_year}.{statement.year}-{statement.month}"] = statement.id
    for teacher in sorted(records.teachers, key=lambda it: it.created_at):
        name = f"people.{full_name(teacher)}"
        found[name] = teacher.id
        found |= {f"{name}.{kind}": teacher.training_record_id(kind) for kind in TeacherType}
    for declaration in sorted(records.declarations, key=lambda it: it.created_at):
        person = full_name(teacher_of(records, records.training_periods[declaration.training_period_id]))
        found[f"declarations.{person}.{declaration.declaration_type}"] = declaration.id
    return found
