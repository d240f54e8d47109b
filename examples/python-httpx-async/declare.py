"""Submit the declarations in a file of JSON: a list of objects with the attributes of one declaration each."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lead_provider_api import Json, LeadProviderApi, Refused

# How the states begin in which a declaration stands no more, so that it can be made again.
TAKEN_BACK = ("voided", "ineligible", "awaiting", "clawed")
SAME = ("participant_id", "declaration_type", "course_identifier")


async def submit(api: LeadProviderApi, declarations: Iterable[Json]) -> list[tuple[Json, Json | Refused]]:
    """Submit each once, several at a time; answers each with what became of it: the declaration, or the reasons.

    What was accepted before is not sent again: its answer may have been lost on the way.
    """

    async def one(attributes: Json) -> tuple[Json, Json | Refused]:
        try:
            return attributes, await submitted_before(api, attributes) or await api.declare(**attributes)
        except Refused as why:  # a person has to look at it: the others may be sound all the same
            return attributes, why

    async with asyncio.TaskGroup() as group:
        under_way = [group.create_task(one(it)) for it in declarations]
    return [it.result() for it in under_way]


async def submitted_before(api: LeadProviderApi, attributes: Json) -> Json | None:
    """The same declaration as the service keeps it, if it does and it stands."""
    async for it in api.declarations(str(attributes.get("participant_id"))):
        if is_same(attributes, it["attributes"]):
            return it
    return None


def is_same(attributes: dict[str, Any], made: Json) -> bool:
    """Whether a declaration that was made, and stands, is the one with these attributes: of the same day, too."""
    same_day = str(attributes.get("declaration_date"))[:10] == made["declaration_date"][:10]
    return same_day and not made["state"].startswith(TAKEN_BACK) and all(made[it] == attributes.get(it) for it in SAME)


async def main(path: Path) -> int:
    async with LeadProviderApi.from_environment() as api:
        outcomes = await submit(api, json.loads(path.read_text()))
    for attributes, outcome in outcomes:
        what = f"{attributes.get('declaration_type')} of {attributes.get('participant_id')}"
        print(f"refused {what}: {outcome}" if isinstance(outcome, Refused) else f"accepted {what}: {outcome['id']}")
    return 1 if any(isinstance(it, Refused) for _, it in outcomes) else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(Path(sys.argv[1]))))
