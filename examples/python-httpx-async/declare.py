"""Submit the declarations in a file of JSON: a list of objects with the attributes of one declaration each."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from lead_provider_api import Json, LeadProviderApi, Refused


async def submit(api: LeadProviderApi, declarations: Iterable[Json]) -> list[tuple[Json, Json | Refused]]:
    """Submit each once, several at a time; answers each with what became of it: the declaration, or the reasons."""

    async def one(attributes: Json) -> tuple[Json, Json | Refused]:
        try:
            return attributes, await api.declare(**attributes)
        except Refused as why:  # a person has to look at it: the others may be sound all the same
            return attributes, why

    async with asyncio.TaskGroup() as group:
        under_way = [group.create_task(one(it)) for it in declarations]
    return [it.result() for it in under_way]


async def main(path: Path) -> int:
    async with LeadProviderApi.from_environment() as api:
        outcomes = await submit(api, json.loads(path.read_text()))
    for attributes, outcome in outcomes:
        what = f"{attributes.get('declaration_type')} of {attributes.get('participant_id')}"
        print(f"refused {what}: {outcome}" if isinstance(outcome, Refused) else f"accepted {what}: {outcome['id']}")
    return 1 if any(isinstance(it, Refused) for _, it in outcomes) else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(Path(sys.argv[1]))))
