"""What people call things: names that stand for ids, in stories, tests and demonstrations."""

from __future__ import annotations

from ecf_sandbox.ecf.queries.training import training_records_of, user_of
from ecf_sandbox.state.records import Records


def names(records: Records) -> dict[str, str]:
    """Every name with the id that it stands for.

    `people.Jane Smith` is a participant id, `people.Jane Smith.ect` (or `.mentor`) a training record id;
    `schools.Oakfield Academy`, `delivery_partners.…`, `providers.…` go by name; `statements.Ambition
    Institute.2025.January 2026`, `partnerships.Oakfield Academy.2025.Ambition Institute` and `declarations.Jane
    Smith.started` by what they belong to. Where several share a name it stands for the newest.
    """
    found: dict[str, str] = {}
    provider = {it.id: it.name for it in records.providers}
    for it in records.providers:
        found[f"providers.{it.name}"] = it.id
    for partner in records.delivery_partners:
        found[f"delivery_partners.{partner.name}"] = partner.id
    for school in records.schools:
        found[f"schools.{school.name}"] = school.id
    for partnership in sorted(records.partnerships, key=lambda it: it.created_at):
        school_name = records.schools[partnership.school_id].name
        found[f"partnerships.{school_name}.{partnership.cohort}.{provider[partnership.provider_id]}"] = partnership.id
    for statement in records.statements:
        found[f"statements.{provider[statement.provider_id]}.{statement.cohort}.{statement.name}"] = statement.id
    for user in sorted(records.users, key=lambda it: it.created_at):
        found[f"people.{user.full_name}"] = user.id
        for training in training_records_of(records, user.id):
            found[f"people.{user.full_name}.{training.type}"] = training.id
    for declaration in sorted(records.declarations, key=lambda it: it.created_at):
        person = user_of(records, records.training_records[declaration.training_record_id]).full_name
        found[f"declarations.{person}.{declaration.type}"] = declaration.id
    return found


def tokens(records: Records) -> dict[str, str]:
    """The token of each provider, by the provider's name, in the order of the names."""
    return {
        provider.name: token.value
        for provider in sorted(records.providers, key=lambda it: it.name)
        for token in records.tokens.by("provider_id", provider.id)[:1]
    }
