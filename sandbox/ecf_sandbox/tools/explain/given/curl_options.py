"""The options of curl: what each is called, which take a value, and which matter here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ecf_sandbox.tools.explain.given.request import CannotRead

SHORT = {
    "X": "request",
    "H": "header",
    "d": "data",
    "G": "get",
    "I": "head",
    "A": "user-agent",
    "e": "referer",
    "u": "user",
    "F": "form",
    "T": "upload-file",
    "K": "config",
    "s": "silent",
    "S": "show-error",
    "g": "globoff",
    "v": "verbose",
    "i": "include",
    "L": "location",
    "k": "insecure",
    "f": "fail",
    "N": "no-buffer",
    "#": "progress-bar",
    "q": "disable",
    "o": "output",
    "D": "dump-header",
    "w": "write-out",
    "m": "max-time",
    "x": "proxy",
    "b": "cookie",
    "c": "cookie-jar",
}
DATA = frozenset({"data", "data-ascii", "data-raw", "data-binary", "data-urlencode", "json"})
NAMED = {"user-agent": "User-Agent", "referer": "Referer"}
UNUSABLE = {
    "user": "the API knows tokens only; send -H 'Authorization: Bearer TOKEN'",
    "form": "the API takes JSON; send it with -d",
    "upload-file": "send the body with -d @FILE",
    "config": "write its options out",
}
# Those that change nothing about the request that the sandbox would look at.
_IGNORED = {
    *("silent", "show-error", "globoff", "verbose", "include", "location", "insecure", "fail", "fail-with-body"),
    *("no-buffer", "progress-bar", "disable", "compressed", "no-progress-meter", "http1.1", "http2", "path-as-is"),
}
_IGNORED_WITH_VALUE = {
    *("output", "dump-header", "write-out", "max-time", "connect-timeout", "proxy", "cookie", "cookie-jar"),
    *("retry", "retry-delay", "cacert"),
}
_VALUED = {"request", "header", "url", "oauth2-bearer", *DATA, *NAMED, *UNUSABLE, *_IGNORED_WITH_VALUE}
_FLAGS = {"get", "head", *_IGNORED}


def options(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each option by its long name with its value; an address is the value of `url`. Raises CannotRead."""
    left = list(words)
    while left:
        word = left.pop(0)
        if word.startswith("--"):
            name, equals, attached = word[2:].partition("=")
            if name not in _VALUED and (equals or name not in _FLAGS):
                raise _unknown(word)
            # curl itself wants a space there, but notes have it, and it can mean nothing else.
            if equals:
                yield name, attached
            else:
                yield name, _value(word, "", left) if name in _VALUED else ""
        elif word.startswith("-") and word != "-":
            yield from _letters(word, left)
        else:
            yield "url", word


def _letters(word: str, left: list[str]) -> Iterator[tuple[str, str]]:
    """The options of a word such as `-sXPOST`."""
    for at, letter in enumerate(word[1:], 2):
        name = SHORT.get(letter)
        if name is None:
            raise _unknown(f"-{letter}")
        if name in _VALUED:
            yield name, _value(f"-{letter}", word[at:], left)
            return
        yield name, ""


def _value(option: str, attached: str, left: list[str]) -> str:
    if attached:
        return attached
    if not left:
        raise CannotRead(f"{option} stands at the end and needs a value")
    return left.pop(0)


def _unknown(option: str) -> CannotRead:
    return CannotRead(
        f"the option {option} of curl is not known here: leave it out; known are -X, -H, -d, --data-raw, "
        "--data-binary, --data-urlencode, --json, --url, -G, -I, and those that say how the answer is shown"
    )
