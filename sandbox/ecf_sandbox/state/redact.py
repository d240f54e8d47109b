"""Takes credentials out of what is kept or shown: which headers and parameters hold them, and what stands instead.

Said here alone, for journals, archives, reports and the proxy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, Final
from urllib.parse import quote, unquote, unquote_plus

REDACTED: Final = "[redacted]"
SECRET_HEADERS: Final = frozenset(
    (
        *("authorization", "proxy-authorization", "cookie", "set-cookie", "x-sandbox-token"),
        *("x-api-key", "api-key", "x-auth-token", "x-access-token"),
    )
)
SCHEMES: Final = frozenset({"bearer", "token", "basic", "digest"})

# What is called so is a credential, in a header, a query, a form or a JSON document.
_NAME = (
    r"token|secret|passw|passphrase|(?:api|access|auth|private|subscription|encryption)[_-]?key|authori[sz]ation"
    r"|(?<![a-z])auth(?![a-z])|authentication|bearer|credential|cookie|jwt|(?<![a-z])session(?:[_-]?(?:id|key))?(?![a-z])"
    r"|signature|(?<![a-z])sig(?![a-z])|(?<![a-z])pwd(?![a-z])"
)
_NAMES = re.compile(_NAME, re.IGNORECASE)
# One of these is part of every such name. To look for them takes a twentieth of the time in a long body without any.
_PARTS = (
    *(b"token", b"secret", b"passw", b"passphrase", b"key", b"auth", b"bearer", b"credential", b"cookie", b"jwt"),
    *(b"session", b"sig", b"pwd"),
)
# As JSON may spell a character of a name; and in a query, where APIs of others have it, a name for a credential.
_ESCAPED = re.compile(rb"\\u00([2-7][0-9a-fA-F])")
_KEY = "key"
# In a text that is no JSON as a whole: a member with its value, and a part of a form with its content.
_MEMBER = re.compile(
    rf'("[^"\\]{{0,100}}?(?:{_NAME})[^"\\]{{0,100}}"\s{{0,20}}:\s{{0,20}})(?:"[^"\\]*(?:\\.[^"\\]*)*"?|[^\s",}}\]\[{{]+)',
    re.IGNORECASE | re.DOTALL,
)
_PART = re.compile(
    rf'(name="?[^"\r\n;]{{0,100}}?(?:{_NAME})[^\r\n]{{0,200}}\r?\n(?:[^\r\n]{{1,200}}\r?\n){{0,10}}\r?\n)[^\r\n]*',
    re.IGNORECASE,
)
# Narrower than the names above: in any text, not only in a query, `mytoken=` is mostly something else.
_PARAMETER = re.compile(r"(?i)((?:^|[?&])(?:access[_-]?token|api[_-]?key|token|key|authorization|bearer)=)[^&]*")
_BEARER = re.compile(r"(?i)\b(bearer)(\s+|%20|\+)[A-Za-z0-9._~+/%=-]{8,}")

# What stands between the parameters of a form or a query, of a target, and of an address in a header.
IN_A_FORM, IN_A_TARGET, IN_A_HEADER = "[&;]", "[&;?]", r"[&;?#\s]"
# Shorter texts are no credentials, and would be found everywhere.
_SHORTEST = 6
_WORDS = re.compile(r"[\s,;]+")

Header = tuple[str, str]


def is_secret(header: str) -> bool:
    """Whether a header of that name, or of one that was meant, is there for credentials."""
    return header.lower().replace("_", "-") in SECRET_HEADERS or _NAMES.search(header) is not None


def redacted(value: str) -> str:
    """What is shown of the value of such a header: its scheme, if it has one that is known."""
    scheme, _, rest = value.partition(" ")
    return f"{scheme} {REDACTED}" if rest and scheme.lower() in SCHEMES else REDACTED


def redacted_headers(headers: Iterable[Header]) -> list[Header]:
    """Headers of this sandbox without credentials; the world that a token names behind its `~` stays."""
    return [(name, _with_world(value) if is_secret(name) else value) for name, value in headers]


def redacted_query(query: str) -> str:
    """A query in which the value of every parameter that is called like a credential is replaced."""
    parts = re.split(r"([&;])", query)
    return "".join(f"{it.partition('=')[0]}={REDACTED}" if is_secret_parameter(it) else it for it in parts)


def is_secret_parameter(part: str) -> bool:
    """Whether a part of a query, such as `token=x`, is called like a credential and has a value."""
    name, equals, value = part.partition("=")
    if not (equals and value):
        return False
    name = unquote(name)
    return name.lower() == _KEY or _NAMES.search(name) is not None


def parameter_values(text: str, between: str) -> Iterator[str]:
    """The values of parameters that are called like credentials, as they stand there and decoded."""
    if "=" not in text:
        return
    for part in re.split(between, text):
        if is_secret_parameter(part):
            value = part.partition("=")[2]
            if between == IN_A_HEADER:
                value = value.strip("\"',")
            yield from (value, unquote_plus(value))


def redacted_target(target: str) -> str:
    """A path with its query, without the values of parameters that are called like credentials."""
    path, mark, query = target.partition("?")
    shown = "/".join(map(redacted_query, path.split("/"))) if "=" in path else path
    return f"{shown}{mark}{redacted_query(query)}"


def redacted_json(value: Any) -> Any:
    """A JSON value in which every member that is called like a credential, and has a value, is replaced."""
    if isinstance(value, dict):
        return {
            name: REDACTED if each not in (None, "", [], {}) and _NAMES.search(name) else redacted_json(each)
            for name, each in value.items()
        }
    return [redacted_json(each) for each in value] if isinstance(value, list) else value


def redacted_body(body: bytes) -> bytes:
    """A body, JSON, a form, or whatever it is, likewise; one without such a name as it is."""
    plain = _unescaped(body)
    if not _names_a_secret(plain):
        return body
    try:
        value = json.loads(body.decode())
    except (ValueError, RecursionError):
        text = _PART.sub(_redacted_rest, _MEMBER.sub(_redacted_rest, plain.decode("latin-1")))
        return (text if "\n" in text or "{" in text else redacted_query(text)).encode("latin-1")
    shown = redacted_json(value)
    return body if shown == value else json.dumps(shown).encode()


def _names_a_secret(body: bytes) -> bool:
    lower = body.lower()
    return any(it in lower for it in _PARTS) and _NAMES.search(body.decode("latin-1")) is not None


def _unescaped(body: bytes) -> bytes:
    """A body without the escapes that JSON may have in names; those of quotes and backslashes stay."""
    if b"\\u00" not in body:
        return body
    return _ESCAPED.sub(lambda it: it[0] if (plain := bytes([int(it[1], 16)])) in b'"\\' else plain, body)


def secret_values(body: bytes) -> Iterator[str]:
    """The values in a body of what is called like a credential."""
    plain = _unescaped(body)
    if not _names_a_secret(plain):
        return
    try:
        yield from _values(json.loads(body.decode(errors="replace")), secret=False)
    except (ValueError, RecursionError):
        text = plain.decode(errors="replace")
        for pattern in (_MEMBER, _PART):
            yield from (found[0][len(found[1]) :].strip('"') for found in pattern.finditer(text))
        yield from parameter_values(text, IN_A_FORM)


def _values(value: Any, *, secret: bool) -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _values(each, secret=secret or _NAMES.search(name) is not None)
    elif isinstance(value, list):
        for each in value:
            yield from _values(each, secret=secret)
    elif secret and isinstance(value, str):
        yield value


def _redacted_rest(found: re.Match[str]) -> str:
    return f'{found[1]}"{REDACTED}"' if found[1].rstrip().endswith(":") else f"{found[1]}{REDACTED}"


def redacted_parameters(text: str) -> str:
    """Any text without the values of what looks like a parameter for credentials."""
    return _PARAMETER.sub(lambda found: found[1] + REDACTED, text)


def redacted_text(text: str) -> str:
    """Any text without what looks like a token in it: in a parameter, or behind `Bearer`."""
    return _BEARER.sub(lambda found: f"{found[1]} {REDACTED}", redacted_parameters(text))


def has_secret_parameter(text: str) -> bool:
    """Whether a token stands in a parameter of a target."""
    return _PARAMETER.search(text) is not None


def long_enough(found: Iterable[str]) -> Iterator[str]:
    """Those of these texts that may be credentials: neither too short, nor the name of a scheme."""
    return (it for it in found if len(it) >= _SHORTEST and it.lower() not in SCHEMES)


def header_words(value: str) -> list[str]:
    """What a header that is there for credentials has in it, word for word."""
    return _WORDS.split(value)


class Credentials:
    """Credentials that are known, in every spelling that they may have where they are repeated."""

    def __init__(self, known: Iterable[str]) -> None:
        spelt = {form for it in known if it for form in _spellings(it)}
        # The longest first: one may be part of another.
        self._spelt = sorted(spelt, key=lambda it: (-len(it), it))

    def stand_in(self, text: str) -> bool:
        """Whether any of them is part of a text."""
        return any(it in text for it in self._spelt)

    def text(self, text: str) -> str:
        """A text without them."""
        for it in self._spelt:
            text = text.replace(it, REDACTED)
        return text

    def json(self, value: Any) -> Any:
        """A JSON value without them."""
        if isinstance(value, dict):
            return {self.text(name): self.json(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.json(each) for each in value]
        return self.text(value) if isinstance(value, str) else value

    def body(self, body: bytes) -> bytes:
        """A body without them."""
        for it in self._spelt:
            # Of JSON with escapes it may have half of a surrogate pair, which is in no text that is sent.
            body = body.replace(it.encode("utf-8", "surrogatepass"), REDACTED.encode())
            with suppress(UnicodeEncodeError):  # what latin-1 has not got stands in no text of it
                body = body.replace(it.encode("latin-1"), REDACTED.encode())
        return body


def _spellings(credential: str) -> tuple[str, ...]:
    quoted = quote(credential, safe="", errors="surrogatepass")
    return credential, unquote(credential), quoted, json.dumps(credential)[1:-1]


def _with_world(value: str) -> str:
    shown, world = redacted(value), value.partition("~")[2]
    return f"{shown}~{world}" if world and shown != REDACTED else shown
