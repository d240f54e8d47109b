"""An exchange as it can be shown to others: without tokens, with placeholders for persons, and cut to a length."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from ecf_sandbox.dates.wire import instant_ms
from ecf_sandbox.state.exchange_codec import Header, JournalEntry
from ecf_sandbox.state.redact import REDACTED, Credentials, has_secret_parameter, is_secret, redacted_text
from ecf_sandbox.tools.report.privacy import Mask, Masks, cut
from ecf_sandbox.tools.report.report import Sample

_LONGEST = 2_000
_NONE = Credentials(())
# What a reader of an evidence pack looks for; the rest of an answer's headers is the same each time.
_TELLING = {"content-type", "etag", "x-request-id", "retry-after", "link", "x-sandbox-findings"}


class Samples:
    """Makes samples that hold no token: none of those that are known, and nothing that looks like one."""

    def __init__(self, secrets: Mapping[str, Sequence[str]], masks: Masks) -> None:
        self._masks = masks
        self._secrets = {journal: Credentials(those) for journal, those in secrets.items()}

    def of(self, it: JournalEntry) -> Sample:
        """The exchange as a sample."""
        # Tokens first: of one that looks like an address only a part would be hidden.
        mask = self._masks.of(it, partial(self._hidden, it))
        return Sample(
            exchange=it.name,
            at=instant_ms(it.at),
            moment=instant_ms(it.moment),
            provider=it.provider,
            method=it.method,
            target=cut(mask.text(it.target), _LONGEST),
            request_headers=self._headers(mask, it.request.headers),
            request_body=self._body(it, mask, it.request.body),
            status=it.response.status,
            response_headers=self._headers(mask, (each for each in it.response.headers if each[0].lower() in _TELLING)),
            response_body=self._body(it, mask, it.response.body),
        )

    def in_clear(self, it: JournalEntry) -> bool:
        """Whether a token stands in the path or the query, where servers and proxies log it."""
        known = self._secrets.get(it.journal, _NONE)
        return known.stand_in(it.target) or has_secret_parameter(it.target)

    def _headers(self, mask: Mask, headers: Iterable[Header]) -> tuple[Header, ...]:
        return tuple(
            (name, REDACTED if is_secret(name) else cut(mask.text(value), _LONGEST)) for name, value in headers
        )

    def _body(self, it: JournalEntry, mask: Mask, body: Any) -> str:
        if body is None:
            return ""
        body = mask.body(body)
        written = body if isinstance(body, str) else msgspec.json.format(msgspec.json.encode(body), indent=2).decode()
        return cut(self._hidden(it, written), _LONGEST)

    def _hidden(self, it: JournalEntry, text: str) -> str:
        return redacted_text(self._secrets.get(it.journal, _NONE).text(text))
