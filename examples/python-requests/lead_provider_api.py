"""The Lead Provider API, version 3, as a provider's program asks it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from typing import Any

import requests

Json = dict[str, Any]

TIMEOUT = 30  # seconds for one request
# A token may send 1,000 requests in five minutes. A 429 does not say when to come back; together these are longer.
WAITS = (5, 10, 20, 40, 80, 160)


class Refused(Exception):
    """A 422: the service refuses what was sent, for these reasons. Sending the same again gets the same answer."""

    def __init__(self, errors: list[Json]) -> None:
        self.errors = errors  # each with a title (the field) and a detail (a sentence)
        super().__init__("; ".join(f"{it['title']}: {it['detail']}" for it in errors))


def changed(since: datetime | None) -> dict[str, str]:
    """The filter for what changed since a moment, if there is one."""
    # The moment is written with its offset; requests makes %2B of the +, which would arrive as a blank otherwise.
    return {"filter[updated_since]": since.isoformat(timespec="seconds")} if since else {}


class LeadProviderApi:
    """One provider's access. `wait` is called with seconds when the service says that it was asked too often."""

    def __init__(
        self, url: str, token: str, *, per_page: int = 100, wait: Callable[[float], None] = time.sleep
    ) -> None:
        self.url = url.rstrip("/")
        self.per_page = per_page
        self.wait = wait
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    @classmethod
    def from_environment(cls) -> LeadProviderApi:
        return cls(os.environ["LEAD_PROVIDER_API_URL"], os.environ["LEAD_PROVIDER_API_TOKEN"])

    def participants(self, updated_since: datetime | None = None) -> Iterator[Json]:
        """Everybody whom the provider trains, or those who changed since a moment (aware)."""
        return self._pages("/participants/ecf", **changed(updated_since))

    def partnerships(self, updated_since: datetime | None = None) -> Iterator[Json]:
        """The partnerships with schools, those that a school challenged among them."""
        return self._pages("/partnerships/ecf", **changed(updated_since))

    def declarations(self, participant_id: str) -> Iterator[Json]:
        """What was declared for somebody."""
        return self._pages("/participant-declarations", **{"filter[participant_id]": participant_id})

    def declare(self, **attributes: Any) -> Json:
        """Submit a declaration; answers it as the service keeps it. Raises Refused."""
        return self._submit("/participant-declarations", "participant-declaration", attributes)

    def confirm_partnership(self, **attributes: Any) -> Json:
        """Confirm a partnership with a school, or confirm it again after a challenge. Raises Refused."""
        return self._submit("/partnerships/ecf", "ecf-partnership", attributes)

    def _submit(self, path: str, type: str, attributes: Json) -> Json:
        return self._ask("POST", path, json={"data": {"type": type, "attributes": attributes}})["data"]

    def _pages(self, path: str, **query: str) -> Iterator[Json]:
        # Nothing in an answer tells how many pages there are: the end is the first page with nothing on it.
        for page in count(1):
            found = self._ask("GET", path, params={**query, "page[page]": page, "page[per_page]": self.per_page})[
                "data"
            ]
            if not found:
                return
            yield from found

    def _ask(self, method: str, path: str, **what: Any) -> Json:
        # What was answered with 429 has not been done, so that a POST can be sent again as well.
        for wait in (*WAITS, None):
            answer = self.session.request(method, f"{self.url}/api/v3{path}", timeout=TIMEOUT, **what)
            if answer.status_code != requests.codes.too_many_requests or wait is None:
                break
            self.wait(wait)
        if answer.status_code == requests.codes.unprocessable_entity:
            raise Refused(answer.json()["errors"])
        answer.raise_for_status()
        return answer.json()
