"""A request as PowerShell sends it: Invoke-WebRequest, Invoke-RestMethod, or curl with the quotes of that shell."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from ecf_sandbox.tools.explain.captured import CannotRead, Given, path_of
from ecf_sandbox.transport import is_header

ReadFile = Callable[[str], bytes]

_SENDING = frozenset({"invoke-webrequest", "invoke-restmethod", "iwr", "irm"})
_ALIASES = frozenset({"curl", "wget"})  # of Invoke-WebRequest, in Windows PowerShell
_BEGINS = re.compile(
    r"\(?(?:\$[A-Za-z_][\w:.]*\s*(?:=|\.Add\()|\[\w[\w.]*\]\s*\$|(?:Invoke-(?:WebRequest|RestMethod)|iwr|irm)\b"
    r"|(?:curl|wget)\s(?=[^|;]*\s-(?:Uri|Headers|Method|Body|ContentType|UseBasicParsing)\b))",
    re.IGNORECASE,
)
_CURL = re.compile(r"&?\s*[\"']?(?:\S*[/\\])?curl(?:\.exe)?[\"']?\s", re.IGNORECASE)
# A quote is escaped behind one backslash, and not behind two, which are a backslash of JSON.
_OF_THIS_SHELL = re.compile(r"`[ \t]*\r?\n|`\"|(?<!\\)(?:\\\\)*\\\"[^\"]*'")
_TOKEN = re.compile(
    r"""
    (?P<blank>(?:[ \t]|`[ \t]*\r?\n|\#[^\n]*|<\#.*?\#>)+)
    | (?P<end>\r?\n|;)
    | @'[ \t]*\r?\n(?P<plain_block>.*?)\r?\n'@ | @"[ \t]*\r?\n(?P<block>.*?)\r?\n"@
    | '(?P<plain>(?:[^']|'')*)' | "(?P<text>(?:`.|""|[^"`])*)"
    | (?P<open>@\{|@\(|\$\(|[({[]) | (?P<close>[)}\]]) | (?P<pipe>\|) | (?P<comma>,)
    | (?P<variable>\$\{?[A-Za-z_][\w:]*\}?) | (?P<splat>@[A-Za-z_]\w*)
    | (?P<equals>=)
    | (?P<word>(?:`.|[^\s`;'"(){}|,=\[\]])(?:`.|[^\s`;'"(){}|,=])*)
    """,
    re.DOTALL | re.VERBOSE,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "b": "\b", "a": "\a", "f": "\f", "v": "\v"}
_IN_TEXT = re.compile(r"`(?P<escape>.)|(?P<quote>\"\")|\$\{?(?P<name>[A-Za-z_][\w:]*)\}?", re.DOTALL)
_PARAMETERS = tuple(
    "uri method headers body contenttype useragent infile websession token authentication customMethod outfile "
    "timeoutsec maximumredirection proxy credential sessionvariable certificatethumbprint".lower().split()
)
_ALONE = frozenset(
    """
    usebasicparsing skipcertificatecheck skiphttperrorcheck skipheadervalidation allowunencryptedauthentication verbose
    usedefaultcredentials passthru disablekeepalive noproxy resume
""".split()
)


_JOINED = frozenset({"word", "equals", "variable", "plain", "text"})


class Unknown(NamedTuple):
    """A value that is computed elsewhere; `name` is what it is called."""

    name: str


class Token(NamedTuple):
    """A piece of a script: its kind, what it says, and whether a blank stands before it."""

    kind: str
    text: str
    apart: bool


def is_powershell(text: str) -> bool:
    """Whether a text is a command that only PowerShell takes: one of its own, or with its way of quoting."""
    return _BEGINS.match(text) is not None or (
        _CURL.match(text) is not None and _OF_THIS_SHELL.search(text) is not None
    )


def read_powershell(text: str, read_file: ReadFile, read_words: Callable[[list[str]], Given]) -> Given:
    """The request of a script; `read_words` takes the words of a curl command. Raises CannotRead."""
    try:
        return _Script(text).request(read_file, read_words)
    except RecursionError:
        raise CannotRead("the script is nested too deeply") from None


class _Script:
    """Reads statements until one sends a request. What it cannot compute is unknown, which matters where it is sent."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self._known: dict[str, Any] = {"true": True, "false": False, "null": None}

    def request(self, read_file: ReadFile, read_words: Callable[[list[str]], Given]) -> Given:
        while self._at < len(self._tokens):
            token = self._next()
            name = token.text.lower().removesuffix(".exe").rpartition("\\")[2].rpartition("/")[2]
            if token.kind in ("word", "plain", "text") and (name in _SENDING or name in _ALIASES):
                if name in _SENDING or self._has_parameters():
                    return _sent(self._arguments(), read_file)
                return read_words([_argument(it) for it in self._values()])
            if token.kind == "variable":
                self._assign(_bare(token.text))
        raise CannotRead("the script sends no request: expected Invoke-WebRequest, Invoke-RestMethod or curl")

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _assign(self, name: str) -> None:
        """Take in `$name = …`, `$name["key"] = …` and `$name.Add("key", …)`; anything else is passed over."""
        token = self._peek()
        if token is None:
            return
        if token.kind == "equals":
            self._at += 1
            if not self._sends():
                made = (token := self._peek()) is not None and token.text.lower() == "new-object"
                value = self._expression()
                self._known[name] = {} if made else value
        elif isinstance(table := self._known.get(name), dict):
            if token.text == "[":
                self._at += 1
                key = self._value()
                self._skip("close")
                if (after := self._peek()) and after.kind == "equals":
                    self._at += 1
                    table[str(key)] = self._expression()
            elif token.text.lower() == ".add" and token.kind == "word":
                self._at += 2  # the name and the parenthesis
                added = self._value()
                if isinstance(added, list) and len(added) == 2:
                    table[str(added[0])] = added[1]

    def _sends(self) -> bool:
        """Whether what comes next is the command that is looked for: `$answer = Invoke-RestMethod …`."""
        token = self._peek()
        return token is not None and token.kind == "word" and token.text.lower() in _SENDING

    def _skip(self, kind: str) -> None:
        if (token := self._peek()) and token.kind == kind:
            self._at += 1

    def _has_parameters(self) -> bool:
        rest = (it.text.lower().lstrip("-") for it in self._tokens[self._at :] if it.text.startswith("-"))
        return any(it in ("uri", "headers", "body", "contenttype", "usebasicparsing", "method") for it in rest)

    def _expression(self) -> Any:
        """A value, and what it is piped into."""
        value = self._value()
        while (token := self._peek()) and token.kind == "pipe":
            self._at += 1
            word = self._peek()
            if word is None or word.text.lower() != "convertto-json":
                break
            while (token := self._peek()) and token.kind not in ("end", "close", "pipe"):
                self._at += 1
            value = value if isinstance(value, Unknown) else json.dumps(value, default=str)
        return value

    def _value(self) -> Any:
        token = self._peek()
        while token is not None and token.text == "[":  # a type: [string], [ordered]
            while (token := self._peek()) and token.kind != "close":
                self._at += 1
            self._skip("close")
            token = self._peek()
        if token is None or token.kind in ("end", "close", "pipe", "comma"):
            return Unknown("nothing")
        self._at += 1
        if token.text == "@{":
            return self._table()
        if token.kind == "open":
            return self._parenthesis(token.text)
        value = self._scalar(token)
        while token.kind == "word" and (after := self._peek()) and not after.apart and after.kind in _JOINED:
            self._at += 1  # an address without quotes, whose query has signs of its own
            value = _joined([value, self._scalar(after)])
        items = [value]
        while (after := self._peek()) and after.kind == "comma":
            self._at += 1
            items.append(self._value())
        return value if len(items) == 1 else items

    def _scalar(self, token: Token) -> Any:
        if token.kind in ("plain", "plain_block"):
            return token.text.replace("''", "'") if token.kind == "plain" else token.text
        if token.kind in ("text", "block"):
            return self._interpolated(token.text)
        if token.kind == "variable":
            name = _bare(token.text)
            return self._known.get(name, Unknown(f"${name}"))
        if re.fullmatch(r"-?[0-9]+", token.text):
            return int(token.text)
        if token.text.lower() == "convertto-securestring":
            self._skip_named("string")
            return self._value()
        return re.sub(r"`(.)", r"\1", token.text)

    def _skip_named(self, name: str) -> None:
        while (token := self._peek()) and token.text.startswith("-"):
            self._at += 1
            if token.text.lower() == f"-{name}":
                return

    def _interpolated(self, text: str) -> Any:
        lacking: list[str] = []

        def replaced(it: re.Match[str]) -> str:
            if it["escape"]:
                return _ESCAPES.get(it["escape"], it["escape"])
            if it["quote"]:
                return '"'
            value = self._known.get(it["name"].lower(), Unknown(f"${it['name']}"))
            if isinstance(value, Unknown):
                lacking.append(value.name)
            return str(value)

        whole = _IN_TEXT.sub(replaced, text)
        return Unknown(", ".join(lacking)) if lacking else whole

    def _table(self) -> dict[str, Any]:
        table: dict[str, Any] = {}
        while (token := self._peek()) and token.kind != "close":
            self._at += 1
            if token.kind == "end":
                continue
            key = str(self._scalar(token))
            if (after := self._peek()) and after.kind == "equals":
                self._at += 1
                table[key] = self._expression()
        self._skip("close")
        return table

    def _parenthesis(self, opened: str) -> Any:
        values = []
        while (token := self._peek()) and token.kind != "close":
            if token.kind in ("end", "comma"):
                self._at += 1
                continue
            before = self._at
            values.append(self._expression())
            while (token := self._peek()) and token.kind not in ("end", "comma", "close"):
                self._at += 1  # what else stands there, such as a parameter
            if self._at == before:
                self._at += 1
        self._skip("close")
        if opened == "@(":
            return values[0] if len(values) == 1 and isinstance(values[0], list) else values
        return values[0] if values else Unknown("nothing")

    def _arguments(self) -> dict[str, Any]:
        """The parameters of the command, by their whole names in small letters."""
        given: dict[str, Any] = {}
        while (token := self._peek()) and token.kind not in ("end", "pipe", "close"):
            if token.kind == "splat":
                self._at += 1
                table = self._known.get(token.text[1:].lower())
                given |= {str(name).lower(): it for name, it in table.items()} if isinstance(table, dict) else {}
            elif token.kind == "word" and re.match(r"-[A-Za-z]", token.text):
                self._at += 1
                name, colon, value = token.text[1:].partition(":")
                name = _parameter(name.lower())
                if name in _ALONE:
                    continue
                given[name] = value if colon and value else self._value()
            else:
                before = self._at
                value = self._value()
                given.setdefault("uri", value)
                self._at = max(self._at, before + 1)
        return given

    def _values(self) -> Iterator[Any]:
        """The words of a command that is a program: what stands together is one."""
        word: list[Any] = []
        while (token := self._peek()) and token.kind not in ("end", "pipe"):
            if word and token.apart:
                yield _joined(word)
                word = []
            if token.kind == "open" and token.text in ("(", "$(", "@{", "@("):
                word.append(self._value())
            else:
                self._at += 1
                word.append(self._scalar(token))
        if word:
            yield _joined(word)


def _tokens(text: str) -> Iterator[Token]:
    at, apart = 0, True
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise CannotRead(f"the script cannot be taken apart at {text[at : at + 20]!r}; look at its quotes")
        at = found.end()
        kind = found.lastgroup or ""
        if kind != "blank":
            yield Token(kind, found[kind], apart)
        apart = kind in ("blank", "end")


def _bare(variable: str) -> str:
    return variable.strip("${}").lower()


def _parameter(name: str) -> str:
    """The whole name of a parameter, which may be cut short."""
    if name in _PARAMETERS or name in _ALONE:
        return name
    fitting = [it for it in (*_PARAMETERS, *_ALONE) if it.startswith(name)]
    return fitting[0] if len(fitting) == 1 else name


def _joined(parts: list[Any]) -> Any:
    lacking = next((it for it in parts if isinstance(it, Unknown)), None)
    return lacking if lacking is not None else "".join(map(str, parts))


def _argument(value: Any) -> str:
    r"""A word as a program gets it: a quote within it is kept only behind a backslash."""
    return _text(value, "the command").replace('\\"', '"')


def _text(value: Any, what: str) -> str:
    if isinstance(value, Unknown):
        raise CannotRead(f"{what} has {value.name}, which the script does not say: write its value out")
    return "true" if value is True else "false" if value is False else "" if value is None else str(value)


def _sent(given: Mapping[str, Any], read_file: ReadFile) -> Given:
    """The request of Invoke-WebRequest and Invoke-RestMethod with these parameters."""
    if "uri" not in given:
        raise CannotRead("the command has no address: give -Uri, such as http://127.0.0.1:8000/api/v3/statements")
    path = path_of(_text(given["uri"], "-Uri"))
    method = _text(given.get("method", given.get("custommethod", "GET")), "-Method").upper() or "GET"
    headers: dict[str, str] = {}
    told = given.get("headers") or {}
    if not isinstance(told, Mapping):
        raise CannotRead("-Headers is none that the script says: write it out as @{ 'Authorization' = 'Bearer …' }")
    for name, value in told.items():
        headers[str(name)] = _text(value, f"the header {name}")
        if not is_header(str(name), headers[str(name)]):
            raise CannotRead(f"{name!r} is not the name of a header")
    if "useragent" in given:
        headers["User-Agent"] = _text(given["useragent"], "-UserAgent")
    if "token" in given:
        headers.setdefault("Authorization", f"Bearer {_text(given['token'], '-Token')}")
    body = _body(given, read_file)
    if method == "GET" and isinstance(given.get("body"), Mapping):
        mark = "&" if "?" in path else "?"
        return Given(method=method, path=f"{path}{mark}{body.decode()}" if body else path, headers=headers)
    named = {name.lower() for name in headers}
    if "contenttype" in given:
        headers = {name: it for name, it in headers.items() if name.lower() != "content-type"}
        headers["Content-Type"] = _text(given["contenttype"], "-ContentType")
    elif body and method == "POST" and "content-type" not in named:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    return Given(method=method, path=path, headers=headers, body=body)


def _body(given: Mapping[str, Any], read_file: ReadFile) -> bytes:
    if "infile" in given:
        return read_file(_text(given["infile"], "-InFile"))
    body = given.get("body")
    if isinstance(body, Mapping):
        return urlencode({name: _text(it, f"-Body {name}") for name, it in body.items()}).encode()
    return _text(body, "-Body").encode(errors="surrogateescape")
