"""A list document as CSV, which v1 and v2 offer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ecf_sandbox.api.call import Csv, Json

_NEEDS_QUOTES = re.compile(r'[,"\r\n]')


def csv_of(document: Json) -> Csv:
    """`id` and the attributes, a row for each resource; nothing at all, not even a header line, for an empty list.

    Source: behaviour/http-and-partnerships.md#b19.
    """
    rows = document["data"]
    if not rows:
        return Csv("")
    lines = [_line(("id", *rows[0]["attributes"]))]
    lines += [_line((it["id"], *it["attributes"].values())) for it in rows]
    return Csv("".join(lines))


def _line(values: Iterable[Any]) -> str:
    return ",".join(map(_field, values)) + "\n"


def _field(value: Any) -> str:
    if value is None or value == "":
        return '""'
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text
