"""The client as `ecf-sandbox exercise` runs it: does as it is told, or brings its register up to date and prints it."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

import requests

from declare import submit
from lead_provider_api import LeadProviderApi
from register import Register

URL, TOKEN, WORLD, NOW, STATE = (os.environ[f"ECF_SANDBOX_{it}"] for it in ("URL", "TOKEN", "WORLD", "NOW", "STATE"))


def wait(seconds: float) -> None:
    """Nobody has to wait: the time passes in the world."""
    there = f"{URL}/_sandbox/worlds/{WORLD}/clock/advance"
    requests.post(there, json={"seconds": seconds}, timeout=10).raise_for_status()


api = LeadProviderApi(URL, TOKEN, per_page=20, wait=wait)
if "ECF_SANDBOX_TASK" in os.environ:
    task = json.loads(Path(os.environ["ECF_SANDBOX_TASK"]).read_text())
    assert task.pop("do") == "declare"
    submit(api, [task])
else:
    kept = Path(STATE) / "register.json"
    register = Register.load(kept)
    register.update(api, lambda: datetime.fromisoformat(NOW))
    register.save(kept)
    listed = {id: it.attributes for id, it in register.participants.items() if it.missing_since is None}
    print(json.dumps({"participants": listed}))
