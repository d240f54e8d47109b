"""The Lead Provider API, version 3, asked by a program that does several things at once."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from itertools import count
from typing import Any, Self

import httpx

Json = dict[str, Any]

TIMEOUT = 30  # seconds for one request
AT_ONCE = 4  # requests under way
# A token may send 1,000 requests in five minutes. A 429 does not say when to come back; together these are longer.
WAITS = (5, 10, 20, 40, 80, 160)


class Refused(Exception):
    """A 422: the service refuses what was sent, for these reasons. Sending the same again gets the same answer."""

    def __init__(self, errors: list[Json]) -> None:
        self.errors = errors  # each with a title (the field) and a detail (a sentence)
        super().__init__("; ".join(f"{it['title']}: {it['detail']}" for it in errors))


def changed(since: datetime | None) -> dict[str, str]:
    """The filter for what changed since a moment, if there is one."""
    # The moment is written with its offset; httpx makes %2B of the +, which would arrive as a blank otherwise.
    return {"filter[updated_since]": since.isoformat(timespec="seconds")} if since else {}


class LeadProviderApi:
    """One provider's access, open for the length of an `async with`.

    `wait` is awaited with seconds when the service says that it was asked too often.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        per_page: int = 100,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.per_page = per_page
        self.wait = wait
        self.http = httpx.AsyncClient(
            base_url=f"{url.rstrip('/')}/api/v3",
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT,
            limits=httpx.Limits(max_connections=AT_ONCE),
        )
        self.under_way = asyncio.Semaphore(AT_ONCE)

    @classmethod
    def from_environment(cls) -> LeadProviderApi:
        return cls(os.environ["LEAD_PROVIDER_API_URL"], os.environ["LEAD_PROVIDER_API_TOKEN"])

    async def __aenter__(self) -> Self:
        await self.http.__aenter__()
        return self

    async def __aexit__(self, *why: Any) -> None:
        await self.http.__aexit__(*why)

    def participants(self, updated_since: datetime | None = None) -> AsyncIterator[Json]:
        """Everybody whom the provider trains, or those who changed since a moment (aware)."""
        return self._pages("/participants/ecf", **changed(updated_since))

    def partnerships(self, updated_since: datetime | None = None) -> AsyncIterator[Json]:
        """The partnerships with schools, those that a school challenged among them."""
        return self._pages("/partnerships/ecf", **changed(updated_since))

    def declarations(self, participant_id: str) -> AsyncIterator[Json]:
        """What was declared for somebody."""
        return self._pages("/participant-declarations", **{"filter[participant_id]": participant_id})

    async def declare(self, **attributes: Any) -> Json:
        """Submit a declaration; answers it as the service keeps it. Raises Refused."""
        return await self._submit("/participant-declarations", "participant-declaration", attributes)

    async def confirm_partnership(self, **attributes: Any) -> Json:
        """Confirm a partnership with a school, or confirm it again after a challenge. Raises Refused."""
        return await self._submit("/partnerships/ecf", "ecf-partnership", attributes)

    async def _submit(self, path: str, type: str, attributes: Json) -> Json:
        answer = await self._ask("POST", path, json={"data": {"type": type, "attributes": attributes}})
        return answer["data"]

    async def _pages(self, path: str, **query: str) -> AsyncIterator[Json]:
        # Nothing in an answer tells how many pages there are: the end is the first page with nothing on it.
        for page in count(1):
            answer = await self._ask("GET", path, params={**query, "page[page]": page, "page[per_page]": self.per_page})
            if not answer["data"]:
                return
            for it in answer["data"]:
                yield it

    async def _ask(self, method: str, path: str, **what: Any) -> Json:
        # What was answered with 429 has not been done, so that a POST can be sent again as well.
        for wait in (*WAITS, None):
            async with self.under_way:
                answer = await self.http.request(method, path, **what)
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS or wait is None:
                break
            await self.wait(wait)
        if answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
            raise Refused(answer.json()["errors"])
        return answer.raise_for_status().json()
