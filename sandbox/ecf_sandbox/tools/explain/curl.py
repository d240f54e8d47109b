"""A curl command, as it stands in a terminal or in somebody's notes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from getopt import GetoptError, getopt
from urllib.parse import quote_plus

from ecf_sandbox.tools.explain.captured import CannotRead, Given, header, one_header, path_of
from ecf_sandbox.tools.explain.cmd import is_cmd, without_prompt, words_of_cmd
from ecf_sandbox.tools.explain.powershell import is_powershell, read_powershell


def _letters(words: str) -> dict[str, str]:
    """Each long name with its letter, if it has one, of words such as `request:X`."""
    return {name: letter for name, _, letter in (it.partition(":") for it in words.split())}


DATA = frozenset("data data-ascii data-raw data-binary data-urlencode json".split())
NAMED = {"user-agent": "User-Agent", "referer": "Referer"}
UNUSABLE = {
    "user": "the API knows tokens only; send -H 'Authorization: Bearer TOKEN'",
    "form": "the API takes JSON; send it with -d",
    "upload-file": "send the body with -d @FILE",
    "config": "write its options out",
}
# What stands from the second line on changes nothing about the request that the sandbox would look at.
_VALUED = _letters("""
    request:X header:H url oauth2-bearer data:d user-agent:A referer:e user:u form:F upload-file:T config:K
    output:o dump-header:D write-out:w max-time:m connect-timeout proxy:x cookie:b cookie-jar:c retry retry-delay cacert
""") | dict.fromkeys(DATA - {"data"}, "")
_FLAGS = _letters("""
    get:G head:I
    silent:s show-error:S globoff:g verbose:v include:i location:L insecure:k fail:f fail-with-body no-buffer:N
    progress-bar:# disable:q compressed no-progress-meter http1.1 http2 path-as-is
""")
_NAMES = {letter: name for name, letter in (_VALUED | _FLAGS).items()}
_SHORT = "".join(f"{letter}:" for letter in _VALUED.values() if letter) + "".join(_FLAGS.values())
# Each twice: getopt takes the start of a name where it fits one only, and curl takes none that is cut short.
_LONG = 2 * [*(f"{name}=" for name in _VALUED), *_FLAGS]


def options(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each option by its long name with its value; an address is the value of `url`. Raises CannotRead."""
    left = list(words)
    while left:
        try:
            # It takes `-d -1` and `-d=1` as curl does, and argparse would not. It also takes `--name=value`: curl
            # itself wants a space there, but notes have it, and it can mean nothing else.
            found, left = getopt(left, _SHORT, _LONG)
        except GetoptError as wrong:
            raise _not_an_option(wrong.opt) from None
        for option, value in found:
            name = option.lstrip("-")
            yield _NAMES.get(name, name), value
        if left:
            yield "url", left.pop(0)


def _not_an_option(name: str) -> CannotRead:
    option = f"-{name}" if len(name) == 1 else f"--{name}"
    if _NAMES.get(name, name) in _VALUED:
        return CannotRead(f"{option} stands at the end and needs a value")
    if name in _FLAGS:
        return CannotRead(f"{option} takes no value")
    return CannotRead(
        f"the option {option} of curl is not known here: leave it out; known are -X, -H, -d, --data-raw, "
        "--data-binary, --data-urlencode, --json, --url, -G, -I, and those that say how the answer is shown"
    )


ReadFile = Callable[[str], bytes]

# What is quoted; a line that goes on with the next; and what ends a command in a shell: a pipe, another command, a
# redirection, a comment.
_SHELL = re.compile(
    r"""'[^']*' | "(?: \\. | [^"\\] )*" | (?P<goes_on> \\\r?\n ) | \\. |
    (?<!\S) (?P<end> ([|][|]? | && | [&;])(?!\S) | [0-9]?[<>] | [#])""",
    re.DOTALL | re.VERBOSE,
)


