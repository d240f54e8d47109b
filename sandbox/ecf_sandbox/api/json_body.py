"""Read JSON with the tolerance and the limits of the service's parser."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec

from ecf_sandbox.rulebook.refusals import UnreadableRequest

DEEPEST = 100

_decode = msgspec.json.Decoder().decode
# A number that may be too long has so many digits. To find them so takes a tenth of the time that a pattern does.
_AS_ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
_LONG = b"0" * 19
# Strings, so that what looks like a comment or a bracket inside them is passed over; then comments. One that does not
# end is a part as well, up to where it should have ended: else the search for its end would begin again at each
# character, which takes minutes for a body of 200 kB.
_PARTS = re.compile(r'"[^"\\\x00-\x1f]*(?:\\[^\x00-\x1f][^"\\\x00-\x1f]*)*"?|/\*.*?(?:\*/|\Z)|//[^\n]*\n?', re.DOTALL)
_ODD_ESCAPE = re.compile(r"\\(?:u(?![0-9a-fA-F]{4})|([^\"\\/bfnrtu]))")
_ESCAPE = re.compile(r"\\\\|" + _ODD_ESCAPE.pattern)


def read_json(body: bytes) -> Any:
    r"""The value of a body; raises Unreadable.

    Comments and unknown escapes (`"\q"` is `q`) are tolerated; a byte order mark, NaN, nesting deeper than 100,
    lone surrogates and bytes that are not UTF-8 are not. Source: behaviour/http-and-partnerships.md#b6.
    """
    try:
        value = _tolerantly(body) if _LONG in body.translate(_AS_ZEROS) else _decode(body)
    except (msgspec.DecodeError, ValueError, RecursionError):
        value = _tolerantly(body)
    if body.count(b"[") + body.count(b"{") > DEEPEST:
        _insist_on_depth(body.decode())
    return value


def _tolerantly(body: bytes) -> Any:
    """As `json` reads it once comments and odd escapes are gone. Slow, and rarely needed."""
    try:
        text = body.decode()
        if "/" in text or "\\" in text:
            text = _PARTS.sub(_tidied, text)
        _insist_on_depth(text)
        value = json.loads(text, parse_constant=_refuse, parse_int=_integer, parse_float=_float)
        json.dumps(value, ensure_ascii=False).encode()  # fails for a lone surrogate
    except (ValueError, RecursionError) as wrong:
        raise UnreadableRequest(str(wrong)) from None
    return value


def _tidied(part: re.Match[str]) -> str:
    text = part[0]
    if text[0] == '"':
        return _ESCAPE.sub(_plain, text)
    # A comment has to end, a line that is one as well: without a line feed after it, it is no JSON to the service.
    ended = text[-1] == "\n" if text[1] == "/" else text.endswith("*/") and len(text) > 3
    return " " if ended else text


def _plain(escape: re.Match[str]) -> str:
    if escape[0] == r"\\":
        return escape[0]
    return escape[1] or "\ufffd"


def _insist_on_depth(text: str) -> None:
    depth = 0
    for it in re.findall(r"[\[\]{}]", _PARTS.sub("", text)):
        depth += 1 if it in "[{" else -1
        if depth > DEEPEST:
            raise UnreadableRequest(f"nested deeper than {DEEPEST}")


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


def _integer(digits: str) -> int | str:
    # Beyond 64 bits a number means as little to any rule as its text does, and text can always be shown.
    return int(digits) if len(digits) < 19 else digits


def _float(text: str) -> float | str:
    """A number with a fraction or an exponent; what is beyond a float is `Infinity`, a word and not a number."""
    value = float(text)
    return value if abs(value) != float("inf") else ("Infinity" if value > 0 else "-Infinity")
