"""The client as `ecf-sandbox exercise` runs it: does as it is told, or brings its register up to date and prints it."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import datetime
from pathlib import Path

import httpx

from declare import submit
from lead_provider_api import LeadProviderApi
from register import Register

URL, TOKEN, WORLD, NOW, STATE = (os.environ[f"ECF_SANDBOX_{it}"] for it in ("URL", "TOKEN", "WORLD", "NOW", "STATE"))


async def wait(seconds: float) -> None:
    """Nobody has to wait: the time passes in the world."""
    async with httpx.AsyncClient() as http:
        there = f"{URL}/_sandbox/worlds/{WORLD}/clock/advance"
        (await http.post(there, json={"seconds": seconds})).raise_for_status()


async def main() -> None:
    async with LeadProviderApi(URL, TOKEN, per_page=20, wait=wait) as api:
        if "ECF_SANDBOX_TASK" in os.environ:
            task = json.loads(Path(os.environ["ECF_SANDBOX_TASK"]).read_text())
            assert task.pop("do") == "declare"
            await submit(api, [task])
            return
        kept = Path(STATE) / "register.json"
        register = Register.load(kept)
        await register.update(api, lambda: datetime.fromisoformat(NOW))
        register.save(kept)
    listed = {id: it.attributes for id, it in register.participants.items() if it.missing_since is None}
    print(json.dumps({"participants": listed}))


asyncio.run(main())