def read_curl(text: str, read_file: ReadFile) -> Given:
    """The request of a curl command; `read_file` answers the file that `@NAME` means. Raises CannotRead."""
    text = without_prompt(text)
    if is_powershell(text):
        return read_powershell(text, read_file, lambda words: _read_words(words, read_file))
    return _read_words(_words(text), read_file)


def _read_words(words: Sequence[str], read_file: ReadFile) -> Given:
    method: str | None = None
    url: str | None = None
    headers: dict[str, str] = {}
    bodies: list[tuple[str, bytes]] = []
    flags: set[str] = set()
    for option, value in options(words):
        if option in UNUSABLE:
            raise CannotRead(f"--{option} cannot be used here: {UNUSABLE[option]}")
        if option == "request":
            method = value
        elif option == "url":
            if url is not None:
                raise CannotRead(f"the command asks for several addresses, {url!r} and {value!r}: give one")
            url = value
        elif option == "header":
            _header(value, headers)
        elif option in NAMED:
            headers[NAMED[option]] = value
        elif option == "oauth2-bearer":
            headers["Authorization"] = f"Bearer {value}"
        elif option in DATA:
            bodies.append((option, _data(option, value, read_file)))
        else:
            flags.add(option)
    if url is None:
        raise CannotRead("the curl command has no address, such as http://127.0.0.1:8000/api/v3/statements")
    return _given(method, path_of(url), headers, bodies, flags)


def _given(
    method: str | None, path: str, headers: dict[str, str], bodies: Sequence[tuple[str, bytes]], flags: set[str]
) -> Given:
    body = b""
    for option, it in bodies:
        body += it if not body or option == "json" else b"&" + it
    if "get" in flags:
        if body:
            path += ("&" if "?" in path else "?") + body.decode(errors="replace")
        return Given(method=method or "GET", path=path, headers=headers)
    if any(option == "json" for option, _ in bodies):
        usual = {"Content-Type": "application/json", "Accept": "application/json"}
        headers = {name: it for name, it in usual.items() if header(headers, name) is None} | headers
    elif bodies and header(headers, "Content-Type") is None:
        headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
    implied = "HEAD" if "head" in flags else "POST" if bodies else "GET"
    return Given(method=method or implied, path=path, headers=headers, body=body)


def _words(text: str) -> list[str]:
    if is_cmd(text):
        return words_of_cmd(text)[1:]
    ends = (it.start() for it in _SHELL.finditer(text) if it["end"])
    command = _SHELL.sub(lambda it: " " if it["goes_on"] else it[0], text[: next(ends, len(text))])
    try:
        words = shlex.split(command)
    except ValueError as wrong:
        raise CannotRead(f"the command cannot be taken apart: {wrong}; look at its quotes") from None
    words = words[1:] if words[:1] == ["$"] else words
    if not words or words[0].rpartition("/")[2] not in ("curl", "curl.exe"):
        raise CannotRead("a curl command begins with curl")
    return words[1:]


def _header(line: str, headers: dict[str, str]) -> None:
    if line.startswith("@"):
        raise CannotRead(f"-H {line}: write the headers out, one -H for each")
    if line.rstrip().endswith((":", ";")) and ": " not in line:
        return  # curl leaves such a header out, or sends it empty
    one_header(line, headers)


def _data(option: str, value: str, read_file: ReadFile) -> bytes:
    if option == "data-urlencode":
        return _urlencoded(value, read_file)
    if not value.startswith("@") or option == "data-raw":
        return value.encode(errors="surrogateescape")
    content = read_file(value[1:])
    # As curl does: -d takes a file without its line breaks.
    return content.replace(b"\r", b"").replace(b"\n", b"") if option in ("data", "data-ascii") else content


def _urlencoded(value: str, read_file: ReadFile) -> bytes:
    equals, at = value.find("="), value.find("@")
    if equals >= 0 and (at < 0 or equals < at):
        name, content = value[:equals], value[equals + 1 :].encode()
    elif at >= 0:
        name, content = value[:at], read_file(value[at + 1 :])
    else:
        name, content = "", value.encode()
    return ((f"{name}=" if name else "") + quote_plus(content)).encode()
