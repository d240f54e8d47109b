"""In which format an error page is wanted."""

from __future__ import annotations

import re
from enum import StrEnum

from ecf_sandbox.rulebook.values import stripped


class Format(StrEnum):
    """What an error page is made of; NEITHER is an empty text."""

    HTML = "html"
    JSON = "json"
    NEITHER = "neither"


JSON_TYPES = frozenset({"application/json", "application/vnd.api+json", "text/x-json", "application/jsonrequest"})
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
# Families whose first known member is an HTML page (`text/*`, `application/*`).
_HTML_FAMILIES = frozenset({"*/*", "text/*", "application/*"})
_NAMES = {"json": Format.JSON, "html": Format.HTML, "xhtml": Format.HTML}
# Suffixes that the service knows without having a page for them; an unknown suffix says nothing.
_KNOWN_SUFFIXES = frozenset(
    """
    text js css ics csv vcf vtt png jpeg gif bmp tiff svg webp mpeg mp3 ogg m4a webm mp4 otf ttf woff woff2 xml
    rss atom yaml multipart_form url_encoded_form pdf zip gzip txt
    """.split()
)
_ANY_IN_LIST = re.compile(r",\s*\*/\*|\*/\*\s*,")
_TOKEN = r"[a-zA-Z0-9][a-zA-Z0-9!#$&^_.+-]{0,126}"
_MEDIA_TYPE = re.compile(rf"(?:\*/\*|{_TOKEN}/(?:\*|{_TOKEN}))")
_QUALITY = re.compile(r"\s*q\s*=\s*\"?([0-9.]+)")


def is_media_type(text: str) -> bool:
    """Whether a text without parameters has the form type/subtype."""
    return _MEDIA_TYPE.fullmatch(text) is not None


def format_of_suffix(suffix: str | None) -> Format:
    """The format of an error on a path that exists: what the suffix says, else JSON."""
    return Format.JSON if suffix is None else _NAMES.get(suffix, Format.NEITHER)


def format_wanted(accept: str, suffix: str | None, named: str | None) -> tuple[Format, bool]:
    """The format of an error on a path that does not exist, and whether `Accept` decided it.

    `named` is the parameter `format`, which comes first; then `Accept`, unless it looks like a browser's; then
    the suffix. Source: behaviour/http-and-partnerships.md#b5, behaviour/errata.md#http.
    """
    if named is not None:
        return _NAMES.get(named, Format.NEITHER), False
    if accept and not _ANY_IN_LIST.search(accept):
        return _accepted(accept), True
    if suffix in _NAMES:
        return _NAMES[suffix], False
    return (Format.NEITHER if suffix in _KNOWN_SUFFIXES else Format.HTML), False


def _accepted(accept: str) -> Format:
    types = _by_preference(accept)
    if not all(map(is_media_type, types)):
        return Format.HTML  # a header that makes no sense is taken for a browser's
    for it in types:
        if it in JSON_TYPES:
            return Format.JSON
        if it in _HTML_TYPES or it in _HTML_FAMILIES:
            return Format.HTML
    return Format.NEITHER


def _by_preference(accept: str) -> list[str]:
    ranked = []
    for part in accept.split(","):
        name, _, rest = part.partition(";")
        if name := stripped(name):
            quality = _QUALITY.match(rest)
            ranked.append((-_number(quality[1]) if quality else -1.0, name))
    return [name for _, name in sorted(ranked, key=lambda it: it[0])]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
