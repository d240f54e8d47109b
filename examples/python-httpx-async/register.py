"""The provider's own record of participants, kept in step with the service."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lead_provider_api import LeadProviderApi

# How often `update` is run. It asks from one interval before its last run on, as the guidance advises ("poll 2 windows
# back"), so that nothing is missed that was being written, or moved from page to page, during the last run.
INTERVAL = timedelta(hours=1)


def machine_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Participant:
    """Somebody as last seen at the service. Once `missing_since` is set the service no longer lists them."""

    attributes: dict[str, Any]
    missing_since: str | None = None


@dataclass
class Register:
    """All participants by id, and when they were last brought up to date."""

    participants: dict[str, Participant] = field(default_factory=dict)
    synced_at: datetime | None = None

    async def full_sync(self, api: LeadProviderApi, now: Callable[[], datetime] = machine_now) -> None:
        """Read everybody. Who is on no page is kept and marked: their school may have challenged the partnership.

        Run it at the beginning and, as the guidance advises, every few days.
        """
        began = now()
        listed = {it["id"]: it async for it in api.participants()}
        self._take(listed.values())
        for id in self.participants.keys() - listed.keys():
            known = self.participants[id]
            known.missing_since = known.missing_since or began.isoformat()
        self.synced_at = began

    async def update(self, api: LeadProviderApi, now: Callable[[], datetime] = machine_now) -> None:
        """Read what changed. A list of changes cannot show who disappeared; a challenged partnership tells of it."""
        if self.synced_at is None:
            return await self.full_sync(api, now)
        began, since = now(), self.synced_at - INTERVAL
        changed = [it["attributes"]["status"] async for it in api.partnerships(updated_since=since)]
        if "challenged" in changed:
            return await self.full_sync(api, now)
        self._take([it async for it in api.participants(updated_since=since)])
        self.synced_at = began
        return None

    def _take(self, listed: Iterable[dict[str, Any]]) -> None:
        for it in listed:
            self.participants[it["id"]] = Participant(it["attributes"])
            # Two records of one person became one. A list of changes shows who stays, and nothing of who has gone.
            for change in it["attributes"]["participant_id_changes"]:
                self.participants.pop(change["from_participant_id"], None)

    def save(self, path: Path) -> None:
        synced_at = self.synced_at and self.synced_at.isoformat()
        kept = {"synced_at": synced_at, "participants": {id: asdict(it) for id, it in self.participants.items()}}
        path.write_text(json.dumps(kept, indent=2))

    @classmethod
    def load(cls, path: Path) -> Register:
        """What was saved, or an empty register."""
        if not path.exists():
            return cls()
        kept = json.loads(path.read_text())
        people = {id: Participant(**it) for id, it in kept["participants"].items()}
        return cls(people, kept["synced_at"] and datetime.fromisoformat(kept["synced_at"]))
