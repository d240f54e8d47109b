"""Bring the file named on the command line up to date with the service."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from lead_provider_api import LeadProviderApi
from register import Register


async def sync(path: Path) -> Register:
    register = Register.load(path)
    async with LeadProviderApi.from_environment() as api:
        await register.update(api)
    register.save(path)
    return register


if __name__ == "__main__":
    path = Path(sys.argv[1])
    register = asyncio.run(sync(path))
    missing = sum(1 for it in register.participants.values() if it.missing_since)
    print(f"{len(register.participants)} participants in {path}, {missing} of them no longer listed by the service")
